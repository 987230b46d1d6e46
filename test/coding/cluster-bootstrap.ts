import { cohenKappa } from "../../src/kernel/agreement.ts";
import { bootstrapIntervals } from "../../src/kernel/bootstrap.ts";
import { randomStream } from "../../src/kernel/random.ts";
import type { Estimate } from "../../src/model/profile.ts";

/**
 * A statistic of units that come in clusters, such as the utterances of a dialogue, with the percentile interval of a
 * bootstrap over clusters. `statistic` gives null where it is not defined.
 */
export function clusterEstimate<T>(
  clusters: readonly (readonly T[])[],
  statistic: (units: readonly T[]) => number | null,
  name: string,
): Estimate {
  const units = clusters.flat();
  const value = units.length === 0 ? null : statistic(units);
  const bare = { value, n: units.length, missing: 0 };
  const [found] = bootstrapIntervals(
    new Float64Array(clusters.length).fill(1),
    [(weights) => statistic(clusters.flatMap((cluster, at) => repeated(cluster, weights[at] as number))) ?? Number.NaN],
    { stream: randomStream(1, "cluster-bootstrap", name) },
  );
  const [low, high] = (value === null ? null : found?.interval) ?? [null, null];
  return { ...bare, low, high, method: `percentiles of a bootstrap over ${clusters.length} clusters` };
}

function repeated<T>(cluster: readonly T[], times: number): readonly T[] {
  return Array.from({ length: times }, () => cluster).flat();
}

/** Cohen's κ of pairs of codes; null where chance explains everything. */
export function kappaOfPairs(pairs: readonly (readonly [string, string])[]): number | null {
  if (pairs.length === 0) return null;
  const { kappa } = cohenKappa(
    pairs.map(([one]) => one),
    pairs.map(([, other]) => other),
  );
  return Number.isFinite(kappa) ? kappa : null;
}
