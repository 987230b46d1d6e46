import { type Exchange, permutedOrder } from "./permuted-order.ts";
import type { RandomStream } from "./random.ts";
import { fitRidge, predictRidge, type RidgeBasis, ridgeBasis } from "./ridge.ts";

/** Cases with columns to predict by. */
export interface Cases {
  /** Each as long as `weights`. */
  readonly columns: readonly Float64Array[];
  /** What a case's outcome counts, above 0. */
  readonly weights: Float64Array;
  /** Cases that are left out together; every case stands in one. */
  readonly folds: readonly (readonly number[])[];
}

/** A basis for each fold, of the cases outside it. */
export interface Fold {
  readonly out: readonly number[];
  readonly basis: RidgeBasis;
}

export interface OutOfSample {
  /** Of each case, from the others alone. */
  readonly predicted: Float64Array;
  /** Mean of the others, alike. */
  readonly mean: Float64Array;
  /** Weighted mean squares of what either is off. */
  readonly error: number;
  readonly meanError: number;
  /** 1 − error / meanError: 0 is no better than the mean of the others, 1 is without error; NaN where the mean has none. */
  readonly skill: number;
}

/** What does not depend on outcomes, so that many of them can be put to the same cases. Throws RangeError for fewer than two cases outside a fold. */
export function foldsOf({ columns, weights, folds }: Cases): Fold[] {
  return folds.map((out) => {
    const left = new Set(out);
    const train = Array.from(weights.keys()).filter((row) => !left.has(row));
    return { out, basis: ridgeBasis(columns, weights, train) };
  });
}

/**
 * Every case predicted by ridge regression (`fitRidge`) from the cases outside its fold, within `range`; scaling and
 * penalty come from those alone. Cost: folds × cases × columns.
 */
export function outOfSample(
  folds: readonly Fold[],
  weights: Float64Array,
  y: Float64Array,
  [least, most]: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): OutOfSample {
  const [predicted, mean] = [new Float64Array(y.length), new Float64Array(y.length)];
  let [error, meanError, total] = [0, 0, 0];
  for (const { out, basis } of folds) {
    const fit = fitRidge(basis, y);
    for (const row of out) {
      const told = Math.min(most, Math.max(least, predictRidge(basis, fit, row)));
      const weight = weights[row] as number;
      predicted[row] = told;
      mean[row] = fit.mean;
      error += weight * ((y[row] as number) - told) ** 2;
      meanError += weight * ((y[row] as number) - fit.mean) ** 2;
      total += weight;
    }
  }
  const varies = y.some((value) => value !== y[0]);
  const skill = varies && meanError > 0 ? 1 - error / meanError : Number.NaN;
  return { predicted, mean, error: error / total, meanError: meanError / total, skill };
}

/**
 * How often outcomes that have nothing to do with the cases are predicted as well: the whole procedure run again on
 * permuted outcomes, each with its weight; (b + 1) / (draws + 1), where b counts skills at least as great. 1 where there
 * is no skill to compare. Cost: draws times `outOfSample`, and as many bases where weights differ.
 */
export function permutationTest(
  cases: Cases,
  y: Float64Array,
  by: {
    readonly blocks: readonly (readonly number[])[];
    readonly exchange: Exchange;
    readonly draws: number;
    readonly stream: RandomStream;
    readonly range?: readonly [number, number];
  },
): number {
  const { weights } = cases;
  const folds = foldsOf(cases);
  const { skill } = outOfSample(folds, weights, y, by.range);
  if (Number.isNaN(skill)) return 1;
  const alike = weights.every((weight) => weight === weights[0]);
  let asGreat = 0;
  for (let draw = 0; draw < by.draws; draw += 1) {
    const order = permutedOrder(by.blocks, by.exchange, by.stream);
    const moved = (values: Float64Array) => Float64Array.from(order, (from) => values[from] as number);
    const carried = alike ? weights : moved(weights);
    const again = alike ? folds : foldsOf({ ...cases, weights: carried });
    // What differs by rounding only is a tie.
    if (outOfSample(again, carried, moved(y), by.range).skill >= skill - 1e-9) asGreat += 1;
  }
  return (asGreat + 1) / (by.draws + 1);
}
