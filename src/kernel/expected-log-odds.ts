/** Independent trials of one chance each. */
export interface Trials {
  readonly n: number;
  readonly chance: number;
}

/** Added to successes and to failures, so that none of either still has log-odds. */
export const HALF = 0.5;

/** Log-odds of counts, half a trial added to each; NaN where both are negative. */
export function smoothedLogOdds(successes: number, failures: number): number {
  return Math.log((successes + HALF) / (failures + HALF));
}

export interface LogOddsMoments {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Mean and variance of what `smoothedLogOdds` gives when independent trials of these chances are counted together. Beside
 * counts the mean has the same floor and ceiling as they, so that their difference is free of what half a trial does.
 *
 * Exact: the Poisson binomial distribution by convolution. 0 and 0 of no trials. Throws RangeError for a chance outside
 * [0, 1] or an n that is no whole number. Cost: the square of the trials.
 * Reference: Hong 2013, Computational Statistics & Data Analysis 59, 41–51, doi:10.1016/j.csda.2012.10.006.
 */
export function expectedLogOdds(groups: readonly Trials[]): LogOddsMoments {
  let distribution = Float64Array.of(1);
  for (const { n, chance } of groups) {
    if (!(Number.isSafeInteger(n) && n >= 0)) throw new RangeError(`expected a whole number of trials, received ${n}`);
    if (!(chance >= 0 && chance <= 1)) throw new RangeError(`expected a chance from 0 to 1, received ${chance}`);
    for (let trial = 0; trial < n; trial += 1) distribution = withTrial(distribution, chance);
  }
  const trials = distribution.length - 1;
  const values = distribution.map((_, hits) => smoothedLogOdds(hits, trials - hits));
  const mean = values.reduce((sum, value, hits) => sum + value * (distribution[hits] as number), 0);
  const variance = values.reduce((sum, value, hits) => sum + (value - mean) ** 2 * (distribution[hits] as number), 0);
  return { mean, variance };
}

function withTrial(before: Float64Array, chance: number): Float64Array<ArrayBuffer> {
  const after = new Float64Array(before.length + 1);
  before.forEach((mass, hits) => {
    after[hits] = (after[hits] as number) + mass * (1 - chance);
    after[hits + 1] = mass * chance;
  });
  return after;
}
