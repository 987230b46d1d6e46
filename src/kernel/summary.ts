/**
 * Sum with Neumaier's compensation: the rounding error of each addition is carried along.
 *
 * Empty gives 0; NaN gives NaN; infinities add as IEEE 754 has it (∞ − ∞ is NaN).
 * Reference: Neumaier 1974, Zeitschrift für Angewandte Mathematik und Mechanik 54, 39–51.
 */
export function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  // With an infinity in it the compensation is ∞ − ∞.
  return Number.isFinite(total) ? total + lost : total;
}

/** Arithmetic mean, compensated. Empty gives NaN; NaN gives NaN. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : sum(values) / values.length;
}

/**
 * Sample variance with n − 1, in two passes and compensated: exact to rounding also at a mean of 1e9.
 *
 * Fewer than two values give NaN; NaN or an infinity gives NaN; equal values give 0.
 */
export function variance(values: readonly number[]): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  const deviations = values.map((value) => value - centre);
  const squares = sum(deviations.map((deviation) => deviation ** 2));
  // The mean is rounded, so the deviations do not add up to zero exactly.
  return Math.max(0, squares - sum(deviations) ** 2 / values.length) / (values.length - 1);
}

/** The middle value, or the mean of the two middle ones. Empty gives NaN; NaN gives NaN. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The p-quantile of type 7: linear between order statistics, 0 the least value and 1 the greatest.
 *
 * Empty gives NaN; NaN gives NaN. Throws RangeError for p outside [0, 1].
 * Reference: Hyndman & Fan 1996, The American Statistician 50, 361–365.
 */
export function quantile(values: readonly number[], p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`expected a share between 0 and 1, received ${p}`);
  if (values.length === 0 || values.some(Number.isNaN)) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * p;
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  const share = place - Math.floor(place);
  return below === above ? below : below * (1 - share) + above * share;
}
