import { type CodePatterns, type PatternStatistic, requireNumbers } from "./code-patterns.ts";

export interface PairKappa extends PatternStatistic {
  /** Mean difference of the two codes, over the n units that both coded and were each to keep its own rates at random. */
  readonly observed: number;
  readonly expected: number;
}

/**
 * Cohen's κ of two of the coders as a function of how many units have each pattern: plain where `values` is null, else
 * weighted by the square of the difference of the categories' numbers.
 *
 * Units that one of the two left out are left out. NaN where none is left, and where both use one category throughout,
 * which is 0/0: agreement that chance explains entirely. Throws RangeError where a category has no finite number.
 * Reference: Cohen 1960, Educational and Psychological Measurement 20, 37–46; 1968, Psychological Bulletin 70, 213–220.
 */
export function pairKappa(
  coded: CodePatterns,
  [first, second]: readonly [number, number],
  values: readonly number[] | null,
): (weights: Float64Array) => PairKappa {
  if (values) requireNumbers(coded, values);
  const pairs = coded.patterns.map((pattern) => [pattern[first] as number, pattern[second] as number] as const);
  const difference = (one: number, other: number): number =>
    values ? ((values[one] as number) - (values[other] as number)) ** 2 : Number(one !== other);
  return (weights) => {
    const ofFirst = new Float64Array(coded.categories);
    const ofSecond = new Float64Array(coded.categories);
    let n = 0;
    let observed = 0;
    for (const [index, [one, other]] of pairs.entries()) {
      const weight = one < 0 || other < 0 ? 0 : (weights[index] as number);
      if (weight === 0) continue;
      n += weight;
      observed += weight * difference(one, other);
      ofFirst[one] = (ofFirst[one] as number) + weight;
      ofSecond[other] = (ofSecond[other] as number) + weight;
    }
    const expected = byChance(ofFirst, ofSecond, values);
    // In whole numbers until the last step where the codes are names.
    const value = expected > 0 ? 1 - (observed * n) / expected : Number.NaN;
    return { value, n, observed: observed / n, expected: expected / (n * n) };
  };
}

/** Sum over all pairs of a code of the first and a code of the second of how far they differ. */
function byChance(first: Float64Array, second: Float64Array, values: readonly number[] | null): number {
  const totalOf = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
  if (values === null) {
    const alike = first.reduce((total, count, category) => total + count * (second[category] as number), 0);
    return totalOf(first) * totalOf(second) - alike;
  }
  // n·(spread of both + n·difference of means²), about the means, since plain squares lose their digits far from 0.
  const n = totalOf(first);
  const centre = (counts: Float64Array) =>
    counts.reduce((total, count, category) => total + count * (values[category] as number), 0) / n;
  const spread = (counts: Float64Array, about: number) =>
    counts.reduce((total, count, category) => total + count * ((values[category] as number) - about) ** 2, 0);
  const [one, other] = [centre(first), centre(second)];
  return n * (spread(first, one) + spread(second, other) + n * (one - other) ** 2);
}
