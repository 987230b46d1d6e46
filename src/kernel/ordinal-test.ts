import { invertTest } from "./invert-test.ts";
import { fitOrdinal, type OrdinalData, type OrdinalEstimate } from "./ordinal-logit.ts";
import { efficientScores, type TestedParameter } from "./ordinal-score.ts";
import { poolRows } from "./pool-rows.ts";
import { sumByCluster, wildScoreTest } from "./wild-cluster.ts";

/** In which cluster each row lies, and how clusters are drawn anew. */
export interface RowClusters {
  readonly cluster: Int32Array;
  readonly clusters: number;
  /** Of `wildWeights`, for as many clusters. */
  readonly weights: Float64Array;
}

export interface CoefficientTest {
  /** Of a coefficient of 0, two-sided. */
  readonly p: number;
  /** Values of the coefficient that are not rejected; null where no end is found, and both where clusters are all alike. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Tests one coefficient of a fit, and inverts the test into an interval, by the wild cluster bootstrap of its efficient
 * scores: each value is put in as an offset, the other coefficients are fitted anew, and no draw needs a fit.
 *
 * Null where the fit without that predictor is none. Cost: at most 57 fits.
 * Reference: Kline & Santos 2012, Journal of Econometric Methods 1, 23–41, doi:10.1515/2156-6674.1006.
 */
export function testCoefficient(
  data: OrdinalData,
  fit: OrdinalEstimate,
  tested: number,
  { cluster, clusters, weights }: RowClusters,
  alpha = 0.05,
): CoefficientTest | null {
  const column = columnOf(data, tested);
  const [all, pooled] = [holding(data, tested), holding(poolRows(data), tested)];
  const chance = (value: number): number | null => {
    const refit = fitOrdinal(pooled(value));
    if (refit.status !== "fitted") return null;
    const scores = efficientScores(all(value), refit, { upper: column, lower: column });
    return wildScoreTest(clusterSums(scores, cluster, clusters), weights);
  };
  const p = chance(0);
  if (p === null) return null;
  const at = fit.coefficients[tested] as number;
  const range = Math.max(...column) - Math.min(...column);
  const cut = fit.thresholds.length;
  const error = Math.sqrt(fit.covariance.get(cut + tested, cut + tested));
  // Beyond what log-odds can mean, and where nothing else can be fitted, no value is called rejected.
  const kept = (value: number) => Math.abs(value - at) * range > MOST_LOGITS || (chance(value) ?? 1) > alpha;
  const [low, high] = invertTest(at, 2 * error, kept);
  // Clusters that are alike to the last digit tell nothing of how others would scatter.
  const alike = low !== null && high !== null && high - low < ALIKE * Math.max(1, Math.abs(at));
  return alike ? { p, low: null, high: null } : { p, low, high };
}

/**
 * p of the hypothesis that a predictor's slope is the same for all rungs, against another slope from a category on: the
 * proportional-odds assumption where it matters. Null where every category lies on one side.
 */
export function testProportionality(
  data: OrdinalData,
  fit: OrdinalEstimate,
  tested: number,
  from: number,
  { cluster, clusters, weights }: RowClusters,
): number | null {
  const { categories } = fit;
  if (categories.every((one) => one < from) || categories.every((one) => one >= from)) return null;
  const scores = efficientScores(data, fit, slopeFrom(data, fit, tested, from));
  return wildScoreTest(clusterSums(scores, cluster, clusters), weights);
}

/** From one end of a predictor to the other: chances of e^−100 are none. */
const MOST_LOGITS = 100;
/** Of a coefficient's size: intervals shorter than this come of clusters that do not differ. */
const ALIKE = 1e-4;

/** Of all rows' scores together: sums below this are rounding, and their ratio to each other says nothing. */
const NOTHING = 1e-9;

function clusterSums(scores: Float64Array, cluster: Int32Array, clusters: number): Float64Array {
  const least = NOTHING * scores.reduce((sum, one) => sum + Math.abs(one), 0);
  return sumByCluster(scores, cluster, clusters).map((score) => (Math.abs(score) <= least ? 0 : score));
}

/** A slope of its own for the thresholds of that category and above. */
function slopeFrom(data: OrdinalData, { categories }: OrdinalEstimate, tested: number, from: number): TestedParameter {
  const column = columnOf(data, tested);
  const above = (row: number) => categories[categories.indexOf(data.y[row] as number) + 1] ?? Number.NEGATIVE_INFINITY;
  return {
    upper: column.map((x, row) => (above(row) >= from ? x : 0)),
    lower: column.map((x, row) => ((data.y[row] as number) >= from ? x : 0)),
  };
}

function columnOf({ x, predictors, y }: OrdinalData, column: number): Float64Array {
  return Float64Array.from({ length: y.length }, (_, row) => x[row * predictors + column] as number);
}

/** The same rows with one coefficient held at a value: its predictor is part of the offset. */
function holding(data: OrdinalData, tested: number): (value: number) => OrdinalData {
  const { predictors, offset } = data;
  const column = columnOf(data, tested);
  const rest = { ...data, x: data.x.filter((_, at) => at % predictors !== tested), predictors: predictors - 1 };
  return (value) => ({ ...rest, offset: column.map((one, row) => value * one + (offset?.[row] ?? 0)) });
}
