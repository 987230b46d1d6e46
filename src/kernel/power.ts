import { tCritical } from "./distributions.ts";
import { clopperPearson } from "./intervals.ts";
import { noncentralTCdf } from "./noncentral-t.ts";

/** Nothing larger is searched: a question that needs more units than this has no practical answer. */
const MOST_UNITS = 1_000_000;

/**
 * Power of the two-sided paired t test for a mean difference delta, where differences have standard deviation sd.
 *
 * Exact, by noncentral t, both tails counted. Fewer than two pairs: 0. sd 0: 1, or alpha for delta 0. NaN delta: NaN.
 * Throws RangeError for a negative or NaN sd, an n that is no whole number of at least 0, or an alpha outside (0, 1).
 * Reference: Cohen 1988, Statistical Power Analysis, ch. 2; Johnson, Kotz & Balakrishnan 1995, ch. 31.
 */
export function pairedPower(delta: number, sd: number, n: number, alpha = 0.05): number {
  requireSpread(sd);
  requireUnits(n);
  requireShare("alpha", alpha);
  if (n < 2) return 0;
  if (sd === 0) return delta === 0 ? alpha : 1;
  return powerAt((delta / sd) * Math.sqrt(n), n - 1, alpha);
}

/**
 * The least number of pairs with which `pairedPower` reaches power (0.8 unless told), at two-sided alpha (0.05).
 *
 * Null where `maximum` (1e6) pairs do not suffice: always so for delta 0 and power above alpha. At least 2. Throws
 * RangeError as `pairedPower`, for a power outside (0, 1), and for a NaN delta.
 */
export function pairedSampleSize(
  delta: number,
  sd: number,
  options: { power?: number; alpha?: number; maximum?: number } = {},
): number | null {
  const { power = 0.8, alpha = 0.05, maximum = MOST_UNITS } = options;
  requireShare("power", power);
  requireUnits(maximum);
  if (Number.isNaN(delta)) throw new RangeError("expected a difference, received NaN");
  return leastThat((n) => pairedPower(delta, sd, n, alpha) >= power, 2, maximum);
}

/**
 * The least mean difference above 0 that n pairs show with power (0.8) at two-sided alpha (0.05), in the unit of sd.
 *
 * ∞ for fewer than two pairs; 0 for sd 0 or a power of at most alpha. Relative error about 1e-13. Throws RangeError as
 * `pairedPower`, and for a power outside (0, 1).
 */
export function detectableDifference(sd: number, n: number, options: { power?: number; alpha?: number } = {}): number {
  const { power = 0.8, alpha = 0.05 } = options;
  requireSpread(sd);
  requireUnits(n);
  requireShare("alpha", alpha);
  requireShare("power", power);
  if (n < 2) return Number.POSITIVE_INFINITY;
  if (sd === 0 || power <= alpha) return 0;
  let high = 1;
  while (powerAt(high, n - 1, alpha) < power) high *= 2;
  let low = high === 1 ? 0 : high / 2;
  for (let halving = 0; halving < 48; halving += 1) {
    const middle = (low + high) / 2;
    if (powerAt(middle, n - 1, alpha) < power) low = middle;
    else high = middle;
  }
  return (((low + high) / 2) * sd) / Math.sqrt(n);
}

/**
 * The least n of independent units for which an observed rate (0 unless told: no event at all) has an upper end of the
 * two-sided Clopper–Pearson interval (level 0.95) below the limit.
 *
 * Events may be a fraction, rate·n, so for a rate above 0 the answer is that of the design, not of a count. Null where
 * `maximum` (1e6) units do not suffice, always so for a rate at or above the limit. Throws RangeError for a limit or rate
 * outside [0, 1].
 *
 * @example proportionSampleSize(0.05) // 72: after 0 of 72 the upper end is 0.0499
 */
export function proportionSampleSize(
  limit: number,
  options: { rate?: number; level?: number; maximum?: number } = {},
): number | null {
  const { rate = 0, level = 0.95, maximum = MOST_UNITS } = options;
  requireUnits(maximum);
  for (const share of [limit, rate]) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`expected a share between 0 and 1, received ${share}`);
  }
  if (rate >= limit) return null;
  return leastThat((n) => clopperPearson(Math.min(rate * n, n), n, level)[1] < limit, 1, maximum);
}

function powerAt(noncentrality: number, degreesOfFreedom: number, alpha: number): number {
  const critical = tCritical(1 - alpha, degreesOfFreedom);
  // The upper tail as the mirror image's lower one, for 1 − P would lose digits.
  return (
    noncentralTCdf(-critical, degreesOfFreedom, noncentrality) +
    noncentralTCdf(-critical, degreesOfFreedom, -noncentrality)
  );
}

/** The least n in first … maximum that suffices, where every larger one does too; by doubling, then halving. */
function leastThat(suffices: (n: number) => boolean, first: number, maximum: number): number | null {
  let below = first - 1;
  let n = Math.min(first, maximum);
  while (!suffices(n)) {
    if (n >= maximum) return null;
    below = n;
    n = Math.min(2 * n, maximum);
  }
  while (n - below > 1) {
    const middle = Math.floor((below + n) / 2);
    if (suffices(middle)) n = middle;
    else below = middle;
  }
  return n;
}

function requireSpread(sd: number): void {
  if (!(sd >= 0)) throw new RangeError(`expected a standard deviation of at least 0, received ${sd}`);
}

function requireUnits(n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`expected a whole number of units, received ${n}`);
}

function requireShare(name: string, share: number): void {
  if (!(share > 0 && share < 1)) throw new RangeError(`expected ${name} between 0 and 1, received ${share}`);
}
