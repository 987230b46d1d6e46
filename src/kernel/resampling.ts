import { mean, sum } from "./summary.ts";

export interface Jackknife {
  /** The estimate from all units. */
  value: number;
  /** n·value − (n − 1)·mean of the leave-one-out estimates: bias of order 1/n removed. May leave the estimate's range. */
  corrected: number;
  standardError: number;
}

/**
 * Leave-one-out jackknife of any estimate over n units.
 *
 * `estimate(null)` uses all units, `estimate(i)` all but unit i; it is called n + 1 times, in that order. Fewer than two
 * units: corrected and standard error NaN. An estimate of NaN makes what uses it NaN. Not consistent for estimates that
 * are not smooth, such as a median. Throws RangeError unless n is a whole number of at least 0.
 * Reference: Quenouille 1956, Biometrika 43, 353–360; Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 11.
 *
 * @example jackknife(x.length, (omit) => mean(x.filter((_, index) => index !== omit)))
 */
export function jackknife(n: number, estimate: (omit: number | null) => number): Jackknife {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`expected a whole number of units, received ${n}`);
  const value = estimate(null);
  if (n < 2) return { value, corrected: Number.NaN, standardError: Number.NaN };
  const without = Array.from({ length: n }, (_, unit) => estimate(unit));
  const centre = mean(without);
  const spread = sum(without.map((one) => (one - centre) ** 2));
  return {
    value,
    // As a difference from `value`, which loses fewer digits than the difference of two large products.
    corrected: value + (n - 1) * (value - centre),
    standardError: Math.sqrt(((n - 1) / n) * spread),
  };
}
