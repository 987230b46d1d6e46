import { median } from "../../kernel/summary.ts";
import type { Bank } from "../../model/bank.ts";
import { LABELS, type Label } from "../../model/label.ts";
import { repliesOf } from "./bank-texts.ts";
import { type Fault, situationFault } from "./fault.ts";
import { wordsOf } from "./words.ts";

/** How many robust standard deviations a wording may lie from its label's median (I10). */
export const SPREAD_TOLERANCE = 3.5;

/** Log-probabilities in nats of a situation's replies after its neutral sentence, by label and wording. */
export interface ScoredReplies {
  readonly situation: string;
  readonly logProbabilities: Readonly<Record<Label, readonly (number | null)[]>>;
}

interface Wording {
  readonly line: number;
  readonly label: Label;
  readonly field: string;
  /** Nats a word, so that length within its tolerance does not count. */
  readonly nats: number;
}

/**
 * Wordings far from their label's spread over the bank, as warnings: farther from the label's median than 3.5 times
 * 1.4826 × MAD, in nats a word. A label whose MAD is 0 has no spread to be far from and is left out; so are missing
 * values and situations that are not in the bank.
 */
export function warnOfSpread(bank: Bank, scored: readonly ScoredReplies[]): Fault[] {
  const wordings = wordingsOf(bank, scored);
  return LABELS.flatMap((label) => {
    const own = wordings.filter((wording) => wording.label === label);
    const centre = median(own.map(({ nats }) => nats));
    const deviation = 1.4826 * median(own.map(({ nats }) => Math.abs(nats - centre)));
    if (!(deviation > 0)) return [];
    const far = own.filter(({ nats }) => Math.abs(nats - centre) > SPREAD_TOLERANCE * deviation);
    return far.map((wording) => warning(wording, centre, deviation));
  });
}

function wordingsOf({ header, situations }: Bank, scored: readonly ScoredReplies[]): Wording[] {
  const byId = new Map(scored.map((one) => [one.situation, one.logProbabilities]));
  return situations.flatMap((situation, index) =>
    repliesOf(situation).flatMap(({ label, wording, field, text }) => {
      const total = byId.get(situation.id)?.[label][wording];
      if (total === undefined || total === null || !Number.isFinite(total)) return [];
      return [{ line: index + 1, label, field, nats: total / Math.max(1, wordsOf(text, header.language).length) }];
    }),
  );
}

function warning({ line, label, field, nats }: Wording, centre: number, deviation: number): Fault {
  const distance = (Math.abs(nats - centre) / deviation).toFixed(1);
  const message = `expected at most ${SPREAD_TOLERANCE} robust standard deviations from the median of ${label}, ${centre.toFixed(2)} nats a word, received ${nats.toFixed(2)}, which is ${distance}`;
  const fix = "look whether the wording is odd or names something rare";
  return { ...situationFault(line, field, "bank-wording-far", message, fix), severity: "warning" };
}
