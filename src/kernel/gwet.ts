import { type CodePatterns, countsIn, type PatternStatistic, requireNumbers } from "./code-patterns.ts";

export interface GwetCoefficient extends PatternStatistic {
  /** Weighted share of pairs that agree, and the same were codes given at random. */
  readonly observed: number;
  readonly expected: number;
}

/**
 * Gwet's AC1, or with numbers for the categories his AC2 with quadratic weights, as a function of how many units have
 * each pattern.
 *
 * `values` null: only equal codes agree (AC1). Otherwise two codes agree by 1 − (difference/range)² of their numbers
 * (AC2). Any number of coders; units with two codes or more tell agreement, all with one or more how often a category is
 * used. Every category counts, used or not. NaN where no unit has two codes, and where there is one category only. Throws RangeError where a category has no finite number.
 * Reference: Gwet 2014, Handbook of Inter-Rater Reliability, 4th edition, ch. 5.
 */
export function gwetCoefficient(
  coded: CodePatterns,
  values: readonly number[] | null,
): (weights: Float64Array) => GwetCoefficient {
  const { categories } = coded;
  if (values) requireNumbers(coded, values);
  const agree = agreementWeights(categories, values);
  const units = coded.patterns.map((pattern) => {
    const counts = countsIn(pattern);
    const codes = counts.reduce((total, [, count]) => total + count, 0);
    return { counts, codes, agreement: pairAgreement(counts, codes, agree) };
  });
  let total = 0;
  for (let one = 0; one < categories; one += 1)
    for (let other = 0; other < categories; other += 1) total += agree(one, other);
  return (weights) => {
    const shares = new Float64Array(categories);
    let n = 0;
    let coded = 0;
    let agreed = 0;
    for (const [index, { counts, codes, agreement }] of units.entries()) {
      const weight = weights[index] as number;
      if (codes === 0 || weight === 0) continue;
      coded += weight;
      for (const [category, count] of counts)
        shares[category] = (shares[category] as number) + (weight * count) / codes;
      if (codes < 2) continue;
      n += weight;
      agreed += weight * agreement;
    }
    const observed = agreed / n;
    const spread = shares.reduce((sum, share) => sum + (share / coded) * (1 - share / coded), 0);
    const expected = (total / (categories * (categories - 1))) * spread;
    return { value: (observed - expected) / (1 - expected), n, observed, expected };
  };
}

type Weight = (one: number, other: number) => number;

function agreementWeights(categories: number, values: readonly number[] | null): Weight {
  if (values === null) return (one, other) => (one === other ? 1 : 0);
  const range = Math.max(...values) - Math.min(...values);
  const at = (category: number) => values[category] as number;
  return categories < 2 ? () => 1 : (one, other) => 1 - ((at(one) - at(other)) / range) ** 2;
}

function pairAgreement(counts: readonly (readonly [number, number])[], codes: number, agree: Weight): number {
  if (codes < 2) return Number.NaN;
  let total = 0;
  for (const [one, ofOne] of counts) {
    let alike = 0;
    for (const [other, ofOther] of counts) alike += agree(one, other) * ofOther;
    total += ofOne * (alike - 1);
  }
  return total / (codes * (codes - 1));
}
