import { repliesOf, sentencesOf } from "./bank-texts.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, situationFault } from "./fault.ts";

/** Settings, sentences and replies that stand twice anywhere in the bank; questions and names of roles may. */
export function checkRepeats({ situations }: CheckedBank): Fault[] {
  const first = new Map<string, string>();
  return situations.flatMap(({ line, value }) =>
    [{ field: "setting", text: value.setting }, ...sentencesOf(value), ...repliesOf(value)].flatMap(
      ({ field, text }) => {
        const folded = text.toLowerCase().replaceAll(/\s+/g, " ").trim();
        const earlier = first.get(folded);
        first.set(folded, earlier ?? `line ${line}, ${field}`);
        if (earlier === undefined) return [];
        const message = `expected a text of its own, received the one of ${earlier}`;
        return [situationFault(line, field, "bank-text-repeated", message, "word one of the two differently")];
      },
    ),
  );
}
