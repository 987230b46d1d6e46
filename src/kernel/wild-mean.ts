import { invertTest } from "./invert-test.ts";
import { mean } from "./summary.ts";
import { wildScoreTest } from "./wild-cluster.ts";

export interface WildMean {
  readonly mean: number;
  /** Null where no end is found (two clusters), and both where all values are the same: their scatter is not known. */
  readonly low: number | null;
  readonly high: number | null;
  /** Of a mean of 0, two-sided. */
  readonly p: number;
  readonly n: number;
}

/**
 * Mean of one value a cluster, with the interval of means that the wild cluster bootstrap does not reject.
 *
 * `weights`: those of `wildWeights` for as many clusters. Throws RangeError for no values and for one that is not finite.
 * Reference: Cameron, Gelbach & Miller 2008, Review of Economics and Statistics 90, 414–427; Webb 2023, doi:10.1111/caje.12661.
 */
export function wildMean(values: readonly number[], weights: Float64Array, alpha = 0.05): WildMean {
  if (values.length === 0) throw new RangeError("expected at least 1 value, received none");
  if (!values.every(Number.isFinite)) throw new RangeError("expected finite values, received another");
  const n = values.length;
  const at = mean(values);
  const p = (value: number) =>
    wildScoreTest(
      Float64Array.from(values, (one) => one - value),
      weights,
    );
  const spread = Math.max(...values) - Math.min(...values);
  if (n === 1 || spread <= 1e-12 * Math.abs(at)) return { mean: at, low: null, high: null, p: n === 1 ? 1 : p(0), n };
  const [low, high] = invertTest(at, spread / Math.sqrt(n), (value) => p(value) > alpha);
  return { mean: at, low, high, p: p(0), n };
}
