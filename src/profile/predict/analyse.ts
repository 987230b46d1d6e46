import { type Cases, foldsOf, type OutOfSample, outOfSample, permutationTest } from "../../kernel/out-of-sample.ts";
import { countOrders } from "../../kernel/permuted-order.ts";
import type { RandomStream } from "../../kernel/random.ts";
import { fitRidge, ridgeBasis, slopesOf } from "../../kernel/ridge.ts";
import { skillInterval } from "../../kernel/skill-interval.ts";
import type { PredictionAnalysis, PredictionScheme, Predictor, PredictorResult } from "../../model/prediction.ts";
import type { Estimate } from "../../model/profile.ts";
import {
  type CaseTable,
  caseTable,
  columnsOf,
  exchangeOf,
  familiesOf,
  foldsFor,
  LEAST_FAMILIES,
  type ModelCase,
  predictorsOf,
} from "./cases.ts";
import { ANGLES, type OutcomeColumn, rateOf } from "./outcome.ts";
import type { ModelState } from "./pair-models.ts";

/** With fewer nothing can be told (P11). */
export const LEAST_MODELS = 8;
/** With fewer orders no permutation is rare. */
const LEAST_ORDERS = 100;
/** Scatter of models about what is predicted, of angles: standard deviation. */
const SCATTER = 0.3;

export interface AnalysisOptions {
  /** Permutations. */
  readonly draws: number;
  /** Sets of outcomes that an interval is simulated from. */
  readonly simulated: number;
  stream(...names: readonly string[]): RandomStream;
}

export type Unadjusted = Omit<PredictionAnalysis, "holm">;

/** Whether the profiles foretell one outcome. */
export function analyseOutcome(
  states: readonly ModelState[],
  column: OutcomeColumn,
  options: AnalysisOptions,
): Unadjusted {
  const table = caseTable(states, column);
  const refused = whyRefused(table);
  if (refused) return { ...describe(column, table, new Map()), ...refused, schemes: [], slopes: null };
  const { cases } = table;
  const schemes = (["model", "family"] as const).flatMap((leftOut) => {
    const folds = foldsFor(cases, leftOut);
    return folds ? [schemeOf(cases, column, { leftOut, folds }, options)] : [];
  });
  const told = new Map(schemes.map(({ scheme, profile }) => [scheme.leftOut, profile]));
  const described = describe(column, table, told);
  return {
    ...described,
    ...{ answer: "cannot tell", reason: "" },
    schemes: schemes.map(({ scheme }) => scheme),
    slopes: slopesOfAll(cases, column),
  };
}

function whyRefused({ cases }: CaseTable): Pick<PredictionAnalysis, "answer" | "reason"> | null {
  const { blocks, exchange } = exchangeOf(cases);
  if (cases.length < LEAST_MODELS)
    return {
      answer: "too few models",
      reason: `${cases.length} with profile and outcome, states of one model counted once; ${LEAST_MODELS} are needed`,
    };
  if (countOrders(blocks, exchange, LEAST_ORDERS) < LEAST_ORDERS)
    return { answer: "too few models", reason: "too few of a family to change places" };
  if (cases.every(({ outcome }) => outcome.value === cases[0]?.outcome.value))
    return { answer: "nothing varies", reason: "all models were as severe" };
  if (cases.every(({ summaries }) => summaries.every((value, at) => value === cases[0]?.summaries[at])))
    return { answer: "nothing varies", reason: "all profiles have the same summaries" };
  return null;
}

function describe(
  column: OutcomeColumn,
  { cases, leftOut }: CaseTable,
  told: ReadonlyMap<PredictionScheme["leftOut"], OutOfSample>,
): Pick<Unadjusted, "outcome" | "measure" | "unit" | "sources" | "headline" | "families" | "cases" | "leftOut"> {
  const families = familiesOf(cases)?.length ?? 0;
  const shown = (values: Float64Array | undefined, at: number) =>
    values ? back(values[at] as number, column.unit) : null;
  const of = (name: "predicted" | "mean", at: number) => ({
    model: shown(told.get("model")?.[name], at),
    family: shown(told.get("family")?.[name], at),
  });
  return {
    ...{ outcome: column.name, measure: column.measure, unit: column.unit, sources: [...column.sources] },
    headline: foldsFor(cases, "family") && families >= LEAST_FAMILIES ? "family" : "model",
    families,
    cases: cases.map(({ cluster, states, family, size, summaries, refusalRate, outcome }, at) => ({
      ...{ cluster, states: [...states], family, size, summaries: [...summaries], refusalRate },
      observed: outcome.observed,
      ...{ predicted: of("predicted", at), mean: of("mean", at) },
    })),
    leftOut: [...leftOut],
  };
}

function back(value: number, unit: OutcomeColumn["unit"]): number {
  return unit === "nats" ? value : rateOf(value);
}

/** What is fitted, on its scale, and what each case counts (P5). */
function fitted(cases: readonly ModelCase[], { unit }: OutcomeColumn) {
  const rate = unit === "proportion";
  return {
    y: Float64Array.from(cases, ({ outcome }) => outcome.value),
    weights: Float64Array.from(cases, ({ outcome }) => (rate ? 1 / (SCATTER ** 2 + outcome.variance) : 1)),
    range: rate ? ANGLES : undefined,
  };
}

function schemeOf(
  cases: readonly ModelCase[],
  column: OutcomeColumn,
  { leftOut, folds }: { readonly leftOut: PredictionScheme["leftOut"]; readonly folds: number[][] },
  options: AnalysisOptions,
): { readonly scheme: PredictionScheme; readonly profile: OutOfSample } {
  const { y, weights, range } = fitted(cases, column);
  const { blocks, exchange } = exchangeOf(cases);
  const told = predictorsOf(cases, leftOut).map(({ predictor, columns }) => {
    if (typeof columns === "string") return { predictor, reason: columns, found: null, inputs: null };
    const inputs = { columns, weights, folds };
    return { predictor, reason: null, found: outOfSample(foldsOf(inputs), weights, y, range), inputs };
  });
  const profile = told[0]?.found as OutOfSample;
  const judge = (predictor: Predictor, inputs: Cases, found: OutOfSample) => {
    const stream = (what: string) => options.stream(column.name, leftOut, predictor, what);
    const by = { blocks, exchange, draws: options.draws, stream: stream("permute"), ...(range ? { range } : {}) };
    return {
      p: permutationTest(inputs, y, by),
      interval: skillInterval(inputs, found.skill, { blocks, draws: options.simulated, stream: stream("simulate") }),
    };
  };
  const predictors = told.map(({ predictor, reason, found, inputs }): PredictorResult => {
    if (found === null) return notTold(predictor, reason, cases.length);
    const { p, interval } = judge(predictor, inputs, found);
    return {
      ...{ predictor, reason: null, p, strength: interval.strength },
      skill: estimateOf(found.skill, [interval.low, interval.high], cases.length),
      meanAbsoluteError: meanAbsolute(cases, column, found.predicted),
      profileAgainst: predictor === "profile" || !(found.error > 0) ? null : 1 - profile.error / found.error,
    };
  });
  const scheme = {
    ...{ leftOut, exchange, permutations: options.draws, predictors },
    meanAbsoluteError: meanAbsolute(cases, column, profile.mean),
    chanceError: column.unit === "nats" ? null : chanceError(cases, weights, profile.meanError),
  };
  return { scheme, profile };
}

function notTold(predictor: Predictor, reason: string, n: number): PredictorResult {
  const skill = { value: null, low: null, high: null, n: 0, missing: n, method: "not told" };
  return { predictor, reason, skill, strength: null, p: null, meanAbsoluteError: null, profileAgainst: null };
}

function estimateOf(value: number, [low, high]: readonly [number, number], n: number): Estimate {
  return { value, low, high, n, missing: 0, method: "95 %, strengths of relation that simulation does not reject" };
}

function meanAbsolute(cases: readonly ModelCase[], { unit }: OutcomeColumn, told: Float64Array): number {
  const off = cases.map(({ outcome }, at) =>
    Math.abs((outcome.observed.value as number) - back(told[at] as number, unit)),
  );
  return off.reduce((sum, one) => sum + one, 0) / cases.length;
}

function chanceError(cases: readonly ModelCase[], weights: Float64Array, meanError: number): number {
  const total = weights.reduce((sum, one) => sum + one, 0);
  const chance = cases.reduce((sum, { outcome }, at) => sum + outcome.variance * (weights[at] as number), 0) / total;
  return Math.min(1, chance / meanError);
}

/** Of the fit to all cases, for a standard deviation of each summary. */
function slopesOfAll(cases: readonly ModelCase[], column: OutcomeColumn): number[] {
  const { y, weights } = fitted(cases, column);
  const columns = columnsOf(cases, "profile", "model") as Cases["columns"];
  const basis = ridgeBasis(columns, weights, [...cases.keys()]);
  return slopesOf(basis, fitRidge(basis, y), columns.length);
}
