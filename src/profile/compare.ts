import { standardErrorOfMeasurement } from "../kernel/agreement.ts";
import { tInterval } from "../kernel/intervals.ts";
import type { RandomStream } from "../kernel/random.ts";
import { holm, signFlip, tost } from "../kernel/sign-flip.ts";
import { type Clustered, stratifiedMean } from "../kernel/stratified.ts";
import { DashpotError } from "../model/error.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Estimate, Profile } from "../model/profile.ts";

/** One cell of a comparison of two models. */
export interface ComparedCell {
  readonly row: Row;
  readonly label: Label;
  /** Second minus first, mean over paired situations. */
  readonly difference: Estimate;
  /** Sign-flips by situation; null without a pair. */
  readonly p: number | null;
  /** Holm over the thirty cells. */
  readonly adjustedP: number | null;
  /** Two one-sided tests at the margin the user named; null where none was named. */
  readonly equivalenceP: number | null;
}

export interface Comparison {
  readonly schema: "dashpot/comparison@1";
  readonly first: string;
  readonly second: string;
  readonly format: Profile["format"];
  readonly unit: "nats" | "proportion";
  readonly pairs: number;
  readonly margin: number | null;
  readonly cells: readonly ComparedCell[];
  readonly remark: string;
}

export interface CompareOptions {
  /** Margin of equivalence, in the unit of the cells. */
  readonly margin: number | null;
  /** Reliability of a situation's cell over parallel forms; needed when the two answered different banks of one parent. */
  readonly reliability: number | null;
}

/** Compares every profile with the first, paired by situation (E8). */
export function compareProfiles(
  profiles: readonly Profile[],
  options: CompareOptions,
  stream: RandomStream,
): Comparison[] {
  const [first, ...others] = profiles;
  if (!first || others.length === 0) {
    throw new DashpotError(
      "compare-too-few",
      `expected two profiles or more, received ${profiles.length}`,
      "name the directories of two runs",
    );
  }
  for (const other of others) refuseUnlike(first, other);
  const forms = others.some((other) => other.bank.hash !== first.bank.hash);
  if (forms && options.reliability === null) {
    throw new DashpotError(
      "compare-reliability-missing",
      "expected the parallel-form reliability for banks of one parent, received none",
      "give --reliability as docs/instrument.md has it, or profile both on one bank",
    );
  }
  return others.map((other) => compareTwo(first, other, options, stream));
}

function refuseUnlike(first: Profile, other: Profile): void {
  if (first.format !== other.format) {
    throw new DashpotError(
      "compare-formats",
      `expected one format, received ${first.format} and ${other.format}`,
      "profile both with the same --format; cards compare only within one",
    );
  }
  if (first.bank.hash !== other.bank.hash && rootOf(first) !== rootOf(other)) {
    throw new DashpotError(
      "compare-banks",
      `expected one bank, or banks of one parent, received ${first.bank.hash.slice(0, 12)} and ${other.bank.hash.slice(0, 12)}`,
      "profile both on the same bank",
    );
  }
  const known = new Set(first.situations.map(({ id }) => id));
  if (!other.situations.some(({ id }) => known.has(id))) {
    throw new DashpotError(
      "compare-unpaired",
      "expected situations that both answered, received none in common",
      "profile both with the same --set",
    );
  }
}

function rootOf({ bank }: Profile): string {
  return bank.parent?.hash ?? bank.hash;
}

function compareTwo(first: Profile, second: Profile, options: CompareOptions, stream: RandomStream): Comparison {
  const sameBank = first.bank.hash === second.bank.hash;
  const raw = ROWS.flatMap((row) =>
    LABELS.map((label) => compareCell(first, second, row, label, options, sameBank, stream)),
  );
  const adjusted = holm(raw.map(({ p }) => p ?? Number.NaN));
  const cells = raw.map((cell, index) => ({
    ...cell,
    adjustedP: cell.p === null ? null : (adjusted[index] as number),
  }));
  return {
    schema: "dashpot/comparison@1",
    first: first.model.spec,
    second: second.model.spec,
    format: first.format,
    unit: first.format === "score" ? "nats" : "proportion",
    pairs: pairsOf(first, second).length,
    margin: options.margin,
    cells,
    remark: sameBank
      ? "One bank: paired by situation."
      : `Banks of one parent, wordings differ: the standard error of measurement at reliability ${options.reliability} is added.`,
  };
}

function compareCell(
  first: Profile,
  second: Profile,
  row: Row,
  label: Label,
  { margin, reliability }: CompareOptions,
  sameBank: boolean,
  stream: RandomStream,
): Omit<ComparedCell, "adjustedP"> {
  const pairs = pairsOf(first, second);
  const values: Clustered[] = pairs.map(({ left, right }) => {
    const [a, b] = [left.cells[row][label], right.cells[row][label]];
    return { stratum: left.domain, value: a === null || b === null ? null : b - a };
  });
  const summary = stratifiedMean(values);
  const known = values.flatMap(({ value }) => (value === null ? [] : [value]));
  const error = Math.hypot(summary.standardError, sameBank ? 0 : formError(first, second, row, label, reliability));
  const [low, high] = tInterval(summary.mean, error, summary.degreesOfFreedom);
  const empty = known.length === 0;
  const flips = empty ? null : signFlip(known, { stream });
  return {
    row,
    label,
    difference: {
      value: empty ? null : summary.mean,
      low: empty || !Number.isFinite(low) ? null : low,
      high: empty || !Number.isFinite(high) ? null : high,
      n: known.length,
      missing: summary.missing,
      method: `t on paired situations, variance ${summary.variance}`,
    },
    p: flips?.p ?? null,
    equivalenceP: empty || margin === null ? null : tost(summary.mean, error, summary.degreesOfFreedom, margin).p,
  };
}

/** Standard error of measurement of the difference of two forms' means. */
function formError(first: Profile, second: Profile, row: Row, label: Label, reliability: number | null): number {
  if (reliability === null) return 0;
  const of = ({ situations }: Profile) =>
    situations.flatMap(({ cells }) => (cells[row][label] === null ? [] : [cells[row][label] as number]));
  const variance = [first, second].reduce((sum, profile) => {
    const values = of(profile);
    const mean = values.reduce((total, value) => total + value, 0) / values.length;
    const deviation = Math.sqrt(
      values.reduce((total, value) => total + (value - mean) ** 2, 0) / Math.max(1, values.length - 1),
    );
    return sum + standardErrorOfMeasurement(deviation, reliability) ** 2 / Math.max(1, values.length);
  }, 0);
  return Math.sqrt(variance);
}

function pairsOf(first: Profile, second: Profile) {
  const known = new Map(second.situations.map((situation) => [situation.id, situation]));
  return first.situations.flatMap((left) => {
    const right = known.get(left.id);
    return right ? [{ left, right }] : [];
  });
}
