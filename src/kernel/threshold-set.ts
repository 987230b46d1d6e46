import { logistic, softplus } from "./logistic-mass.ts";
import { wildScoreTest } from "./wild-cluster.ts";

/** Shares at doses, in clusters. */
export interface DoseShares {
  readonly dose: Float64Array;
  /** Share of successes of each row, 0 to 1. */
  readonly share: Float64Array;
  /** Trials of each row. */
  readonly trials: Float64Array;
  /** Cluster of each row, numbered from 0. */
  readonly cluster: Int32Array;
  readonly clusters: number;
}

/** The doses at which the share may reach one half: parts of the range, and whether doses beyond its ends may. */
export interface ThresholdSet {
  /** Where the fitted curve crosses one half on its way up; null where it does not rise. */
  readonly estimate: number | null;
  readonly parts: readonly (readonly [number, number])[];
  readonly below: boolean;
  readonly above: boolean;
}

export interface ThresholdOptions {
  readonly range: readonly [number, number];
  /** Of `wildWeights`, for as many clusters. */
  readonly weights: Float64Array;
  readonly alpha?: number;
}

/** Doses that are tested within the range. */
const STEPS = 140;
/** Halvings of the slope's logarithm, from 1e-6 to 1e4: then known to one part in 1e13. */
const HALVINGS = 50;
/** Of all trials: scores below this are rounding, and their ratio to each other says nothing. */
const NOTHING = 1e-9;
/** Doses beyond each end: from an eighth of the range's width to a thousand widths. */
const BEYOND = Array.from({ length: 14 }, (_, at) => 2 ** (at - 3));
/** Per range, a slope so steep that the curve is a step: nothing bounds it. */
const STEEP = 1e4;

/**
 * The doses at which the share of successes reaches one half: every dose whose hypothesis is not rejected, that the curve
 * is a rising logistic one through one half there (Fieller's way for a ratio, by the wild cluster bootstrap of scores).
 * The set may be empty, several parts, or unbounded: where the slope may be 0 or the half is not reached in the range,
 * it goes beyond.
 *
 * Rows without trials count for nothing. Throws RangeError for lists of unequal length and a range that is none.
 * Cost: some 200 fits of one slope.
 * Reference: Kline & Santos 2012, doi:10.1515/2156-6674.1006; Fieller 1954, Journal of the Royal Statistical Society B 16, 175–185.
 */
export function thresholdSet(data: DoseShares, { range, weights, alpha = 0.05 }: ThresholdOptions): ThresholdSet {
  requireRows(data, range);
  const [low, high] = range;
  const width = high - low;
  const step = width / STEPS;
  const kept = (dose: number) => chanceOf(data, dose, width, weights) > alpha;
  const grid = Array.from({ length: STEPS + 1 }, (_, at) => low + at * step);
  const estimate = crossing(data, width);
  // With much data the set lies between two doses of the grid: the estimate is asked about as well.
  const doses =
    estimate === null || estimate <= low || estimate >= high ? grid : [...grid, estimate].sort((a, b) => a - b);
  const inside = doses.map(kept);
  const beyond = (from: number, sign: 1 | -1) => BEYOND.some((times) => kept(from + sign * times * width));
  return {
    estimate,
    parts: partsOf(inside).map(
      ([first, last]) =>
        [
          edge(doses[first] as number, doses[first - 1], kept),
          edge(doses[last] as number, doses[last + 1], kept),
        ] as const,
    ),
    below: beyond(low, -1),
    above: beyond(high, 1),
  };
}

/** The estimate of `thresholdSet` alone: where the logistic curve that fits best passes one half; null where it does not rise. */
export function thresholdEstimate(data: DoseShares, range: readonly [number, number]): number | null {
  requireRows(data, range);
  return crossing(data, range[1] - range[0]);
}

function requireRows(
  { dose, share, trials, cluster, clusters }: DoseShares,
  [low, high]: readonly [number, number],
): void {
  const n = dose.length;
  if ([share, trials, cluster].some((list) => list.length !== n))
    throw new RangeError(`expected ${n} rows in every list`);
  if (![...dose].every(Number.isFinite)) throw new RangeError("expected finite doses, received another");
  if (![...share].every((one) => one >= 0 && one <= 1))
    throw new RangeError("expected shares from 0 to 1, received another");
  if (![...trials].every((one) => one >= 0 && Number.isFinite(one)))
    throw new RangeError("expected trials of at least 0, received another");
  if (!cluster.every((one) => one >= 0 && one < clusters))
    throw new RangeError(`expected clusters below ${clusters}, received another`);
  if (!(high > low)) throw new RangeError(`expected a range, received ${low} to ${high}`);
}

/** Where the set ends between a dose that is in it and its neighbour that is not; the dose itself at the range's end. */
function edge(inside: number, outside: number | undefined, kept: (dose: number) => boolean): number {
  if (outside === undefined) return inside;
  let [within, beyond] = [inside, outside];
  for (let halving = 0; halving < 10; halving += 1) {
    const middle = (within + beyond) / 2;
    if (kept(middle)) within = middle;
    else beyond = middle;
  }
  return within;
}

/** First and last place of every run of true. */
function partsOf(kept: readonly boolean[]): [number, number][] {
  const parts: [number, number][] = [];
  kept.forEach((one, at) => {
    if (!one) return;
    const open = parts.at(-1);
    if (open && open[1] === at - 1) open[1] = at;
    else parts.push([at, at]);
  });
  return parts;
}

/** p of the hypothesis that the curve rises through one half at a dose. */
function chanceOf(data: DoseShares, at: number, width: number, weights: Float64Array): number {
  const slope = slopeThrough(data, at, width);
  if (slope > 0) return wildScoreTest(clusterScores(data, at, slope), weights);
  // No rising curve fits best: then a flat one at one half is asked about, whose level and whose flatness can both be wrong.
  const level = clusterScores(data, at, 0);
  const flatness = clusterScores(data, meanDose(data), 0, 1);
  return Math.min(1, 2 * Math.min(wildScoreTest(level, weights), wildScoreTest(flatness, weights)));
}

function meanDose({ dose, trials }: DoseShares): number {
  let total = 0;
  let weighted = 0;
  for (let row = 0; row < dose.length; row += 1) {
    total += trials[row] as number;
    weighted += (trials[row] as number) * (dose[row] as number);
  }
  return total > 0 ? weighted / total : 0;
}

/** Maximum-likelihood slope, at least 0, of a logistic curve through one half at a dose; the log-likelihood is concave in it. */
function slopeThrough(data: DoseShares, at: number, width: number): number {
  const steepest = STEEP / width;
  if (!(slopeGradient(data, at, 0) > 0)) return 0;
  if (slopeGradient(data, at, steepest) >= 0) return steepest;
  // On a logarithmic scale, since the slope may be anything from nearly flat to nearly a step.
  let [low, high] = [1e-6 / width, steepest];
  if (slopeGradient(data, at, low) <= 0) return low;
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = Math.sqrt(low * high);
    if (slopeGradient(data, at, middle) > 0) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

function slopeGradient({ dose, share, trials }: DoseShares, at: number, slope: number): number {
  let total = 0;
  for (let row = 0; row < dose.length; row += 1) {
    const z = (dose[row] as number) - at;
    total += (trials[row] as number) * ((share[row] as number) - logistic(slope * z)) * z;
  }
  return total;
}

/** Sums over clusters of the efficient scores of a constant beside that slope, or with `power` 1 of a slope. */
function clusterScores(data: DoseShares, at: number, slope: number, power: 0 | 1 = 0): Float64Array {
  const { dose, share, trials, cluster, clusters } = data;
  let shared = 0;
  let own = 0;
  for (let row = 0; row < dose.length; row += 1) {
    const z = (dose[row] as number) - at;
    const expected = logistic(slope * z);
    const bend = (trials[row] as number) * expected * (1 - expected);
    shared += bend * z;
    own += bend * z * z;
  }
  // A slope held at 0 is no estimate: nothing of it is taken out.
  const taken = slope > 0 && own > 0 ? shared / own : 0;
  const sums = new Float64Array(clusters);
  for (let row = 0; row < dose.length; row += 1) {
    const z = (dose[row] as number) - at;
    const score =
      (trials[row] as number) * ((share[row] as number) - logistic(slope * z)) * (power === 1 ? z : 1 - taken * z);
    const of = cluster[row] as number;
    sums[of] = (sums[of] as number) + score;
  }
  const least = NOTHING * data.trials.reduce((sum, one) => sum + one, 0);
  return sums.map((score) => (Math.abs(score) < least ? 0 : score));
}

/** Where the fitted curve crosses one half: the dose whose own slope fits best; null where none rises. */
function crossing(data: DoseShares, width: number): number | null {
  const { dose, share, trials } = data;
  const likelihood = (at: number) => {
    const slope = slopeThrough(data, at, width);
    let total = 0;
    for (let row = 0; row < dose.length; row += 1) {
      const eta = slope * ((dose[row] as number) - at);
      total += (trials[row] as number) * ((share[row] as number) * eta - softplus(eta));
    }
    return { total, slope };
  };
  const [least, most] = [Math.min(...dose), Math.max(...dose)];
  const reach = 20 * width;
  let best = { at: least, ...likelihood(least) };
  for (let round = 0, span = reach, middle = (least + most) / 2; round < 8; round += 1, span /= 10, middle = best.at)
    for (let step = -20; step <= 20; step += 1) {
      const at = middle + (span * step) / 20;
      const here = likelihood(at);
      if (here.total > best.total + 1e-12) best = { at, ...here };
    }
  return best.slope > 0 && Math.abs(best.at - (least + most) / 2) < reach ? best.at : null;
}
