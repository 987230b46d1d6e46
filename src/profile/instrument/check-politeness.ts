import { LABELS, type Label } from "../../model/label.ts";
import { repliesOf } from "./bank-texts.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, SITUATIONS_FILE, situationFault } from "./fault.ts";
import { knowsPoliteness, politeness } from "./politeness-lexicon.ts";

/** How far apart the labels' means may be, in standard deviations over all replies (I6). */
export const POLITENESS_TOLERANCE = 0.25;

export interface PolitenessSummary {
  /** Mean score of each label's replies: positive minus negative markers a reply. */
  readonly means: Readonly<Record<Label, number>>;
  /** Population standard deviation over all replies; 0 where every reply has the same score. */
  readonly standardDeviation: number;
  /** Largest difference of two means in standard deviations; 0 where there is no spread. */
  readonly apart: number;
}

/** Scores of the replies by label. */
export function summarisePoliteness({ situations, language }: CheckedBank): PolitenessSummary {
  const scores = situations.flatMap(({ value }) =>
    repliesOf(value).map(({ label, text }) => ({ label, score: politeness(text, language) })),
  );
  const mean = meanOf(scores.map(({ score }) => score));
  const standardDeviation = Math.sqrt(meanOf(scores.map(({ score }) => (score - mean) ** 2)));
  const means = Object.fromEntries(
    LABELS.map((label) => [label, meanOf(scores.filter((one) => one.label === label).map(({ score }) => score))]),
  ) as Record<Label, number>;
  const range = Math.max(...Object.values(means)) - Math.min(...Object.values(means));
  return { means, standardDeviation, apart: standardDeviation === 0 ? 0 : range / standardDeviation };
}

/** Labels whose replies differ in politeness (I6). */
export function checkPoliteness(bank: CheckedBank): Fault[] {
  if (!knowsPoliteness(bank.language)) return [notDone(bank.language)];
  const { means, apart } = summarisePoliteness(bank);
  if (apart <= POLITENESS_TOLERANCE) return [];
  const listed = LABELS.map((label) => `${label} ${means[label].toFixed(2)}`).join(", ");
  const message = `expected label means of politeness within ${POLITENESS_TOLERANCE} standard deviations, received ${apart.toFixed(2)} (${listed})`;
  const { line, field } = farthest(bank, means);
  const fix = "take out or spread the polite and rude words, here first";
  return [situationFault(line, field, "bank-politeness", message, fix)];
}

/** The reply that does most for the label whose mean lies farthest from the others. */
function farthest({ situations, language }: CheckedBank, means: PolitenessSummary["means"]) {
  const centre = meanOf(Object.values(means));
  const odd = LABELS.reduce((one, label) =>
    Math.abs(means[label] - centre) > Math.abs(means[one] - centre) ? label : one,
  );
  const sign = Math.sign(means[odd] - centre);
  const replies = situations.flatMap(({ line, value }) =>
    repliesOf(value)
      .filter(({ label }) => label === odd)
      .map(({ field, text }) => ({ line, field, pull: sign * politeness(text, language) })),
  );
  return replies.reduce((most, one) => (one.pull > most.pull ? one : most));
}

function meanOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function notDone(language: string): Fault {
  return {
    severity: "warning",
    code: "bank-politeness-not-checked",
    file: SITUATIONS_FILE,
    line: 1,
    field: "",
    message: `expected a language with a politeness lexicon here (en), received ${JSON.stringify(language)}: politeness was not checked`,
    fix: "check by hand that the labels' replies are equally polite",
  };
}
