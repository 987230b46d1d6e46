import { pearson, spearmanBrown, standardErrorOfMeasurement } from "../../src/kernel/agreement.ts";
import { variance } from "../../src/kernel/summary.ts";
import { LABELS, ROWS } from "../../src/model/label.ts";
import type { SituationTable } from "../../src/profile/situation-table.ts";

/** Means of the thirty cells (rows by columns), then of the six biases, over some situations. */
export function cellMeans(tables: readonly SituationTable[]): number[] {
  const mean = (values: readonly (number | null)[]) => {
    const known = values.filter((value): value is number => value !== null);
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const cells = ROWS.flatMap((row) => LABELS.map((label) => mean(tables.map((table) => table.primary[row][label]))));
  return [...cells, ...LABELS.map((label) => mean(tables.map((table) => table.bias[label])))];
}

/** Odd against even situations within each domain, so that both halves hold every domain. */
export function halves(tables: readonly SituationTable[]): [SituationTable[], SituationTable[]] {
  const placed = [...Map.groupBy(tables, (table) => table.domain).values()].flatMap((some) =>
    some.map((table, index) => ({ table, index })),
  );
  const half = (rest: number) => placed.filter(({ index }) => index % 2 === rest).map(({ table }) => table);
  return [half(0), half(1)];
}

export interface Reliability {
  readonly splitHalf: number;
  readonly parallelForm: number;
  /** Of a whole form, from parallel forms, in the unit of the values. */
  readonly standardError: number;
}

/**
 * Reliability of one value over many models: `forms[model][form]` is the value of a whole form, `split[model]` of its
 * halves. Split-half is stepped up by Spearman and Brown; parallel-form is the mean correlation over pairs of forms.
 */
export function reliabilityOf(
  forms: readonly (readonly number[])[],
  split: readonly (readonly [number, number])[],
): Reliability {
  const count = forms[0]?.length ?? 0;
  const pairs = Array.from({ length: count }, (_, a) =>
    Array.from({ length: count - a - 1 }, (_unused, b) => [a, a + b + 1] as const),
  ).flat();
  const of = (form: number) => forms.map((values) => values[form] ?? Number.NaN);
  const parallelForm = pairs.reduce((sum, [a, b]) => sum + pearson(of(a), of(b)), 0) / pairs.length;
  const splitHalf = spearmanBrown(
    pearson(
      split.map(([a]) => a),
      split.map(([, b]) => b),
    ),
  );
  const deviation = Math.sqrt(variance(of(0)));
  return { splitHalf, parallelForm, standardError: standardErrorOfMeasurement(deviation, Math.max(0, parallelForm)) };
}
