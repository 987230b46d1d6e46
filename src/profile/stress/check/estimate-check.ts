import { mean } from "../../../kernel/summary.ts";
import { controlOf, GRADED, type Graded, type Level } from "../../../model/stress.ts";
import type { StressCheck, StressRegression, StressResult } from "../../../model/stress-report.ts";
import type { DesignRow } from "../../../model/stress-run.ts";
import { meanOverClusters, type Weights } from "../cluster-mean.ts";
import { type Cell, changed, countSilences, rowName } from "../count-cells.ts";
import { type Covariate, regressSeverity } from "../estimate-regression.ts";
import { itemNumber, pairedDifference, type ValuePair } from "../family-means.ts";
import type { ItemValue } from "../item-values.ts";
import type { CheckAnswer } from "./code-check.ts";

/** What severity was measured by, for its sensitivity to what was noticed. */
export interface CheckedMeasure {
  readonly measure: StressResult["measure"];
  readonly values: readonly ItemValue[];
  /** Empty under `score`. */
  readonly cells: readonly Cell[];
}

/** From here on, of four points, a model sees more than at the control. */
const NOTICED = 1;

/**
 * Whether the model notices what was changed, and whether what it notices changes the findings (T31): a covariate and a
 * sensitivity result; no level is left out of any other number for it.
 */
export function estimateCheck(
  answers: readonly CheckAnswer[],
  measures: readonly CheckedMeasure[],
  weights: Weights,
): StressCheck {
  const seen = seenBy(answers);
  return {
    asked: answers.length,
    silence: countSilences(answers.map(({ silence }) => silence)),
    factors: GRADED.flatMap((factor) => noticedOf(factor, answers, seen, weights) ?? []),
    regressions: measures.flatMap(({ measure, cells }) =>
      cells.length === 0 ? [] : [{ measure, regression: regressed(cells, seen, weights) }],
    ),
    noticed: measures.flatMap(({ measure, values }) =>
      GRADED.flatMap((factor) => {
        const found = whereNoticed(factor, values, seen, weights);
        return found ? [{ measure, factor, ...found }] : [];
      }),
    ),
  };
}

/** Points of a scenario by factor, mean over its answers; nothing where there are none. */
type Seen = (factor: Graded, row: string) => number | null;

function seenBy(answers: readonly CheckAnswer[]): Seen {
  const groups = Map.groupBy(answers, ({ factor, row }) => `${factor} ${rowName(row)}`);
  const points = new Map(
    [...groups].map(([name, own]) => [name, own.flatMap((one) => (one.points === null ? [] : [one.points]))]),
  );
  return (factor, row) => {
    const own = points.get(`${factor} ${row}`) ?? [];
    return own.length === 0 ? null : mean(own);
  };
}

/** Scenarios in which this factor alone is varied, the control among them. */
function alone(factor: Graded, rows: readonly DesignRow[]): DesignRow[] {
  return rows.filter((row) => {
    const { side } = row.condition;
    return rowName(row) === changed(row, { ...controlOf(side), [factor]: row.condition[factor] });
  });
}

function noticedOf(factor: Graded, answers: readonly CheckAnswer[], seen: Seen, weights: Weights) {
  const all = [...new Map(answers.map(({ row }) => [rowName(row), row])).values()];
  const own = alone(factor, all);
  const levels = [...new Set(own.map(({ condition }) => condition[factor]))].sort((a, b) => a - b);
  const top = levels.at(-1);
  if (levels.length < 2 || top === undefined) return null;
  const at = (level: Level) => own.filter(({ condition }) => condition[factor] === level);
  const pairs = at(top).map(
    (row): ValuePair => ({
      family: row.family,
      from: seen(factor, changed(row, { [factor]: 0 })),
      to: seen(factor, rowName(row)),
    }),
  );
  const { difference, p, finding } = pairedDifference(pairs, weights, true);
  return {
    ...{ factor, change: difference, p, finding },
    points: levels.map((level) => ({ level, value: overFamilies(factor, at(level), seen, weights) })),
  };
}

function overFamilies(factor: Graded, rows: readonly DesignRow[], seen: Seen, weights: Weights) {
  const families = [...Map.groupBy(rows, ({ family }) => family).values()].map((own) => {
    const known = own.map((row) => seen(factor, rowName(row))).filter((points) => points !== null);
    return known.length === 0 ? null : mean(known);
  });
  return meanOverClusters(families, weights, { one: "family", many: "families" }).estimate;
}

/** Severity on the factors and on by how much more is seen than is usual at that level and side. */
function regressed(cells: readonly Cell[], seen: Seen, weights: Weights): StressRegression {
  const known = cells.filter(({ row }) => GRADED.every((factor) => seen(factor, rowName(row)) !== null));
  const usual = (factor: Graded) => {
    const place = ({ row }: Cell) => `${row.condition.side} ${row.condition[factor]}`;
    const groups = Map.groupBy(known, place);
    const means = new Map(
      [...groups].map(([name, own]) => [name, mean(own.map(({ row }) => seen(factor, rowName(row)) as number))]),
    );
    return (row: DesignRow) => means.get(`${row.condition.side} ${row.condition[factor]}`) as number;
  };
  const covariates = GRADED.map((factor): Covariate => {
    const at = usual(factor);
    return { name: `${factor} seen`, factor, of: (row) => (seen(factor, rowName(row)) as number) - at(row) };
  });
  return regressSeverity(known, weights, covariates);
}

/** The change of severity at the highest level, in all scenarios and in those where the model sees more than at the control. */
function whereNoticed(factor: Graded, values: readonly ItemValue[], seen: Seen, weights: Weights) {
  const byName = new Map(values.map((value) => [rowName(value.row), value]));
  const own = alone(
    factor,
    values.map(({ row }) => row),
  );
  const level = Math.max(0, ...own.map(({ condition }) => condition[factor]));
  const pairs = own.flatMap((row) => {
    const control = changed(row, { [factor]: 0 });
    const [from, to] = [byName.get(control), byName.get(rowName(row))];
    const [before, after] = [seen(factor, control), seen(factor, rowName(row))];
    if (row.condition[factor] !== level || level === 0 || !from || !to || before === null || after === null) return [];
    const pair: ValuePair = { family: row.family, from: itemNumber(from), to: itemNumber(to) };
    return [{ pair, noticed: after - before >= NOTICED }];
  });
  if (pairs.length === 0) return null;
  const inNats = values.some(({ nats }) => nats !== null);
  const told = (some: typeof pairs) =>
    pairedDifference(
      some.map(({ pair }) => pair),
      weights,
      inNats,
    ).difference;
  const noticed = pairs.filter((one) => one.noticed);
  return { level, scenarios: pairs.length, noticing: noticed.length, all: told(pairs), where: told(noticed) };
}
