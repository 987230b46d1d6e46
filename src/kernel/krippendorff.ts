import { type CodePatterns, countsIn, type PatternStatistic, requireNumbers } from "./code-patterns.ts";

/** When two codes differ, and how far: `nominal` whenever they are two, `ordinal` by ranks, the others by their numbers. */
export type Metric = "nominal" | "ordinal" | "interval" | "ratio";

/**
 * Krippendorff's α as a function of how many units have each pattern, so that a bootstrap may ask it again and again.
 *
 * α is 1 less observed over expected disagreement of all pairs of codes within units. `values` are the categories'
 * numbers, used by interval and ratio; for ordinal the categories stand in order. Missing codes are left out, and a unit
 * with one code only pairs with nothing: n counts the others. Under ratio two zeros do not differ. NaN where nothing can be
 * paired, and where one category alone is used, which is 0/0.
 * Throws RangeError where a category has no number or, for ratio, one below 0.
 * Cost: codes in all patterns a call; ratio also categories². Reference: Krippendorff 2011, Computing Krippendorff's
 * Alpha-Reliability, University of Pennsylvania.
 *
 * @example krippendorffAlpha(coded, "nominal", [])(coded.weights).value
 */
export function krippendorffAlpha(
  coded: CodePatterns,
  metric: Metric,
  values: readonly number[],
): (weights: Float64Array) => PatternStatistic {
  if (metric === "interval" || metric === "ratio") requireNumbers(coded, values, metric === "ratio" ? 0 : undefined);
  const units = coded.patterns.map(countsIn).map((counts) => ({ counts, codes: codesIn(counts) }));
  const fixed = metric === "ordinal" ? null : differences(metric, values);
  const disagreements = fixed && Float64Array.from(units, (unit) => disagreement(unit, fixed));
  return (weights) => {
    const used = new Float64Array(coded.categories);
    let n = 0;
    let codes = 0;
    for (let index = 0; index < units.length; index += 1) {
      const unit = units[index] as Unit;
      const weight = unit.codes < 2 ? 0 : (weights[index] as number);
      n += weight;
      codes += weight * unit.codes;
      for (const [category, count] of unit.counts) used[category] = (used[category] as number) + weight * count;
    }
    const ranks = metric === "ordinal" ? midranks(used) : [];
    const byRank = (one: number, other: number) => ((ranks[one] as number) - (ranks[other] as number)) ** 2;
    let observed = 0;
    for (let index = 0; index < units.length; index += 1) {
      const weight = weights[index] as number;
      if (weight > 0) observed += weight * (disagreements?.[index] ?? disagreement(units[index] as Unit, byRank));
    }
    const expected = expectedDisagreement(metric, used, metric === "ordinal" ? ranks : values, codes);
    return { value: expected > 0 ? 1 - ((codes - 1) * observed) / expected : Number.NaN, n };
  };
}

interface Unit {
  readonly counts: readonly (readonly [category: number, count: number])[];
  readonly codes: number;
}

type Difference = (one: number, other: number) => number;

function codesIn(counts: Unit["counts"]): number {
  return counts.reduce((total, [, count]) => total + count, 0);
}

function differences(metric: Exclude<Metric, "ordinal">, values: readonly number[]): Difference {
  const at = (category: number) => values[category] as number;
  if (metric === "nominal") return (one, other) => (one === other ? 0 : 1);
  if (metric === "interval") return (one, other) => (at(one) - at(other)) ** 2;
  return (one, other) => relative(at(one), at(other));
}

function relative(one: number, other: number): number {
  return one === other ? 0 : ((one - other) / (one + other)) ** 2;
}

/** Of all ordered pairs of codes in a unit, weighted so that each code counts once. */
function disagreement({ counts, codes }: Unit, difference: Difference): number {
  if (codes < 2) return 0;
  let total = 0;
  for (const [one, ofOne] of counts)
    for (const [other, ofOther] of counts) total += ofOne * ofOther * difference(one, other);
  return total / (codes - 1);
}

/** Of all ordered pairs of codes, whatever their unit. */
function expectedDisagreement(metric: Metric, used: Float64Array, values: readonly number[], codes: number): number {
  if (metric === "nominal") return codes ** 2 - used.reduce((total, count) => total + count ** 2, 0);
  const at = (category: number) => values[category] as number;
  if (metric !== "ratio") {
    // About the mean, since the plain sum of squares loses its digits far from 0.
    const centre = used.reduce((total, count, category) => total + count * at(category), 0) / codes;
    return 2 * codes * used.reduce((total, count, category) => total + count * (at(category) - centre) ** 2, 0);
  }
  let total = 0;
  for (let one = 0; one < used.length; one += 1)
    for (let other = 0; other < one; other += 1)
      total += 2 * (used[one] as number) * (used[other] as number) * relative(at(one), at(other));
  return total;
}

/** The rank that all codes of a category share, from how often each was used. */
function midranks(used: Float64Array): readonly number[] {
  let before = 0;
  return Array.from(used, (count) => {
    const rank = before + count / 2;
    before += count;
    return rank;
  });
}
