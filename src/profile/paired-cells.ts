import { tInterval } from "../kernel/intervals.ts";
import { type Clustered, stratifiedMean } from "../kernel/stratified.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Estimate, Profile } from "../model/profile.ts";

/** What two profiles are compared in: a cell of the matrix, or the bias towards a label. */
export interface Place {
  readonly row: Row | "bias";
  readonly label: Label;
}

type Situation = Profile["situations"][number];

/** A situation that two profiles have in common. */
export interface Pair {
  readonly left: Situation;
  readonly right: Situation;
}

export const CELLS: readonly Place[] = ROWS.flatMap((row) => LABELS.map((label) => ({ row, label })));
export const BIASES: readonly Place[] = LABELS.map((label) => ({ row: "bias", label }));

/** Of one situation, in the unit of the format; null where it was not measured. */
export function valueAt({ cells, bias }: Situation, { row, label }: Place): number | null {
  return row === "bias" ? bias[label] : cells[row][label];
}

/** Situations that both answered, in the order of the first. */
export function pairsOf(first: Profile, second: Profile): Pair[] {
  const known = new Map(second.situations.map((situation) => [situation.id, situation]));
  return first.situations.flatMap((left) => {
    const right = known.get(left.id);
    return right ? [{ left, right }] : [];
  });
}

/** A standard error and its degrees of freedom. */
export interface ErrorOfMean {
  readonly error: number;
  readonly degreesOfFreedom: number;
}

/** Right minus left at one place, over the pairs; and what its tests need. */
export interface PairedDifference extends ErrorOfMean {
  readonly estimate: Estimate;
  /** Of the pairs where both were measured. */
  readonly values: readonly number[];
}

/** The mean difference of paired situations (E8); `form` is added to its error where the two answered different forms. */
export function pairedDifference(pairs: readonly Pair[], place: Place, form?: ErrorOfMean): PairedDifference {
  const clustered: Clustered[] = pairs.map(({ left, right }) => {
    const [a, b] = [valueAt(left, place), valueAt(right, place)];
    return { stratum: left.domain, value: a === null || b === null ? null : b - a };
  });
  const summary = stratifiedMean(clustered);
  const values = clustered.flatMap(({ value }) => (value === null ? [] : [value]));
  const ofSituations = { error: summary.standardError, degreesOfFreedom: summary.degreesOfFreedom };
  const { error, degreesOfFreedom } = form ? combined(ofSituations, form) : ofSituations;
  const [low, high] = tInterval(summary.mean, error, degreesOfFreedom);
  const empty = values.length === 0;
  const estimate = {
    value: empty ? null : summary.mean,
    low: empty || !Number.isFinite(low) ? null : low,
    high: empty || !Number.isFinite(high) ? null : high,
    n: values.length,
    missing: summary.missing,
    method: `t on paired situations, variance ${summary.variance}`,
  };
  return { estimate, values, error, degreesOfFreedom };
}

/**
 * What two forms add to the error of a difference, from the standard deviation over forms. It is what situations share
 * within a form and so does not shrink with their number; what they do not share is in the scatter of the pairs.
 */
export function errorBetweenForms(deviation: number): number {
  return Math.SQRT2 * deviation;
}

/** Two independent errors as one, with Welch and Satterthwaite's degrees of freedom. */
export function combined(one: ErrorOfMean, other: ErrorOfMean): ErrorOfMean {
  const error = Math.hypot(one.error, other.error);
  if (other.error === 0 || !(error > 0)) return { error, degreesOfFreedom: one.degreesOfFreedom };
  const part = (some: ErrorOfMean) =>
    some.degreesOfFreedom > 0 ? (some.error / error) ** 4 / some.degreesOfFreedom : Number.POSITIVE_INFINITY;
  return { error, degreesOfFreedom: 1 / (part(one) + part(other)) };
}
