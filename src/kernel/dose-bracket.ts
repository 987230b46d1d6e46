import type { DoseShares } from "./threshold-set.ts";
import { wildScoreTest } from "./wild-cluster.ts";

/** Doses between which a rising rate passes one half; null where that lies beyond the doses that were tried. */
export interface DoseBracket {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Where a rate that rises passes one half, whatever the shape of its rise: from the greatest dose at which it is told to
 * be below one half to the least at which it is told to be above, each by the wild cluster bootstrap of clusters' means at
 * half of alpha.
 *
 * Both null with one cluster, without trials, and where the rate is told to fall from above to below. Of several rows of a
 * cluster at a dose the mean counts, by trials. Cost: one test a dose.
 */
export function doseBracket(data: DoseShares, weights: Float64Array, alpha = 0.05): DoseBracket {
  const doses = [...new Set(data.dose)].sort((a, b) => a - b);
  if (data.clusters < 2) return { low: null, high: null };
  const sides = doses.map((dose) => sideOf(data, dose, weights, alpha));
  const low = sides.lastIndexOf("below");
  const high = sides.indexOf("above");
  if (low >= 0 && high >= 0 && low > high) return { low: null, high: null };
  return { low: low < 0 ? null : (doses[low] as number), high: high < 0 ? null : (doses[high] as number) };
}

function sideOf(
  { dose, share, trials, cluster, clusters }: DoseShares,
  at: number,
  weights: Float64Array,
  alpha: number,
): "below" | "above" | "open" {
  const [hits, n] = [new Float64Array(clusters), new Float64Array(clusters)];
  for (let row = 0; row < dose.length; row += 1) {
    if (dose[row] !== at) continue;
    const of = cluster[row] as number;
    hits[of] = (hits[of] as number) + (share[row] as number) * (trials[row] as number);
    n[of] = (n[of] as number) + (trials[row] as number);
  }
  // A cluster without answers at this dose has nothing to say: it adds nothing to the sum.
  const excess = hits.map((hit, of) => ((n[of] as number) > 0 ? hit / (n[of] as number) - 0.5 : 0));
  if (wildScoreTest(excess, weights) > alpha) return "open";
  return excess.reduce((sum, one) => sum + one, 0) < 0 ? "below" : "above";
}
