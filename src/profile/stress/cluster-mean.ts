import { type WildMean, wildMean } from "../../kernel/wild-mean.ts";
import type { Estimate } from "../../model/profile.ts";

/** Weights of the wild bootstrap for so many clusters. */
export type Weights = (clusters: number) => Float64Array;

/** What the clusters are, one of them and many. */
export interface Clusters {
  readonly one: string;
  readonly many: string;
}

/** Mean over clusters of one number each, with an interval over them; null where a cluster has none. */
export function meanOverClusters(
  values: readonly (number | null)[],
  weights: Weights,
  { one, many }: Clusters,
): { readonly estimate: Estimate; readonly p: number | null } {
  const known = values.filter((value) => value !== null);
  const missing = values.length - known.length;
  const without = (value: number | null, method: string) => ({
    estimate: { value, low: null, high: null, n: known.length, missing, method },
    p: null,
  });
  if (known.length === 0) return without(null, "nothing to estimate from");
  if (known.length === 1) return without(known[0] as number, `one ${one} has no interval`);
  const found = wildMean(known, weights(known.length));
  return { estimate: estimateOf(found, missing, many), p: found.p };
}

function estimateOf({ mean: value, low, high, n }: WildMean, missing: number, many: string): Estimate {
  const method =
    low === null && high === null
      ? `${many} agree to the last digit, or are two: no interval`
      : `wild cluster bootstrap over ${many}, 95 %`;
  return { value, low, high, n, missing, method };
}
