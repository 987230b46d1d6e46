import { cueOf, repliesOf } from "./bank-texts.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, SITUATIONS_FILE, situationFault } from "./fault.ts";
import { contentWords, knowsContentWords } from "./words.ts";

/** Content words, inflections folded, that a reply shares with the cue of its label (I7). */
export function checkOverlap({ situations, language }: CheckedBank): Fault[] {
  if (!knowsContentWords(language)) return [notDone(language)];
  return situations.flatMap(({ line, value }) =>
    repliesOf(value).flatMap(({ label, field, text }) => {
      const cue = cueOf(value, label);
      if (cue === undefined) return [];
      const inCue = contentWords(cue, language);
      const shared = [...contentWords(text, language)].filter(([folded]) => inCue.has(folded)).map(([, word]) => word);
      if (shared.length === 0) return [];
      const message = `expected no content word of the cue of ${label}, received ${shared.map((word) => JSON.stringify(word)).join(", ")}`;
      return [situationFault(line, field, "bank-cue-overlap", message, "use another word in the reply or in the cue")];
    }),
  );
}

function notDone(language: string): Fault {
  return {
    severity: "warning",
    code: "bank-overlap-not-checked",
    file: SITUATIONS_FILE,
    line: 1,
    field: "",
    message: `expected a language whose function words are known here (en), received ${JSON.stringify(language)}: words shared by cue and reply, and by cue and decoy, were not checked`,
    fix: "check by hand that no reply repeats words of its cue",
  };
}
