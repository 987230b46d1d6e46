import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/**
 * Ratios of what the columns together are taken to explain to what they leave over, of which one is chosen; 0 is the
 * plain mean. Nothing is taken to explain more than four fifths.
 */
const RATIOS = [0, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4] as const;

/** A column whose standard deviation is less than this share of its size does not vary. */
const ROUNDING = 1e-9;

/** Columns standardised over the rows that are trained on, and turned so that they are independent there. */
export interface RidgeBasis {
  readonly train: Int32Array;
  /** Of the rows trained on, of mean 1. */
  readonly weights: Float64Array;
  /** Columns that vary over the rows trained on. */
  readonly columns: readonly number[];
  /** All rows, those left out as well, by turned column: rows × columns. */
  readonly turned: Float64Array;
  /** Weighted squares of each turned column over the rows trained on. */
  readonly squares: Float64Array;
  /** Column by turned column: what a slope in the turned columns is in standard deviations of the given ones. */
  readonly turn: Matrix;
}

export interface RidgeFit {
  /** Weighted mean of the rows trained on. */
  readonly mean: number;
  /** The ratio that was chosen. */
  readonly ratio: number;
  /** By turned column. */
  readonly slopes: Float64Array;
}

/**
 * What a ridge regression needs of its columns, by row: means, standard deviations and axes of the rows trained on.
 *
 * `columns`: each as long as `weights`, which are above 0; nothing of the rows left out is looked at but to place them. Throws RangeError
 * where fewer than two rows are trained on. Cost: rows × columns² and one eigendecomposition.
 */
export function ridgeBasis(
  columns: readonly Float64Array[],
  weights: Float64Array,
  train: readonly number[],
): RidgeBasis {
  if (train.length < 2) throw new RangeError(`expected two rows or more to train on, received ${train.length}`);
  const total = train.reduce((sum, row) => sum + (weights[row] as number), 0);
  const own = Float64Array.from(train, (row) => ((weights[row] as number) * train.length) / total);
  const standard = columns.map((column) => standardised(column, train, own));
  const kept = standard.flatMap((column, index) => (column === null ? [] : [{ column, index }]));
  const size = kept.length;
  const cross = new Matrix(size, size);
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j < size; j += 1) cross.set(i, j, product(kept[i]?.column, kept[j]?.column, train, own));
  const axes = size === 0 ? null : new EigenvalueDecomposition(cross, { assumeSymmetric: true });
  const turn = axes?.eigenvectorMatrix ?? new Matrix(0, 0);
  const turned = new Float64Array(weights.length * size);
  for (let row = 0; row < weights.length; row += 1)
    for (let j = 0; j < size; j += 1) {
      let sum = 0;
      for (let i = 0; i < size; i += 1) sum += (kept[i]?.column[row] as number) * turn.get(i, j);
      turned[row * size + j] = sum;
    }
  const squares = Float64Array.from(axes?.realEigenvalues ?? [], (value) => Math.max(0, value));
  return {
    train: Int32Array.from(train),
    weights: own,
    columns: kept.map(({ index }) => index),
    turned,
    squares,
    turn,
  };
}

/**
 * Ridge regression of `y` on a basis, the mean unpenalised: slopes are normal about 0 and the variance of what is left
 * over is `1 / weight` times one unknown; of eight ratios the one is taken under which the rows trained on are likeliest
 * (restricted likelihood), the least of those that tie.
 *
 * Where `y` does not vary the slopes are 0. Reference: Patterson & Thompson 1971, Biometrika 58, 545–554; Hoerl & Kennard
 * 1970, Technometrics 12, 55–67. Cost: rows × columns.
 */
export function fitRidge({ train, weights, turned, squares }: RidgeBasis, y: Float64Array): RidgeFit {
  const [size, rows] = [squares.length, train.length];
  let mean = 0;
  for (let at = 0; at < rows; at += 1) mean += (weights[at] as number) * (y[train[at] as number] as number);
  mean /= rows;
  let spread = 0;
  const along = new Float64Array(size);
  for (let at = 0; at < rows; at += 1) {
    const row = train[at] as number;
    const off = (y[row] as number) - mean;
    const weighted = (weights[at] as number) * off;
    spread += weighted * off;
    for (let j = 0; j < size; j += 1) along[j] = (along[j] as number) + weighted * (turned[row * size + j] as number);
  }
  // Of equal outcomes the mean differs by rounding.
  const varies = spread > (ROUNDING * mean) ** 2 * rows;
  const ratio = size === 0 || !varies ? 0 : likeliest(along, squares, spread, rows);
  const prior = ratio / size;
  return { mean, ratio, slopes: ratio === 0 ? new Float64Array(size) : shrunk(along, squares, prior) };
}

/** What a fit says of a row. */
export function predictRidge({ turned, squares }: RidgeBasis, { mean, slopes }: RidgeFit, row: number): number {
  let sum = mean;
  for (let j = 0; j < squares.length; j += 1)
    sum += (slopes[j] as number) * (turned[row * squares.length + j] as number);
  return sum;
}

/** Slopes of the given columns, a standard deviation each; 0 of a column that does not vary. */
export function slopesOf({ columns, turn }: RidgeBasis, { slopes }: RidgeFit, size: number): number[] {
  const found = new Array<number>(size).fill(0);
  for (const [i, column] of columns.entries())
    found[column] = slopes.reduce((sum, slope, j) => sum + slope * turn.get(i, j), 0);
  return found;
}

function standardised(column: Float64Array, train: readonly number[], weights: Float64Array): Float64Array | null {
  let [mean, square, most] = [0, 0, 0];
  for (const [at, row] of train.entries()) {
    mean += ((weights[at] as number) * (column[row] as number)) / train.length;
    most = Math.max(most, Math.abs(column[row] as number));
  }
  for (const [at, row] of train.entries()) square += (weights[at] as number) * ((column[row] as number) - mean) ** 2;
  const deviation = Math.sqrt(square / train.length);
  return deviation > ROUNDING * most ? column.map((value) => (value - mean) / deviation) : null;
}

function product(
  first: Float64Array | undefined,
  second: Float64Array | undefined,
  train: readonly number[],
  weights: Float64Array,
): number {
  let sum = 0;
  for (const [at, row] of train.entries())
    sum += (weights[at] as number) * (first?.[row] as number) * (second?.[row] as number);
  return sum;
}

function likeliest(along: Float64Array, squares: Float64Array, spread: number, rows: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const ratio of RATIOS) {
    const prior = ratio / squares.length;
    let left = spread;
    let volume = 1;
    for (let j = 0; j < squares.length; j += 1) {
      const widened = 1 + prior * (squares[j] as number);
      left -= ((along[j] as number) ** 2 * prior) / widened;
      volume *= widened;
    }
    // A perfect fit leaves rounding over.
    const deviance = (rows - 1) * Math.log(Math.max(left, 1e-12 * spread)) + Math.log(volume);
    if (deviance < least - 1e-12) {
      best = ratio;
      least = deviance;
    }
  }
  return best;
}

function shrunk(along: Float64Array, squares: Float64Array, prior: number): Float64Array {
  return along.map((value, j) => (prior * value) / (1 + prior * (squares[j] as number)));
}
