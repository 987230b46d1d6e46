import { tCdf } from "./distributions.ts";
import type { RandomStream } from "./random.ts";
import { sum } from "./summary.ts";

export interface SignFlipTest {
  /** Sum of the differences, signed. */
  statistic: number;
  /** Two-sided. */
  p: number;
  /** Whether all assignments of signs were counted, or some drawn. */
  exact: boolean;
  n: number;
}

/** Up to so many differences all signs are counted. */
const MOST_ENUMERATED = 14;

/** Sums that differ by less than this share of Σ|d| are equal: 0.1 + 0.2 ties with 0.3. */
const TIE = 1e-10;

/**
 * Two-sided sign-flip test of no difference: P(|Σ ±d| ≥ |Σ d|) over independent fair signs.
 *
 * Exact for up to 14 differences, otherwise (b + 1)/(m + 1) from `draws` (9,999) draws, so never 0. Tied sums count as
 * at least as large, and differences of 0 stay in and change nothing. No differences, or all of them 0: p 1. A
 * difference that is NaN or infinite makes statistic and p NaN. The least exact p is 2^(1 − n). Throws RangeError unless
 * draws is a whole number of at least 1.
 * Reference: Phipson & Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9, 39.
 *
 * @example signFlip([0.4, -0.1, 0.7], { stream: randomStream(1, "compare") }).p // 0.5
 */
export function signFlip(
  differences: readonly number[],
  options: { stream: RandomStream; draws?: number },
): SignFlipTest {
  const draws = options.draws ?? 9_999;
  if (!Number.isSafeInteger(draws) || draws < 1) throw new RangeError(`expected at least 1 draw, received ${draws}`);
  const n = differences.length;
  const exact = n <= MOST_ENUMERATED;
  if (!differences.every(Number.isFinite)) return { statistic: Number.NaN, p: Number.NaN, exact, n };
  const statistic = sum(differences);
  const threshold = Math.abs(statistic) - TIE * sum(differences.map(Math.abs));
  const p = exact ? exactShare(differences, threshold) : drawnShare(differences, threshold, draws, options.stream);
  return { statistic, p, exact, n };
}

/** Over one half of the assignments, the other half being their mirror image, one flip apart (Gray code). */
function exactShare(differences: readonly number[], threshold: number): number {
  const assignments = 2 ** Math.max(0, differences.length - 1);
  const signed = Float64Array.from(differences);
  let total = sum(differences);
  let reached = 1;
  for (let step = 1; step < assignments; step += 1) {
    const flipped = 31 - Math.clz32(step & -step);
    const before = signed[flipped] as number;
    signed[flipped] = -before;
    total -= 2 * before;
    if (Math.abs(total) >= threshold) reached += 1;
  }
  return reached / assignments;
}

function drawnShare(differences: readonly number[], threshold: number, draws: number, stream: RandomStream): number {
  let reached = 0;
  for (let draw = 0; draw < draws; draw += 1) {
    if (Math.abs(randomlySigned(differences, stream)) >= threshold) reached += 1;
  }
  return (reached + 1) / (draws + 1);
}

function randomlySigned(differences: readonly number[], stream: RandomStream): number {
  let total = 0;
  let signs = 0;
  for (let index = 0; index < differences.length; index += 1) {
    if (index % 32 === 0) signs = stream.integer(2 ** 32);
    const difference = differences[index] as number;
    total += signs & 1 ? difference : -difference;
    signs >>>= 1;
  }
  return total;
}

/**
 * Holm's adjusted p-values, in the order given: each is to be compared with the familywise level itself.
 *
 * At most 1, and never smaller for a larger p; ties get the same. NaN stays NaN and is not counted among the tests. Empty
 * gives empty. Throws RangeError for a p outside [0, 1]. Reference: Holm 1979, Scandinavian Journal of Statistics 6, 65–70.
 */
export function holm(p: readonly number[]): number[] {
  for (const value of p) {
    if (value < 0 || value > 1) throw new RangeError(`expected p-values between 0 and 1, received ${value}`);
  }
  const order = [...p.keys()].filter((index) => !Number.isNaN(p[index])).sort((a, b) => at(p, a) - at(p, b));
  const adjusted = p.map(() => Number.NaN);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.min(1, Math.max(largest, at(p, index) * (order.length - rank)));
    adjusted[index] = largest;
  }
  return adjusted;
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}

export interface EquivalenceTest {
  /** The larger of the two one-sided p-values. */
  p: number;
  /** Whether the mean is shown to lie within the margin, at level alpha for each of the two tests. */
  equivalent: (alpha: number) => boolean;
}

/**
 * Two one-sided t tests of −margin < mean < margin.
 *
 * Standard error 0: p 0 inside the margin, 1 on or outside it. Mean, standard error or degrees of freedom NaN, or degrees
 * of freedom ≤ 0: p NaN, and never equivalent. Throws RangeError for a margin or standard error that is negative, or a
 * margin that is NaN. Reference: Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657–680.
 */
export function tost(mean: number, standardError: number, degreesOfFreedom: number, margin: number): EquivalenceTest {
  if (!(margin >= 0)) throw new RangeError(`expected a margin of at least 0, received ${margin}`);
  if (standardError < 0) throw new RangeError(`expected a standard error of at least 0, received ${standardError}`);
  const p = equivalenceP(Math.abs(mean), standardError, degreesOfFreedom, margin);
  return { p, equivalent: (alpha) => p <= alpha };
}

/** Of the two tests the one against the nearer margin has the larger p. */
function equivalenceP(distance: number, standardError: number, degreesOfFreedom: number, margin: number): number {
  if (Number.isNaN(distance + standardError) || !(degreesOfFreedom > 0)) return Number.NaN;
  if (standardError === 0) return distance < margin ? 0 : 1;
  return tCdf((distance - margin) / standardError, degreesOfFreedom);
}
