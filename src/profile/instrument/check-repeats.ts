import { repliesOf, sentencesOf } from "./bank-texts.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { DYADS_FILE, type Fault, SITUATIONS_FILE } from "./fault.ts";

/**
 * Settings, sentences and replies that stand twice anywhere in the bank, and settings of dyads; questions, objects and
 * names of roles may.
 */
export function checkRepeats({ situations, dyads }: CheckedBank): Fault[] {
  const texts = [
    ...situations.flatMap(({ line, value }) =>
      [{ field: "setting", text: value.setting }, ...sentencesOf(value), ...repliesOf(value)].map(
        ({ field, text }) => ({
          file: SITUATIONS_FILE,
          line,
          field,
          text,
        }),
      ),
    ),
    ...dyads.map(({ line, value }) => ({ file: DYADS_FILE, line, field: "setting", text: value.setting })),
  ];
  const first = new Map<string, (typeof texts)[number]>();
  return texts.flatMap((one) => {
    const folded = one.text.toLowerCase().replaceAll(/\s+/g, " ").trim();
    const earlier = first.get(folded);
    if (earlier === undefined) {
      first.set(folded, one);
      return [];
    }
    const { file, line, field } = one;
    const message = `expected a text of its own, received the one of ${earlier.file}:${earlier.line}, ${earlier.field}`;
    const fix = "word one of the two differently";
    return [{ severity: "fault", code: "bank-text-repeated", file, line, field, message, fix } as const];
  });
}
