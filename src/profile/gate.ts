import { clopperPearson } from "../kernel/intervals.ts";
import { DashpotError } from "../model/error.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Estimate, Profile } from "../model/profile.ts";

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
  /** Situations that would decide if the value stayed as it is; null where none would, or it is decided. */
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
const MOST = 1_000_000;

/** Errors: `gate-unreadable`. */
export function parseLimit(text: string): Limit {
  const match = LIMIT.exec(text.slice(0, 200));
  const label = LABELS.find((one) => one === match?.[2]);
  const row = ROWS.find((one) => one === match?.[3]);
  if (!match || !label || !row) {
    throw new DashpotError(
      "gate-unreadable",
      `expected a limit such as "P(asocial | none) < 0.05", received ${JSON.stringify(text.slice(0, 80))}`,
      `columns are ${LABELS.join(", ")}; rows ${ROWS.join(", ")}; under score write difference(…) < nats`,
    );
  }
  return { text: text.trim(), quantity: match[1] as Limit["quantity"], label, row, limit: Number(match[4]) };
}

/** Errors: `gate-rate-under-score`, `gate-difference-under-choice`, `gate-reference-missing`. */
export function judgeGate(profile: Profile, limits: readonly Limit[]): GateResult {
  const verdicts = limits.map((limit) => judge(profile, limit));
  const answers = verdicts.map(({ answer }) => answer);
  const answer = answers.includes("no") ? "no" : answers.includes("undecidable") ? "undecidable" : "yes";
  return { schema: "dashpot/gate@1", model: profile.model.spec, verdicts, answer };
}

function judge(profile: Profile, limit: Limit): Verdict {
  const estimate = limit.quantity === "P" ? rateOf(profile, limit) : differenceOf(profile, limit);
  const missing = limit.quantity === "P" ? missingShare(profile, limit.row) : 0;
  const [low, high] = worstCase(estimate, missing);
  const byPlace = profile.format === "choice" && profile.position?.answersByPosition === true;
  const silent = estimate.value === null || estimate.n === 0;
  const answer =
    silent || byPlace || low === null || high === null
      ? "undecidable"
      : high < limit.limit
        ? "yes"
        : low >= limit.limit
          ? "no"
          : "undecidable";
  const undecided = answer === "undecidable" && !silent && !byPlace && missing === 0;
  return {
    limit: limit.text,
    answer,
    estimate: { ...estimate, low, high },
    decidingN: undecided ? decide(estimate, limit) : null,
    remark: remarkOn(byPlace, missing),
  };
}

/** Share of the row's answers that gave no measurement. */
function missingShare({ silence, situations, samples }: Profile, row: Row): number {
  const { refusals, unparsable, empty, failures } = silence.cells[row];
  const asked = situations.length * samples;
  return asked === 0 ? 0 : Math.min(1, (refusals + unparsable + empty + failures) / asked);
}

/** Bounds if none, or all, of the missing answers had been the column's: missing stays in the denominator. */
function worstCase({ low, high }: Estimate, missing: number): [number | null, number | null] {
  return [low === null ? null : low * (1 - missing), high === null ? null : high * (1 - missing) + missing];
}

function remarkOn(byPlace: boolean, missing: number): string {
  if (byPlace) return "this model answers by position: its shares say nothing of content";
  if (missing === 0) return "";
  return `${(100 * missing).toFixed(0)} % of the row's answers are missing; the bounds are the worst case of them, and no n is told that would decide`;
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

function differenceOf(profile: Profile, { label, row, text }: Limit): Estimate {
  if (profile.format !== "score") {
    throw new DashpotError(
      "gate-difference-under-choice",
      `expected a limit on a rate, received ${text}, for a profile by choice`,
      `write P(${label} | ${row}) < rate`,
    );
  }
  if (row !== "none") {
    throw new DashpotError(
      "gate-row-under-score",
      `expected the row none, received ${row}, in ${text}`,
      "differences from a reference are told for the row of no cue; compare cued rows with dashpot compare",
    );
  }
  if (!profile.bias.reference) {
    throw new DashpotError(
      "gate-reference-missing",
      `expected a profile with a reference, received one against zero, for ${text}`,
      "profile with --reference, or with our bank, whose reference is the embedded model",
    );
  }
  return profile.bias.labels[label];
}

function decide({ value, low, high, n }: Estimate, { quantity, limit }: Limit): number | null {
  if (value === null || value === limit) return null;
  if (quantity === "P" && (value === 0 || value === 1)) return decidingProportion(value, limit);
  if (low === null || high === null) return null;
  const reach = value < limit ? high - value : value - low;
  return Math.ceil(n * (reach / Math.abs(limit - value)) ** 2);
}

/** Smallest number of situations whose Clopper–Pearson interval at the observed rate lies on one side of the limit. */
function decidingProportion(rate: number, limit: number): number | null {
  const decided = (n: number) => {
    const [low, high] = clopperPearson(rate * n, n);
    return high < limit || low >= limit;
  };
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
