import { betaQuantile, normalQuantile, tCritical } from "./distributions.ts";
import { type Clustered, type StratifiedMean, stratifiedMean } from "./stratified.ts";

/** Of fewer successes than this Clopper and Pearson's lower end is below 1e-3000, and its quantile not computable. */
const VANISHING = 1e-4;

/** More units than this narrow an interval to less than 1e-4, and cost seconds to compute. */
const MOST_UNITS = 1e9;

/** How much skewness takes from the belief in an effective size beyond the number of units. */
const DOUBT = 1.2;

/** Values whose mean is known better than this share of itself differ by rounding only. */
const ROUNDING = 1e-12;

export interface Proportion {
  value: number;
  low: number;
  high: number;
  /** Values used. */
  n: number;
  missing: number;
  /** Independent units that would carry as much information as the design did. */
  effectiveN: number;
}

/**
 * Two-sided t interval.
 *
 * [−∞, ∞] where nothing can be said: degrees of freedom NaN or ≤ 0, mean or standard error NaN or infinite. Infinite
 * degrees of freedom: the normal interval. Standard error 0: the mean alone. Throws RangeError for a level outside (0, 1)
 * or a negative standard error.
 */
export function tInterval(
  mean: number,
  standardError: number,
  degreesOfFreedom: number,
  level = 0.95,
): [number, number] {
  requireLevel(level);
  if (standardError < 0) throw new RangeError(`expected a standard error of at least 0, received ${standardError}`);
  if (!Number.isFinite(mean) || !Number.isFinite(standardError) || !(degreesOfFreedom > 0)) {
    return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }
  if (standardError === 0) return [mean, mean];
  const half = tCritical(level, degreesOfFreedom) * standardError;
  return [mean - half, mean + half];
}

/**
 * Wilson's score interval of a proportion; successes and n may be real. n = 0 gives [0, 1].
 *
 * Throws RangeError for a level outside (0, 1), or unless 0 ≤ successes ≤ n < ∞.
 * Reference: Wilson 1927, Journal of the American Statistical Association 22, 209–212.
 */
export function wilson(successes: number, n: number, level = 0.95): [number, number] {
  requireLevel(level);
  requireCounts(successes, n);
  if (n === 0) return [0, 1];
  const z = -normalQuantile((1 - level) / 2);
  const share = successes / n;
  const centre = share + z ** 2 / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  const scale = 1 + z ** 2 / n;
  return [
    successes === 0 ? 0 : Math.max(0, (centre - half) / scale),
    successes === n ? 1 : Math.min(1, (centre + half) / scale),
  ];
}

/**
 * Clopper and Pearson's exact interval of a proportion; successes and n may be real. n = 0 gives [0, 1].
 *
 * Throws RangeError for a level outside (0, 1), or unless 0 ≤ successes ≤ n < ∞.
 * Reference: Clopper & Pearson 1934, Biometrika 26, 404–413.
 */
export function clopperPearson(successes: number, n: number, level = 0.95): [number, number] {
  requireLevel(level);
  requireCounts(successes, n);
  const tail = (1 - level) / 2;
  return [
    successes < VANISHING ? 0 : betaQuantile(tail, successes, n - successes + 1),
    n - successes < VANISHING ? 1 : betaQuantile(1 - tail, successes + 1, n - successes),
  ];
}

/**
 * Interval of a stratified proportion: Clopper and Pearson's at the effective sample size of the design (E4).
 *
 * Values lie in [0, 1]: 0, 1, or the share or probability of a unit. The effective size is m = p(1 − p)/se² times
 * (t at max(n, m) − 1 ÷ t at the design's degrees of freedom)², at least 1 and at most 1e9; it is n where p is 0 or 1, where the
 * values do not vary, and where there is one value. It is not cut at n: shares that vary less than coin flips carry more.
 *
 * Shares vary less than coin flips, so their effective size is beyond n: t is then taken at the effective size less one,
 * which keeps the factor what it is for. What lies beyond n is believed the less the more skewed the values are, and the
 * fewer: n (m/n)^(1/(1 + 1.2 |skewness|/√n)). Shares of a label that is seldom strong look as if they hardly varied wherever
 * none of the strong ones was drawn; with m as it stands twelve units of one stratum each covered 87 to 94 %.
 *
 * Empty, or nothing but nulls: value NaN, [0, 1], n 0. Throws RangeError for a value that is NaN or outside [0, 1].
 * Reference: Korn & Graubard 1998, Survey Methodology 24, 193–201.
 */
export function kornGraubard(values: readonly Clustered[], level = 0.95): Proportion {
  for (const { stratum, value } of values) {
    if (value !== null && !(value >= 0 && value <= 1)) {
      throw new RangeError(`expected a value between 0 and 1 in stratum ${stratum}, received ${value}`);
    }
  }
  const estimate = stratifiedMean(values);
  const { mean, n, missing } = estimate;
  if (n === 0) {
    requireLevel(level);
    return { value: Number.NaN, low: 0, high: 1, n, missing, effectiveN: 0 };
  }
  const effectiveN = effectiveSize(estimate, skewness(values, estimate.mean), level);
  const [low, high] = clopperPearson(Math.min(mean * effectiveN, effectiveN), effectiveN, level);
  return { value: mean, low, high, n, missing, effectiveN };
}

/** Size of the third standardised moment about the mean; 0 where nothing varies. */
function skewness(values: readonly Clustered[], mean: number): number {
  const off = values.flatMap(({ value }) => (value === null ? [] : [value - mean]));
  const moment = (power: number) => off.reduce((sum, one) => sum + one ** power, 0) / off.length;
  const spread = moment(2);
  return spread > 0 ? Math.abs(moment(3)) / spread ** 1.5 : 0;
}

function effectiveSize(
  { mean, standardError, n, strata, variance }: StratifiedMean,
  skew: number,
  level: number,
): number {
  // Of the design: those of the estimate are 1 where a single stratum happens to vary, and would say next to nothing.
  const degreesOfFreedom = variance === "within domains" ? n - strata : strata - 1;
  const informative = degreesOfFreedom > 0 && standardError > ROUNDING * Math.min(mean, 1 - mean);
  if (!informative || mean === 0 || mean === 1) return n;
  const raw = (mean / standardError) * ((1 - mean) / standardError);
  const ratio = tCritical(level, Math.max(n, raw) - 1) / tCritical(level, degreesOfFreedom);
  const size = raw * ratio ** 2;
  const believed = size > n ? n * (size / n) ** (1 / (1 + (DOUBT * skew) / Math.sqrt(n))) : size;
  return Math.min(MOST_UNITS, Math.max(1, believed));
}

function requireLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`expected a level between 0 and 1, received ${level}`);
}

function requireCounts(successes: number, n: number): void {
  if (!(successes >= 0 && successes <= n && n < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`expected 0 ≤ successes ≤ n < ∞, received ${successes} of ${n}`);
  }
}
