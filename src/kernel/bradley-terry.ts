import { normalQuantile } from "./distributions.ts";
import { logistic, softplus } from "./logistic-mass.ts";
import { type ConcaveFunction, maximiseConcave } from "./newton.ts";

/** One comparison of two items by number: which was found greater. */
export interface Comparison {
  readonly greater: number;
  readonly lesser: number;
}

export interface Strength {
  /** In logits: P(a is found greater than b) = σ(a − b). */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Comparisons that the item was in. */
  readonly n: number;
}

/**
 * Strengths of items from pairwise comparisons (Bradley and Terry 1952, Biometrika 39, 324–345) under a normal prior of
 * mean 0, so that an item that wins or loses always, or is never compared, has a finite strength; intervals are those of
 * the normal approximation at the maximum. The prior's standard deviation, in logits, pulls the whole scale together.
 *
 * Throws RangeError for an item outside 0 to `items` − 1, one compared with itself, and a prior that is not above 0.
 * Cost: some ten solutions of an items × items system.
 */
export function bradleyTerry(
  comparisons: readonly Comparison[],
  items: number,
  { priorSd, level = 0.95 }: { readonly priorSd: number; readonly level?: number },
): Strength[] {
  if (!(priorSd > 0 && priorSd < Number.POSITIVE_INFINITY))
    throw new RangeError(`expected a prior above 0, received ${priorSd}`);
  for (const { greater, lesser } of comparisons) {
    const valid = [greater, lesser].every((item) => Number.isSafeInteger(item) && item >= 0 && item < items);
    if (!valid || greater === lesser)
      throw new RangeError(`expected two different items below ${items}, received ${greater} and ${lesser}`);
  }
  const { at, covariance } = maximiseConcave(
    objectiveOf(comparisons, items, 1 / priorSd ** 2),
    new Float64Array(items),
  );
  if (covariance === null) throw new Error("expected the prior to bound every strength");
  const reach = -normalQuantile((1 - level) / 2);
  const counts = new Array<number>(items).fill(0);
  for (const { greater, lesser } of comparisons)
    for (const item of [greater, lesser]) counts[item] = (counts[item] as number) + 1;
  return Array.from(at, (value, item) => {
    const error = Math.sqrt(covariance.get(item, item));
    return { value, low: value - reach * error, high: value + reach * error, n: counts[item] as number };
  });
}

function objectiveOf(comparisons: readonly Comparison[], items: number, precision: number): ConcaveFunction {
  const value = (at: Float64Array) => {
    let total = 0;
    for (const { greater, lesser } of comparisons) total -= softplus((at[lesser] as number) - (at[greater] as number));
    for (const strength of at) total -= (precision * strength * strength) / 2;
    return total;
  };
  const curvature = (at: Float64Array) => {
    const gradient = at.map((strength) => -precision * strength);
    const information = new Float64Array(items * items);
    for (let item = 0; item < items; item += 1) information[item * items + item] = precision;
    for (const { greater, lesser } of comparisons) {
      const missed = logistic((at[lesser] as number) - (at[greater] as number));
      gradient[greater] = (gradient[greater] as number) + missed;
      gradient[lesser] = (gradient[lesser] as number) - missed;
      const bend = missed * (1 - missed);
      for (const item of [greater, lesser])
        information[item * items + item] = (information[item * items + item] as number) + bend;
      const [first, second] = greater < lesser ? [greater, lesser] : [lesser, greater];
      information[first * items + second] = (information[first * items + second] as number) - bend;
    }
    return { value: value(at), gradient, information };
  };
  return { value, curvature };
}
