import type { Matrix } from "ml-matrix";
import { logMass, slopesOfMass } from "./logistic-mass.ts";
import { type ConcaveFunction, type Curvature, type Maximum, maximiseConcave } from "./newton.ts";
import { sum } from "./summary.ts";

/** Rows of a cumulative-logit regression. */
export interface OrdinalData {
  /** Predictors, n × `predictors`, row after row. */
  readonly x: Float64Array;
  readonly predictors: number;
  /** Category of each row, a whole number; the order of numbers is the order of categories. */
  readonly y: ArrayLike<number>;
  /** Weight of each row, 1 where absent. */
  readonly weights?: Float64Array;
  /** Added to the linear predictor of each row, 0 where absent. */
  readonly offset?: Float64Array;
}

export interface OrdinalEstimate {
  readonly status: "fitted";
  /** One a predictor: change of the log-odds of a higher category. */
  readonly coefficients: Float64Array;
  /** log-odds of P(Y ≤ category) at zero, one for each category but the last, rising. */
  readonly thresholds: Float64Array;
  /** Those that occur. */
  readonly categories: readonly number[];
  readonly logLikelihood: number;
  readonly iterations: number;
  /** Inverse of the observed information; thresholds first, then coefficients. */
  readonly covariance: Matrix;
}

/** A fit, or why there is none; never NaN. */
export type OrdinalFit =
  | OrdinalEstimate
  | { readonly status: "empty" }
  | { readonly status: "one-category"; readonly category: number }
  /** The predictor is constant, or a sum of multiples of those before it. */
  | { readonly status: "collinear"; readonly predictor: number }
  /** Some direction of the predictors orders the categories wholly or nearly, so that no finite fit is best. */
  | { readonly status: "separated"; readonly predictors: readonly number[]; readonly signs: readonly (1 | -1)[] };

/** Standard error over the predictor's range above which nothing bounds the coefficient. */
const UNBOUNDED = 300;

/**
 * Cumulative-logit (proportional-odds) regression by maximum likelihood: logit P(Y ≤ k) = θ_k − xβ.
 *
 * Newton's method with halved steps; the log-likelihood is concave, so what is found is the maximum. Categories that
 * do not occur have no threshold. Rows of weight 0 count for nothing. Throws RangeError for lists of unequal length and for
 * numbers that are not finite, or weights below 0. Cost: some eight passes of n·p²/2.
 * Reference: McCullagh 1980, Journal of the Royal Statistical Society B 42, 109–142; Pratt 1981, JASA 76, 103–106 (concavity).
 */
export function fitOrdinal(data: OrdinalData): OrdinalFit {
  const rows = ordinalRows(data);
  const { predictors, categories } = rows;
  if (categories.length === 0) return { status: "empty" };
  if (categories.length === 1) return { status: "one-category", category: categories[0] as number };
  const dependent = firstDependent(rows);
  if (dependent !== null) return { status: "collinear", predictor: dependent };
  const objective: ConcaveFunction = {
    value: (at) => logLikelihoodAt(rows, at),
    curvature: (at) => curvature(rows, at),
  };
  const found = maximiseConcave(objective, startingPoint(rows));
  const spread = ranges(rows);
  const cut = categories.length - 1;
  const errors = Array.from({ length: predictors }, (_, j) =>
    found.covariance === null
      ? Number.POSITIVE_INFINITY
      : Math.sqrt(found.covariance.get(cut + j, cut + j)) * (spread[j] as number),
  );
  if (found.covariance === null || errors.some((error) => !(error < UNBOUNDED)))
    return separated(rows, found, errors, spread);
  return {
    status: "fitted",
    coefficients: found.at.slice(cut),
    thresholds: found.at.slice(0, cut),
    categories,
    logLikelihood: found.value,
    iterations: found.iterations,
    covariance: found.covariance,
  };
}

/** Rows that were looked over; `place` is that of the row's category among those that occur. */
export interface OrdinalRows {
  readonly n: number;
  readonly predictors: number;
  readonly x: Float64Array;
  readonly place: Int32Array;
  readonly weights: Float64Array;
  readonly offset: Float64Array;
  /** Those that occur, rising, and the weight on each. */
  readonly categories: readonly number[];
  readonly counts: readonly number[];
}

export function ordinalRows({ x, predictors, y, weights, offset }: OrdinalData): OrdinalRows {
  const n = y.length;
  for (const [name, list, length] of [
    ["x", x, n * predictors],
    ["weights", weights, n],
    ["offset", offset, n],
  ] as const) {
    if (list === undefined) continue;
    if (list.length !== length) throw new RangeError(`expected ${length} numbers of ${name}, received ${list.length}`);
    if (!list.every(Number.isFinite)) throw new RangeError(`expected finite numbers of ${name}, received another`);
  }
  if (weights?.some((weight) => weight < 0)) throw new RangeError("expected weights of at least 0, received less");
  const counts = new Map<number, number>();
  for (let row = 0; row < n; row += 1) {
    const category = y[row] as number;
    const weight = weights?.[row] ?? 1;
    if (!Number.isSafeInteger(category))
      throw new RangeError(`expected whole numbers as categories, received ${category}`);
    if (weight > 0) counts.set(category, (counts.get(category) ?? 0) + weight);
  }
  const categories = [...counts.keys()].sort((a, b) => a - b);
  const places = new Map(categories.map((category, place) => [category, place]));
  return {
    n,
    predictors,
    x,
    // A category that no weight is on has no place; its rows count for nothing anywhere.
    place: Int32Array.from({ length: n }, (_, row) => places.get(y[row] as number) ?? 0),
    weights: weights ?? new Float64Array(n).fill(1),
    offset: offset ?? new Float64Array(n),
    categories,
    counts: categories.map((category) => counts.get(category) as number),
  };
}

/** Ranges of the predictors over the rows that count: of a rare mark the whole step, whatever its standard deviation. */
function ranges({ n, predictors, x, weights }: OrdinalRows): Float64Array {
  const least = new Float64Array(predictors).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(predictors).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < n; row += 1) {
    if (weights[row] === 0) continue;
    for (let j = 0; j < predictors; j += 1) {
      const value = x[row * predictors + j] as number;
      if (value < (least[j] as number)) least[j] = value;
      if (value > (most[j] as number)) most[j] = value;
    }
  }
  return most.map((value, j) => value - (least[j] as number));
}

/** The first predictor that the constant and those before it give, by Gram and Schmidt; null where there is none. */
function firstDependent({ n, predictors, x, weights }: OrdinalRows): number | null {
  const counts = (row: number) => (weights[row] === 0 ? 0 : 1);
  const counted = weights.reduce((sum, weight) => sum + (weight === 0 ? 0 : 1), 0);
  const basis: Float64Array[] = [Float64Array.from({ length: n }, (_, row) => counts(row) / Math.sqrt(counted))];
  for (let j = 0; j < predictors; j += 1) {
    const column = Float64Array.from({ length: n }, (_, row) => counts(row) * (x[row * predictors + j] as number));
    const size = Math.sqrt(dot(column, column));
    // Twice: once leaves rounding of the size of what was taken out.
    for (const direction of [...basis, ...basis]) {
      const share = dot(column, direction);
      for (let row = 0; row < n; row += 1) column[row] = (column[row] as number) - share * (direction[row] as number);
    }
    const rest = Math.sqrt(dot(column, column));
    if (!(rest > 1e-9 * size)) return j;
    basis.push(column.map((value) => value / rest));
  }
  return null;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let at = 0; at < a.length; at += 1) total += (a[at] as number) * (b[at] as number);
  return total;
}

/** Coefficients 0 and the thresholds of the shares. */
function startingPoint({ predictors, counts }: OrdinalRows): Float64Array {
  const total = sum(counts);
  const point = new Float64Array(counts.length - 1 + predictors);
  for (let k = 0, below = 0; k < counts.length - 1; k += 1) {
    below += counts[k] as number;
    point[k] = Math.log(below / (total - below));
  }
  return point;
}

function rising(parameters: Float64Array, cut: number): boolean {
  for (let k = 1; k < cut; k += 1) if (!((parameters[k] as number) > (parameters[k - 1] as number))) return false;
  return true;
}

export function linearPredictor(
  { predictors, x, offset }: OrdinalRows,
  row: number,
  parameters: Float64Array,
  cut: number,
): number {
  let eta = offset[row] as number;
  const first = row * predictors;
  for (let j = 0; j < predictors; j += 1) eta += (x[first + j] as number) * (parameters[cut + j] as number);
  return eta;
}

/** −∞ where the thresholds do not rise. */
function logLikelihoodAt(rows: OrdinalRows, parameters: Float64Array): number {
  const cut = rows.categories.length - 1;
  if (!rising(parameters, cut)) return Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let row = 0; row < rows.n; row += 1) {
    const eta = linearPredictor(rows, row, parameters, cut);
    const place = rows.place[row] as number;
    const upper = place < cut ? (parameters[place] as number) - eta : Number.POSITIVE_INFINITY;
    const lower = place > 0 ? (parameters[place - 1] as number) - eta : Number.NEGATIVE_INFINITY;
    total += (rows.weights[row] as number) * logMass(lower, upper);
  }
  return total;
}

/** Log-likelihood, its gradient and the observed information. */
function curvature(rows: OrdinalRows, parameters: Float64Array): Curvature {
  const { n, predictors: p, x, place, weights, categories } = rows;
  const cut = categories.length - 1;
  const size = cut + p;
  const gradient = new Float64Array(size);
  const information = new Float64Array(size * size);
  const add = (i: number, j: number, value: number) => {
    information[i * size + j] = (information[i * size + j] as number) + value;
  };
  const slopes = new Float64Array(5);
  let logLikelihood = 0;
  for (let row = 0; row < n; row += 1) {
    const weight = weights[row] as number;
    const eta = linearPredictor(rows, row, parameters, cut);
    const k = place[row] as number;
    const upper = k < cut ? (parameters[k] as number) - eta : Number.POSITIVE_INFINITY;
    const lower = k > 0 ? (parameters[k - 1] as number) - eta : Number.NEGATIVE_INFINITY;
    logLikelihood += weight * logMass(lower, upper);
    slopesOfMass(lower, upper, slopes);
    const [atUpper, atLower] = [weight * (slopes[0] as number), weight * (slopes[1] as number)];
    const [upperBend, lowerBend] = [weight * (slopes[2] as number), weight * (slopes[3] as number)];
    const bend = weight * (slopes[4] as number);
    const first = row * p;
    if (k < cut) {
      gradient[k] = (gradient[k] as number) + atUpper;
      add(k, k, upperBend + bend);
      for (let j = 0; j < p; j += 1) add(k, cut + j, -upperBend * (x[first + j] as number));
    }
    if (k > 0) {
      gradient[k - 1] = (gradient[k - 1] as number) + atLower;
      add(k - 1, k - 1, lowerBend + bend);
      if (k < cut) add(k - 1, k, -bend);
      for (let j = 0; j < p; j += 1) add(k - 1, cut + j, -lowerBend * (x[first + j] as number));
    }
    const slope = -(atUpper + atLower);
    const both = upperBend + lowerBend;
    for (let i = 0; i < p; i += 1) {
      const value = x[first + i] as number;
      gradient[cut + i] = (gradient[cut + i] as number) + slope * value;
      const scaled = both * value;
      const line = (cut + i) * size + cut;
      for (let j = i; j < p; j += 1)
        information[line + j] = (information[line + j] as number) + scaled * (x[first + j] as number);
    }
  }
  return { value: logLikelihood, gradient, information };
}

function separated(rows: OrdinalRows, found: Maximum, errors: readonly number[], spread: Float64Array): OrdinalFit {
  const cut = rows.categories.length - 1;
  const pull = errors.map((_, j) => (found.at[cut + j] as number) * (spread[j] as number));
  const greatest = Math.max(...pull.map(Math.abs));
  const predictors = pull.flatMap((one, j) =>
    found.covariance === null
      ? Math.abs(one) >= greatest / 10
        ? [j]
        : []
      : (errors[j] as number) < UNBOUNDED
        ? []
        : [j],
  );
  return { status: "separated", predictors, signs: predictors.map((j) => ((pull[j] as number) < 0 ? -1 : 1)) };
}
