import { MODES } from "../../model/label.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, situationFault } from "./fault.ts";
import { contentWords, knowsContentWords } from "./words.ts";

/** Content words a decoy must share with its cue (I8). */
export const DECOY_WORDS = 3;

/** Decoys that share too few words with their cue to tell topic from relation (I8). */
export function checkDecoys({ situations, language }: CheckedBank, severity: Fault["severity"]): Fault[] {
  if (!knowsContentWords(language)) return [];
  return situations.flatMap(({ line, value }) => {
    const { decoys, cues } = value;
    if (decoys === undefined) return [];
    return MODES.flatMap((mode) => {
      const inCue = contentWords(cues[mode], language);
      const shared = [...contentWords(decoys[mode], language).keys()].filter((folded) => inCue.has(folded));
      if (shared.length >= DECOY_WORDS) return [];
      const message = `expected at least ${DECOY_WORDS} content words of the cue of ${mode}, received ${shared.length}`;
      const fault = situationFault(
        line,
        `decoys.${mode}`,
        "bank-decoy-words",
        message,
        "use more of the cue's words in the decoy",
      );
      return [{ ...fault, severity }];
    });
  });
}
