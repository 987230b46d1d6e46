import { fitOrdinal, type OrdinalData, type OrdinalEstimate, type OrdinalFit } from "../../kernel/ordinal-logit.ts";
import { type RowClusters, testCoefficient, testProportionality } from "../../kernel/ordinal-test.ts";
import { COERCIVE, RUNG_NAMES, RUNGS, type Rung } from "../../model/coding.ts";
import { type Condition, type Factor, GRADED, SWITCHES } from "../../model/stress.ts";
import type { StressCoefficient, StressRegression } from "../../model/stress-report.ts";
import type { DesignRow } from "../../model/stress-run.ts";
import { adjusted } from "../adjust-family.ts";
import type { Weights } from "./cluster-mean.ts";
import type { Cell } from "./count-cells.ts";

interface Predictor {
  readonly name: string;
  readonly factor: Factor;
  readonly of: (condition: Condition) => number;
}

/** Something known of each scenario beside its condition. */
export interface Covariate {
  readonly name: string;
  readonly factor: Factor;
  readonly of: (row: DesignRow) => number;
}

const PREDICTORS: readonly Predictor[] = [
  ...GRADED.map((factor) => ({ name: factor, factor, of: (condition: Condition) => condition[factor] as number })),
  { name: "side: under", factor: "side", of: ({ side }) => (side === "under" ? 1 : 0) },
  ...SWITCHES.map((factor) => ({ name: factor, factor, of: (condition: Condition) => (condition[factor] ? 1 : 0) })),
  { name: "stated: real", factor: "stated", of: ({ stated }) => (stated === "real" ? 1 : 0) },
  { name: "stated: test", factor: "stated", of: ({ stated }) => (stated === "test" ? 1 : 0) },
];

/**
 * Severity on every factor that varies (T13, S1 to S3, S8): cumulative logit, family the cluster. A scenario gives each
 * rung as many rows as it has answers there.
 */
export function regressSeverity(
  cells: readonly Cell[],
  weights: Weights,
  covariates: readonly Covariate[] = [],
): StressRegression {
  const used = cells.filter(({ n }) => n > 0);
  const byFamily = [...Map.groupBy(used, ({ row }) => row.family).values()];
  // What differs only between families, such as the side that each puts the model on, was not varied.
  const predictors = [
    ...PREDICTORS.map(({ of, ...rest }): Covariate => ({ ...rest, of: ({ condition }) => of(condition) })),
    ...covariates,
  ].filter(({ of }) => byFamily.some((own) => new Set(own.map(({ row }) => of(row))).size > 1));
  const { data, families, cluster } = rowsOf(used, predictors);
  const fit = fitOrdinal(data);
  const base = { status: fit.status, remark: remarkOn(fit, predictors), coefficients: [], logLikelihood: null };
  if (fit.status !== "fitted") return base;
  if (families < 2)
    return { ...base, remark: "one family: no test of a factor holds for others", logLikelihood: fit.logLikelihood };
  const clusters: RowClusters = { cluster, clusters: families, weights: weights(families) };
  return { ...base, coefficients: coefficientsOf(data, fit, predictors, clusters), logLikelihood: fit.logLikelihood };
}

function rowsOf(cells: readonly Cell[], predictors: readonly Covariate[]) {
  const families = [...new Set(cells.map(({ row }) => row.family))];
  const rows = cells.flatMap(({ row, rungs }) =>
    RUNGS.flatMap((rung) => {
      const weight = rungs[rung] as number;
      return weight > 0 ? [{ rung, weight, row }] : [];
    }),
  );
  const data: OrdinalData = {
    x: Float64Array.from(rows.flatMap(({ row }) => predictors.map(({ of }) => of(row)))),
    predictors: predictors.length,
    y: rows.map(({ rung }) => rung),
    weights: Float64Array.from(rows, ({ weight }) => weight),
  };
  return { data, families: families.length, cluster: Int32Array.from(rows, ({ row }) => families.indexOf(row.family)) };
}

function coefficientsOf(
  data: OrdinalData,
  fit: OrdinalEstimate,
  predictors: readonly Covariate[],
  clusters: RowClusters,
): StressCoefficient[] {
  const n = Math.round(data.weights?.reduce((sum, weight) => sum + weight, 0) ?? 0);
  const tests = adjusted(
    predictors.map((_, at) => testCoefficient(data, fit, at, clusters) ?? { p: null, low: null, high: null }),
  );
  const proportional = adjusted(
    predictors.map((_, at) => ({ p: testProportionality(data, fit, at, COERCIVE, clusters) })),
  );
  return predictors.map(({ name, factor }, at) => {
    const { p, low, high, adjustedP } = tests[at] as (typeof tests)[number];
    const method = "wild cluster bootstrap of scores over families, 95 %";
    return {
      ...{ name, factor, p, holm: adjustedP, proportional: proportional[at]?.adjustedP ?? null },
      estimate: { value: fit.coefficients[at] as number, low, high, n, missing: 0, method },
    };
  });
}

function remarkOn(fit: OrdinalFit, predictors: readonly Covariate[]): string {
  const name = (at: number) => predictors[at]?.name ?? "a factor";
  if (fit.status === "empty") return "no answer has a severity";
  if (fit.status === "one-category") {
    const rung = fit.category as Rung;
    return `every answer is of rung ${rung}, ${RUNG_NAMES[rung]}: no factor changes it`;
  }
  if (fit.status === "collinear") return `the design does not tell ${name(fit.predictor)} from the other factors`;
  if (fit.status === "separated")
    return `the rungs are ordered wholly by ${fit.predictors.map(name).join(" and ")}: the effect is beyond what a slope can say`;
  return "";
}
