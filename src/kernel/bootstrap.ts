import { multinomialDraw } from "./multinomial.ts";
import type { RandomStream } from "./random.ts";
import { quantile } from "./summary.ts";

export interface BootstrapInterval {
  /** Percentiles over the draws in which the statistic was defined; null where too many were not. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Draws in which it was NaN. */
  readonly undefinedDraws: number;
}

/** With a larger share of undefined draws the percentiles are of another population. */
const MOST_UNDEFINED = 0.05;

/**
 * Percentile bootstrap of statistics of units, all of them from the same draws.
 *
 * `weights` are the numbers of units of each kind; a draw has as many units, taken with replacement. Kinds make a draw
 * cost as much as there are different units. Throws RangeError unless level lies in (0, 1) and draws is at least 1.
 * Reference: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13.
 */
export function bootstrapIntervals(
  weights: Float64Array,
  statistics: readonly ((weights: Float64Array) => number)[],
  { stream, draws = 2000, level = 0.95 }: { stream: RandomStream; draws?: number; level?: number },
): BootstrapInterval[] {
  if (!(level > 0 && level < 1)) throw new RangeError(`expected a level between 0 and 1, received ${level}`);
  if (!Number.isSafeInteger(draws) || draws < 1) throw new RangeError(`expected at least 1 draw, received ${draws}`);
  const units = weights.reduce((total, weight) => total + weight, 0);
  const found = statistics.map(() => new Float64Array(draws));
  const drawn = new Float64Array(weights.length);
  for (let draw = 0; draw < draws; draw += 1) {
    multinomialDraw(stream, units, weights, drawn);
    for (const [index, statistic] of statistics.entries()) (found[index] as Float64Array)[draw] = statistic(drawn);
  }
  return found.map((values) => intervalOf(values, level));
}

function intervalOf(values: Float64Array, level: number): BootstrapInterval {
  const known = [...values].filter((value) => !Number.isNaN(value));
  const undefinedDraws = values.length - known.length;
  if (undefinedDraws > MOST_UNDEFINED * values.length) return { interval: null, undefinedDraws };
  return { interval: [quantile(known, (1 - level) / 2), quantile(known, (1 + level) / 2)], undefinedDraws };
}
