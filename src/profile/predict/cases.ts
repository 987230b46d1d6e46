import type { Cases } from "../../kernel/out-of-sample.ts";
import type { Exchange } from "../../kernel/permuted-order.ts";
import { mean } from "../../kernel/summary.ts";
import { DashpotError } from "../../model/error.ts";
import { PREDICTORS, type PredictionScheme, type Predictor, SUMMARIES } from "../../model/prediction.ts";
import { meanOutcome, type Outcome, type OutcomeColumn } from "./outcome.ts";
import type { ModelState } from "./pair-models.ts";

/** One case: the states of one model. */
export interface ModelCase {
  readonly cluster: string;
  readonly states: readonly string[];
  readonly family: string | null;
  readonly size: number | null;
  readonly summaries: readonly number[];
  readonly refusalRate: number;
  readonly outcome: Outcome;
}

export interface CaseTable {
  readonly cases: readonly ModelCase[];
  readonly leftOut: readonly { readonly model: string; readonly reason: string }[];
}

/** States with summaries and an outcome, one case a cluster, in the order of their names (P3, P12). Errors: `predict-family`. */
export function caseTable(states: readonly ModelState[], column: OutcomeColumn): CaseTable {
  const judged = states.map((state) => ({ state, outcome: column.of.get(state.key), reason: whyNot(state, column) }));
  const kept = judged.flatMap(({ state, outcome, reason }) =>
    outcome && state.summaries && reason === null ? [{ ...state, summaries: state.summaries, outcome }] : [],
  );
  const clusters = [...Map.groupBy(kept, ({ cluster }) => cluster)].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    cases: clusters.map(([cluster, own]) => ({
      cluster,
      states: own.map(({ spec }) => spec).sort(),
      family: only(
        cluster,
        "family",
        own.map((state) => state.family),
      ),
      size: only(
        cluster,
        "size",
        own.map((state) => state.size),
      ),
      summaries: SUMMARIES.map((_, at) => mean(own.map(({ summaries }) => summaries[at] as number))),
      refusalRate: mean(own.map((state) => state.refusalRate)),
      outcome: meanOutcome([...new Set(own.map(({ outcome }) => outcome))], column.unit),
    })),
    leftOut: judged
      .flatMap(({ state, reason }) => (reason === null ? [] : [{ model: state.spec, reason }]))
      .sort((one, other) => (one.model < other.model ? -1 : 1)),
  };
}

function whyNot({ key, reason }: ModelState, { of, without }: OutcomeColumn): string | null {
  if (reason !== null) return reason;
  return of.has(key) ? null : (without.get(key) ?? "it has no outcome");
}

/** What all states of a model are said to be; null where it is not said of any. */
function only<T extends string | number>(cluster: string, what: string, values: readonly (T | null)[]): T | null {
  const [first, ...others] = [...new Set(values.filter((value) => value !== null))];
  if (others.length === 0) return first ?? null;
  throw new DashpotError(
    "predict-family",
    `expected one ${what} of all states of ${cluster}, received ${first} and ${others[0]}`,
    "correct the table of --models: states of one model are of one family and size",
  );
}

/** Families with their cases by number; null where not every case has one. */
export function familiesOf(cases: readonly ModelCase[]): number[][] | null {
  if (cases.some(({ family }) => family === null)) return null;
  const places = Map.groupBy(cases.keys(), (at) => (cases[at] as ModelCase).family as string);
  return [...places].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, own]) => own);
}

/** Families that change places as wholes must be as many. */
export const LEAST_FAMILIES = 5;

/** What changes places under permutation, and between what (P8). */
export function exchangeOf(cases: readonly ModelCase[]): { blocks: number[][]; exchange: Exchange } {
  const each = cases.map((_, at) => [at]);
  const families = familiesOf(cases);
  if (families === null || families.length === 1 || families.length === cases.length)
    return { blocks: each, exchange: "all" };
  return { blocks: families, exchange: families.length >= LEAST_FAMILIES ? "whole blocks" : "within blocks" };
}

/** What is left out at a time (P7); null where families cannot be. */
export function foldsFor(cases: readonly ModelCase[], leftOut: PredictionScheme["leftOut"]): number[][] | null {
  if (leftOut === "model") return cases.map((_, at) => [at]);
  const families = familiesOf(cases);
  return families && families.length >= 3 && families.length < cases.length ? families : null;
}

/** Columns of a predictor, or why it is not told (P6). */
export function columnsOf(
  cases: readonly ModelCase[],
  predictor: Predictor,
  leftOut: PredictionScheme["leftOut"],
): Cases["columns"] | string {
  const column = (of: (one: ModelCase) => number) => Float64Array.from(cases, of);
  const varies = (values: Float64Array) => values.some((value) => value !== values[0]);
  if (predictor === "profile") return SUMMARIES.map((_, at) => column(({ summaries }) => summaries[at] as number));
  if (predictor === "refusals") {
    const rates = column(({ refusalRate }) => refusalRate);
    return varies(rates) ? [rates] : "the same of all models";
  }
  if (predictor === "size") {
    if (cases.some(({ size }) => size === null)) return "not known of every model: name it with --models";
    const sizes = column(({ size }) => Math.log10(size as number));
    return varies(sizes) ? [sizes] : "the same of all models";
  }
  if (leftOut === "family") return "a family that is left out cannot be predicted by itself";
  const families = familiesOf(cases);
  if (families === null) return "not known of every model: name it with --models";
  if (families.length === 1) return "the same of all models";
  if (families.length === cases.length) return "no two models are of one";
  return families.map((own) => column((one) => (own.some((at) => cases[at] === one) ? 1 : 0)));
}

/** Every predictor of a table with its columns, or why it has none. */
export function predictorsOf(cases: readonly ModelCase[], leftOut: PredictionScheme["leftOut"]) {
  return PREDICTORS.map((predictor) => ({ predictor, columns: columnsOf(cases, predictor, leftOut) }));
}
