import erfc from "@stdlib/math-base-special-erfc";
import erfcinv from "@stdlib/math-base-special-erfcinv";
import stdlibBetaQuantile from "@stdlib/stats-base-dists-beta-quantile";
import stdlibTCdf from "@stdlib/stats-base-dists-t-cdf";
import stdlibTQuantile from "@stdlib/stats-base-dists-t-quantile";

/** P(Z ≤ x) for a standard normal Z, with full relative accuracy in the lower tail. NaN gives NaN. */
export function normalCdf(x: number): number {
  return erfc(-x / Math.SQRT2) / 2;
}

/**
 * The x with P(Z ≤ x) = p for a standard normal Z; −∞ at 0, ∞ at 1, NaN elsewhere outside [0, 1].
 *
 * By the inverse of the complementary error function: through the quantile function of the same library p = 1e-10 would
 * be wrong in the ninth digit, since it forms 1 − 2p.
 */
export function normalQuantile(p: number): number {
  return -Math.SQRT2 * erfcinv(2 * p);
}

/** P(T ≤ t) for Student's t with real degrees of freedom > 0; ∞ is the normal. NaN or df ≤ 0 gives NaN. */
export function tCdf(t: number, degreesOfFreedom: number): number {
  return degreesOfFreedom === Number.POSITIVE_INFINITY ? normalCdf(t) : stdlibTCdf(t, degreesOfFreedom);
}

/** The t with P(T ≤ t) = p for Student's t with real degrees of freedom > 0; ∞ is the normal. NaN or df ≤ 0 gives NaN. */
export function tQuantile(p: number, degreesOfFreedom: number): number {
  return degreesOfFreedom === Number.POSITIVE_INFINITY ? normalQuantile(p) : stdlibTQuantile(p, degreesOfFreedom);
}

/** The factor by which a standard error is multiplied in a two-sided t interval: tQuantile((1 + level) / 2). */
export function tCritical(level: number, degreesOfFreedom: number): number {
  // From the lower tail: (1 + level) / 2 loses digits that (1 - level) / 2 keeps.
  return -tQuantile((1 - level) / 2, degreesOfFreedom);
}

/** The x with P(B ≤ x) = p for a beta distribution with real shapes a, b > 0. */
export function betaQuantile(p: number, a: number, b: number): number {
  return stdlibBetaQuantile(p, a, b);
}
