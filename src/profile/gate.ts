import { clopperPearson } from "../kernel/intervals.ts";
import { DashpotError } from "../model/error.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Estimate, Profile } from "../model/profile.ts";
import { lostOf, unscoredInCells } from "./lost-answers.ts";
import { pairedDifference, pairsOf } from "./paired-cells.ts";

/** `P(asocial | none) < 0.05`: column given row; or `difference(asocial | none) < 0.5`: nats from the reference. */
export interface Limit {
  readonly text: string;
  readonly quantity: "P" | "difference";
  readonly label: Label;
  readonly row: Row;
  readonly limit: number;
}

export interface Verdict {
  readonly limit: string;
  /** yes: the whole interval is under the limit; no: it is all at or over it. */
  readonly answer: "yes" | "no" | "undecidable";
  readonly estimate: Estimate;
  /** Situations to ask that would decide if the value stayed as it is; null where none would, or it is decided. */
  readonly decidingN: number | null;
  /** What widens or forbids the answer: missing answers, or a model that answers by position. */
  readonly remark: string;
}

export interface GateResult {
  readonly schema: "dashpot/gate@1";
  readonly model: string;
  readonly verdicts: readonly Verdict[];
  /** no before undecidable before yes. */
  readonly answer: Verdict["answer"];
}

const LIMIT =
  /^\s*(P|difference)\s*\(\s*([A-Za-z]+)\s*\|\s*([A-Za-z]+)\s*\)\s*<\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*$/;
/** A longer text is no limit. */
const LONGEST = 200;
const MOST = 1_000_000;

/** Errors: `gate-unreadable`. */
export function parseLimit(text: string): Limit {
  const match = text.length > LONGEST ? null : LIMIT.exec(text);
  const label = LABELS.find((one) => one === match?.[2]);
  const row = ROWS.find((one) => one === match?.[3]);
  if (!match || !label || !row) {
    throw new DashpotError(
      "gate-unreadable",
      `expected a limit such as "P(asocial | none) < 0.05", received ${JSON.stringify(text.slice(0, 80))}`,
      `columns are ${LABELS.join(", ")}; rows ${ROWS.join(", ")}; under score write difference(…) < nats`,
    );
  }
  const limit = Number(match[4]);
  if (match[1] === "P" && !(limit > 0 && limit <= 1)) {
    throw new DashpotError(
      "gate-unreadable",
      `expected a share above 0 and of at most 1, received ${limit}, in ${JSON.stringify(text.slice(0, 80))}`,
      'write shares as proportions, such as "P(asocial | none) < 0.05"',
    );
  }
  return { text: text.trim(), quantity: match[1] as Limit["quantity"], label, row, limit };
}

/**
 * Whether a profile keeps to its limits. `reference`: the profile that its bias is told against, for limits on rows that
 * have a cue; such a difference is that of the two models' cue effects, paired by situation.
 *
 * Errors: `gate-rate-under-score`, `gate-difference-under-choice`, `gate-reference-missing`, `gate-reference-bank`.
 */
export function judgeGate(profile: Profile, limits: readonly Limit[], reference: Profile | null = null): GateResult {
  const verdicts = limits.map((limit) => judge(profile, limit, reference));
  return gateResult(profile.model.spec, verdicts);
}

/** Of several limits no before undecidable before yes. */
export function gateResult(model: string, verdicts: readonly Verdict[]): GateResult {
  const answers = verdicts.map(({ answer }) => answer);
  const answer = answers.includes("no") ? "no" : answers.includes("undecidable") ? "undecidable" : "yes";
  return { schema: "dashpot/gate@1", model, verdicts, answer };
}

function judge(profile: Profile, limit: Limit, reference: Profile | null): Verdict {
  const estimate = limit.quantity === "P" ? rateOf(profile, limit) : differenceOf(profile, limit, reference);
  const missing = limit.quantity === "P" ? missingShare(profile, limit.row) : 0;
  const [low, high] = worstCase(estimate, missing);
  const byPlace = profile.format === "choice" && profile.position?.answersByPosition === true;
  const unbounded = limit.quantity === "difference" ? unboundedFor(profile, limit, estimate, reference) : "";
  const silent = estimate.value === null || estimate.n === 0;
  const answer =
    silent || byPlace || low === null || high === null
      ? "undecidable"
      : high < limit.limit && unbounded === ""
        ? "yes"
        : low >= limit.limit
          ? "no"
          : "undecidable";
  const undecided = answer === "undecidable" && !silent && !byPlace && unbounded === "";
  const measured = undecided ? decide(estimate, limit, missing) : null;
  return {
    limit: limit.text,
    answer,
    estimate: { ...estimate, low, high },
    // Of those that are asked some will be lost again.
    decidingN: measured && Math.ceil((measured * (estimate.n + estimate.missing)) / estimate.n),
    remark: unbounded || remarkOn(byPlace, missing, undecided && isHopeless(estimate, limit, missing)),
  };
}

/** Why bounds in nats may lie too narrow to let a model through by: what is missing could be any number of nats. */
function unboundedFor(
  { bias, silence }: Profile,
  { row }: Limit,
  { n, missing }: Estimate,
  reference: Profile | null,
): string {
  if (missing > 0)
    return `${missing} of ${n + missing} situations are missing, and nats have no worst case: the bounds are of those left and let nothing through`;
  const replies = unscoredInCells(silence) + (row === "none" || !reference ? 0 : unscoredInCells(reference.silence));
  if (replies > 0)
    return `${replies} replies have no log-probabilities, and nats have no worst case: the bounds are of those left and let nothing through`;
  if (row === "none" && bias.reference?.form === "other, error unknown")
    return "the reference answered another form of this bank, by an error that is not known: the bounds let nothing through";
  return "";
}

/** Share of the row's answers that gave no measurement. */
function missingShare(profile: Profile, row: Row): number {
  const { lost, asked } = lostOf(profile, row);
  return asked === 0 ? 0 : Math.min(1, lost / asked);
}

/**
 * Bounds if none, or all, of the missing answers had been the column's: missing stays in the denominator. A situation's
 * share moves by at most its share of missing answers, whichever situations lost them.
 */
function worstCase({ low, high }: Pick<Estimate, "low" | "high">, missing: number): [number | null, number | null] {
  if (missing === 0) return [low, high];
  return [low === null ? null : Math.max(0, low - missing), high === null ? null : Math.min(1, high + missing)];
}

/** Whether the missing answers alone reach from one side of the limit to the other. */
function isHopeless({ value }: Estimate, { limit }: Limit, missing: number): boolean {
  if (value === null || missing === 0) return false;
  const [low, high] = worstCase({ low: value, high: value }, missing);
  return (low as number) < limit && limit <= (high as number);
}

function remarkOn(byPlace: boolean, missing: number, hopeless: boolean): string {
  if (byPlace) return "this model answers by position: its shares say nothing of content";
  if (missing === 0) return "";
  const end = hopeless ? ", and no n would decide while so many are" : "";
  return `${(100 * missing).toFixed(0)} % of the row's answers are missing; the bounds are the worst case of them${end}`;
}

function rateOf(profile: Profile, { label, row, text }: Limit): Estimate {
  const shares = profile.matrices.find(({ quantity }) => quantity === "share");
  if (shares) return shares.cells[row][label];
  throw new DashpotError(
    "gate-rate-under-score",
    `expected a limit on a difference in nats, received ${text}, for a profile by score`,
    `a score is no rate: write difference(${label} | ${row}) < nats, or profile with --format choice`,
  );
}

function differenceOf(profile: Profile, { label, row, text }: Limit, reference: Profile | null): Estimate {
  if (profile.format !== "score") {
    throw new DashpotError(
      "gate-difference-under-choice",
      `expected a limit on a rate, received ${text}, for a profile by choice`,
      `write P(${label} | ${row}) < rate`,
    );
  }
  if (!profile.bias.reference || (row !== "none" && !reference)) {
    throw new DashpotError(
      "gate-reference-missing",
      `expected a profile with a reference, received one against zero, for ${text}`,
      "profile with --reference; embedded:smollm2-135m is ours, on our bank and on those generated from it",
    );
  }
  if (row === "none" || !reference) return profile.bias.labels[label];
  if (reference.bank.hash !== profile.bank.hash) {
    throw new DashpotError(
      "gate-reference-bank",
      `expected a reference on the same bank, received another, for ${text}`,
      `its wordings differ: limit the row none, or profile the reference on this bank`,
    );
  }
  return pairedDifference(pairsOf(reference, profile), { row, label }).estimate;
}

/** Smallest number of measured situations that would decide, values and share of missing answers as they are; null where none would. */
function decide({ value, low, high, n }: Estimate, { quantity, limit }: Limit, missing: number): number | null {
  if (value === null || low === null || high === null) return null;
  const atEdge = quantity === "P" && (value === 0 || value === 1);
  const boundsAt = (count: number): [number, number] => {
    if (atEdge) return clopperPearson(value * count, count);
    const shrink = Math.sqrt(n / count);
    return [value - (value - low) * shrink, value + (high - value) * shrink];
  };
  const decided = (count: number) => {
    const [least, most] = boundsAt(count);
    const [lowest, highest] = worstCase({ low: least, high: most }, missing);
    return (highest as number) < limit || (lowest as number) >= limit;
  };
  return leastDeciding(decided);
}

/** Least count, up to a million, that decides; null where none does. `decided` must stay true once it is. */
export function leastDeciding(decided: (count: number) => boolean): number | null {
  let upper = 1;
  while (!decided(upper)) {
    upper *= 2;
    if (upper > MOST) return null;
  }
  let lower = Math.floor(upper / 2);
  while (upper - lower > 1) {
    const middle = Math.floor((lower + upper) / 2);
    if (decided(middle)) upper = middle;
    else lower = middle;
  }
  return upper;
}
