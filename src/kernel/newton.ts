import { CholeskyDecomposition, Matrix } from "ml-matrix";

export interface Curvature {
  readonly value: number;
  readonly gradient: Float64Array;
  /** Minus the second derivatives, p × p, the upper triangle filled. */
  readonly information: Float64Array;
}

export interface ConcaveFunction {
  /** −∞ outside of where it is defined. */
  value(at: Float64Array): number;
  curvature(at: Float64Array): Curvature;
}

export interface Maximum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Inverse of the information; null where there is none. */
  readonly covariance: Matrix | null;
}

const MOST_ITERATIONS = 200;
/** Of the squared Newton decrement: one more step is then exact to rounding. */
const CLOSE_ENOUGH = 1e-10;

/**
 * The maximum of a concave function by Newton's method with halved steps, from a point where it is finite.
 *
 * Ends early, without covariance, where the information is no longer positive definite: then nothing bounds the way up.
 */
export function maximiseConcave(objective: ConcaveFunction, start: Float64Array): Maximum {
  let at = start;
  for (let iterations = 1, last = false; ; iterations += 1) {
    const { value, gradient, information } = objective.curvature(at);
    const factors = new CholeskyDecomposition(mirrored(information, at.length));
    if (!factors.isPositiveDefinite() || nearlySingular(factors)) return { at, value, iterations, covariance: null };
    if (last || iterations === MOST_ITERATIONS)
      return { at, value, iterations, covariance: factors.solve(Matrix.eye(at.length)) };
    const step = factors.solve(Matrix.columnVector([...gradient])).to1DArray();
    const decrement = step.reduce((sum, by, j) => sum + by * (gradient[j] as number), 0);
    // So near the top a step squares what is left, while values differ by rounding only.
    last = decrement <= CLOSE_ENOUGH;
    const next = last ? stepped(at, step, 1) : climb(objective, at, step, value);
    last ||= next === null;
    at = next ?? at;
  }
}

/** The farthest of step, half of it, a quarter … that does not lead down; null where all of them do. */
function climb(
  objective: ConcaveFunction,
  from: Float64Array,
  step: readonly number[],
  least: number,
): Float64Array | null {
  for (let share = 1; share > 1e-9; share /= 2) {
    const to = stepped(from, step, share);
    if (objective.value(to) >= least) return to;
  }
  return null;
}

function stepped(from: Float64Array, step: readonly number[], share: number): Float64Array {
  return from.map((one, j) => one + share * (step[j] as number));
}

function mirrored(upper: Float64Array, size: number): Matrix {
  const full = new Matrix(size, size);
  for (let i = 0; i < size; i += 1)
    for (let j = i; j < size; j += 1) {
      full.set(i, j, upper[i * size + j] as number);
      full.set(j, i, upper[i * size + j] as number);
    }
  return full;
}

/** Whether what some column has beyond those before it is rounding. */
function nearlySingular({ lowerTriangularMatrix: lower }: CholeskyDecomposition): boolean {
  for (let i = 0; i < lower.rows; i += 1) if (!(lower.get(i, i) > 1e-7 * Math.hypot(...lower.getRow(i)))) return true;
  return false;
}
