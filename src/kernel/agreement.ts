import { codePatterns } from "./code-patterns.ts";
import { pairKappa } from "./pair-kappa.ts";
import { mean, sum } from "./summary.ts";

type Coding = readonly (string | null)[];

export interface Kappa {
  kappa: number;
  /** Units that both coded. */
  n: number;
  /** Units that one or both left out. */
  missing: number;
  /** Share of the n on which both agree. */
  observed: number;
  /** The same share, were each to keep its own rates and code at random. */
  expected: number;
}

/**
 * Cohen's κ of two codings of the same units, unweighted; null is missing, and a unit missing in one is left out.
 *
 * κ is NaN as of {@link pairKappa}. Throws RangeError for codings of unequal length.
 */
export function cohenKappa(a: Coding, b: Coding): Kappa {
  requireSameLength(a, b);
  const labels = new Map<string, number>();
  const code = (label: string | null) => {
    if (label === null) return null;
    if (!labels.has(label)) labels.set(label, labels.size);
    return labels.get(label) as number;
  };
  const units = a.map((label, index) => [code(label), code(b[index] as string | null)]);
  const coded = codePatterns(units, labels.size);
  const { value, n, observed, expected } = pairKappa(coded, [0, 1], null)(coded.weights);
  return { kappa: value, n, missing: a.length - n, observed: 1 - observed, expected: 1 - expected };
}

/** Cohen's κ of one label against all others together; missing and NaN as `cohenKappa` (NaN where neither uses it). */
export function kappaAgainstRest(a: Coding, b: Coding, label: string): Kappa {
  const collapse = (one: string | null): string | null => (one === null ? null : one === label ? "label" : "rest");
  return cohenKappa(a.map(collapse), b.map(collapse));
}

/** Share, 0 to 1, of the units that both coded on which they agree; NaN where there is none. Missing as `cohenKappa`. */
export function percentAgreement(a: Coding, b: Coding): number {
  return cohenKappa(a, b).observed;
}

/**
 * Pearson's correlation. NaN for fewer than two pairs, where either side does not vary, and where a value is NaN or
 * infinite. Throws RangeError for lists of unequal length.
 */
export function pearson(x: readonly number[], y: readonly number[]): number {
  requireSameLength(x, y);
  if (x.length < 2) return Number.NaN;
  const left = standardised(x);
  const right = standardised(y);
  return Math.min(1, Math.max(-1, sum(left.map((value, index) => value * (right[index] as number)))));
}

/** Deviations from the mean, scaled to a sum of squares of 1; NaN where there is no variation. */
function standardised(values: readonly number[]): readonly number[] {
  if (values.every((value) => value === values[0])) return values.map(() => Number.NaN);
  const centre = mean(values);
  const deviations = values.map((value) => value - centre);
  // By the greatest first, for squares of very small or large deviations leave the range of numbers.
  const greatest = deviations.reduce((most, deviation) => Math.max(most, Math.abs(deviation)), 0);
  const scaled = deviations.map((deviation) => deviation / greatest);
  const length = Math.sqrt(sum(scaled.map((deviation) => deviation ** 2)));
  return scaled.map((deviation) => deviation / length);
}

/** Spearman's rank correlation: Pearson's of the ranks, ties sharing their average rank. NaN and errors as `pearson`. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  requireSameLength(x, y);
  return [...x, ...y].every(Number.isFinite) ? pearson(averageRanks(x), averageRanks(y)) : Number.NaN;
}

function averageRanks(values: readonly number[]): readonly number[] {
  const sorted = Float64Array.from(values).sort();
  const ranks = new Map<number, number>();
  for (let first = 0; first < sorted.length; ) {
    const value = sorted[first] as number;
    let after = first + 1;
    while (sorted[after] === value) after += 1;
    ranks.set(value, (first + after + 1) / 2);
    first = after;
  }
  return values.map((value) => ranks.get(value) as number);
}

/**
 * Reliability of a measure `factor` times as long as the one whose reliability is r (2: from one half to the whole).
 *
 * NaN for r outside [−1, 1] or NaN, and where the formula has a pole (r ≤ −1/(factor − 1)): halves so opposed that no
 * length is reliable. Throws RangeError unless factor > 0. Reference: Spearman 1910, Brown 1910, British Journal of
 * Psychology 3, 271–322.
 */
export function spearmanBrown(r: number, factor = 2): number {
  if (!(factor > 0)) throw new RangeError(`expected a factor above 0, received ${factor}`);
  const denominator = 1 + (factor - 1) * r;
  return Math.abs(r) <= 1 && denominator > 0 ? (factor * r) / denominator : Number.NaN;
}

/**
 * sd·√(1 − reliability): by how much a score would scatter on being measured again, in the unit of sd.
 *
 * A negative reliability, as an estimate may be, counts as 0. NaN for a reliability above 1, a negative sd, or NaN.
 */
export function standardErrorOfMeasurement(sd: number, reliability: number): number {
  return sd >= 0 ? sd * Math.sqrt(1 - Math.max(0, reliability)) : Number.NaN;
}

function requireSameLength(a: readonly unknown[], b: readonly unknown[]): void {
  if (a.length !== b.length) throw new RangeError(`expected lists of one length, received ${a.length} and ${b.length}`);
}
