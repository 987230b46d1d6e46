import type { Matrix } from "ml-matrix";
import { logistic, softplus } from "./logistic-mass.ts";
import { type ConcaveFunction, type Curvature, maximiseConcave } from "./newton.ts";

/** Rows of a logistic regression; a constant is a column like any other. */
export interface LogisticData {
  /** n × `predictors`, row after row. */
  readonly x: Float64Array;
  readonly predictors: number;
  /** Share of successes of each row, 0 to 1. */
  readonly y: Float64Array;
  /** Trials of each row, 1 where absent. */
  readonly weights?: Float64Array;
}

export interface LogisticEstimate {
  readonly status: "fitted";
  readonly coefficients: Float64Array;
  /** Without the binomial coefficients, which do not depend on the fit. */
  readonly logLikelihood: number;
  readonly covariance: Matrix;
}

/** A fit, or why there is none: no rows, columns that depend on each other, or successes that some direction tells apart. */
export type LogisticFit = LogisticEstimate | { readonly status: "empty" | "collinear" | "separated" };

/** A row's linear predictor beyond this at the maximum: what it foretells is 0 or 1 to rounding, so nothing bounds it. */
const UNBOUNDED = 25;

/**
 * Logistic regression of shares by maximum likelihood: Newton's method with halved steps on a concave log-likelihood.
 *
 * Rows of weight 0 count for nothing. Throws RangeError for lists of unequal length, numbers that are not finite, shares
 * outside 0 to 1 and weights below 0.
 */
export function fitLogistic(data: LogisticData): LogisticFit {
  requireRows(data);
  const { predictors, y, weights } = data;
  if (y.length === 0 || weights?.every((weight) => weight === 0)) return { status: "empty" };
  const objective: ConcaveFunction = { value: (at) => logLikelihood(data, at), curvature: (at) => curvature(data, at) };
  const { at, value, iterations, covariance } = maximiseConcave(objective, new Float64Array(predictors));
  if (covariance === null) return { status: iterations === 1 ? "collinear" : "separated" };
  const bounded = Array.from(
    y,
    (_, row) => (weights?.[row] ?? 1) === 0 || Math.abs(predictorOf(data, row, at)) <= UNBOUNDED,
  );
  if (!bounded.every(Boolean)) return { status: "separated" };
  return { status: "fitted", coefficients: at, logLikelihood: value, covariance };
}

function requireRows({ x, predictors, y, weights }: LogisticData): void {
  const n = y.length;
  if (x.length !== n * predictors || (weights && weights.length !== n))
    throw new RangeError(`expected ${n} rows of ${predictors} predictors, received others`);
  if (!x.every(Number.isFinite)) throw new RangeError("expected finite predictors, received another");
  if (!y.every((share) => share >= 0 && share <= 1))
    throw new RangeError("expected shares from 0 to 1, received another");
  if (weights && !weights.every((weight) => weight >= 0 && Number.isFinite(weight)))
    throw new RangeError("expected finite weights of at least 0, received another");
}

function predictorOf({ x, predictors }: LogisticData, row: number, at: Float64Array): number {
  let eta = 0;
  for (let j = 0; j < predictors; j += 1) eta += (x[row * predictors + j] as number) * (at[j] as number);
  return eta;
}

function logLikelihood(data: LogisticData, at: Float64Array): number {
  let total = 0;
  for (let row = 0; row < data.y.length; row += 1) {
    const weight = data.weights?.[row] ?? 1;
    if (weight === 0) continue;
    const eta = predictorOf(data, row, at);
    total += weight * ((data.y[row] as number) * eta - softplus(eta));
  }
  return total;
}

function curvature(data: LogisticData, at: Float64Array): Curvature {
  const { x, predictors: p, y, weights } = data;
  const gradient = new Float64Array(p);
  const information = new Float64Array(p * p);
  for (let row = 0; row < y.length; row += 1) {
    const weight = weights?.[row] ?? 1;
    if (weight === 0) continue;
    const share = logistic(predictorOf(data, row, at));
    const slope = weight * ((y[row] as number) - share);
    const bend = weight * share * (1 - share);
    for (let i = 0; i < p; i += 1) {
      const value = x[row * p + i] as number;
      gradient[i] = (gradient[i] as number) + slope * value;
      for (let j = i; j < p; j += 1)
        information[i * p + j] = (information[i * p + j] as number) + bend * value * (x[row * p + j] as number);
    }
  }
  return { value: logLikelihood(data, at), gradient, information };
}
