import type { RandomStream } from "./random.ts";

/** Fewer clusters than this draw Webb's six weights: the two signs alone would give too few different samples. */
const FEW_CLUSTERS = 12;
const WEBB = [-Math.sqrt(1.5), -1, -Math.sqrt(0.5), Math.sqrt(0.5), 1, Math.sqrt(1.5)] as const;

/**
 * Weights of mean 0 and variance 1 for each draw and cluster, draw after draw: Webb's six points below twelve clusters,
 * else signs (Rademacher). Throws RangeError unless there are at least 1 draw and 2 clusters.
 * Reference: Webb 2023, Canadian Journal of Economics 56, 839–858, doi:10.1111/caje.12661.
 */
export function wildWeights(clusters: number, draws: number, stream: RandomStream): Float64Array {
  if (!(clusters >= 2)) throw new RangeError(`expected at least 2 clusters, received ${clusters}`);
  if (!(draws >= 1)) throw new RangeError(`expected at least 1 draw, received ${draws}`);
  const few = clusters < FEW_CLUSTERS;
  return Float64Array.from({ length: clusters * draws }, () =>
    few ? (WEBB[stream.integer(6)] as number) : stream.uniform() < 0.5 ? -1 : 1,
  );
}

/** Rows' values summed by cluster, clusters numbered from 0. */
export function sumByCluster(values: Float64Array, cluster: ArrayLike<number>, clusters: number): Float64Array {
  const sums = new Float64Array(clusters);
  values.forEach((value, row) => {
    const at = cluster[row] as number;
    sums[at] = (sums[at] as number) + value;
  });
  return sums;
}

/**
 * Two-sided p of the hypothesis that clusters' scores are 0 in the mean, by the wild bootstrap of the studentised sum:
 * (b + 1) / (draws + 1), where b counts draws at least as extreme. 1 where every score is 0.
 *
 * `scores` are sums over the rows of each cluster (`efficientScores`), `weights` those of `wildWeights` for as many
 * clusters. Throws RangeError for other lengths and for a score that is not finite. Cost: draws × clusters.
 * Reference: Kline & Santos 2012, doi:10.1515/2156-6674.1006; Cameron, Gelbach & Miller 2008, Review of Economics and Statistics 90, 414–427.
 */
export function wildScoreTest(scores: Float64Array, weights: Float64Array): number {
  const clusters = scores.length;
  const draws = weights.length / clusters;
  if (!Number.isInteger(draws))
    throw new RangeError(`expected weights for ${clusters} clusters, received ${weights.length}`);
  if (!scores.every(Number.isFinite)) throw new RangeError("expected finite scores, received another");
  const observed = studentised(scores, null, 0);
  if (observed === 0) return 1;
  // What differs by rounding only is a tie.
  const least = observed * (1 - 1e-9);
  let extreme = 0;
  for (let draw = 0; draw < draws; draw += 1) if (studentised(scores, weights, draw * clusters) >= least) extreme += 1;
  return (extreme + 1) / (draws + 1);
}

/** Square of the sum over the sum of squares: 0 where all scores are 0, as many as there are clusters where they are the same. */
function studentised(scores: Float64Array, weights: Float64Array | null, first: number): number {
  const clusters = scores.length;
  let total = 0;
  let squares = 0;
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    const score = (scores[cluster] as number) * (weights ? (weights[first + cluster] as number) : 1);
    total += score;
    squares += score * score;
  }
  if (squares === 0) return 0;
  // Monotone in the studentised sum, and finite where all scores are the same.
  return (total * total) / squares;
}
