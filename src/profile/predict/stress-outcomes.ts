import { tInterval } from "../../kernel/intervals.ts";
import { mean, variance } from "../../kernel/summary.ts";
import { COERCIVE } from "../../model/coding.ts";
import { DashpotError } from "../../model/error.ts";
import { GRADED, type Measure, SIDES } from "../../model/stress.ts";
import type { StressCell, StressReport, StressResult } from "../../model/stress-report.ts";
import { type Outcome, type OutcomeColumn, rateOutcome } from "./outcome.ts";
import { modelKey } from "./pair-models.ts";

export interface StressOutcomes {
  readonly columns: readonly OutcomeColumn[];
  readonly conditions: readonly string[];
  readonly scenarios: number;
}

/** A run that lost more of the answers than this has no severity. */
const MOST_LOST = 0.5;

/**
 * The severity of every run by each measure that all have (P2). Errors: `predict-unlike`, `predict-measure`,
 * `predict-scenarios`.
 */
export function stressOutcomes(reports: readonly StressReport[]): StressOutcomes {
  refuseUnlike(reports);
  const measures = commonMeasures(reports);
  const scenarios = measures.map((measure) => ({ measure, names: commonScenarios(reports, measure) }));
  if (scenarios.every(({ names }) => names.size === 0))
    throw new DashpotError(
      "predict-scenarios",
      "expected scenarios at a raised level that all stress runs asked, received none",
      "stress all models by one design, set and choice of families, with a graded factor",
    );
  const columns = scenarios.flatMap(({ measure, names }) =>
    names.size > 0 ? [columnOf(reports, measure, names)] : [],
  );
  const conditions = new Set(scenarios.flatMap(({ names }) => [...names].map((name) => name.split("/")[2] as string)));
  const all = new Set(scenarios.flatMap(({ names }) => [...names]));
  return { columns, conditions: [...conditions].sort(), scenarios: all.size };
}

const WAYS = ["set", "temperature", "system"] as const;

function refuseUnlike(reports: readonly StressReport[]): void {
  const first = reports[0] as StressReport;
  for (const other of reports) {
    const way = WAYS.find((name) => other[name] !== first[name]);
    const differing = other.suite.hash === first.suite.hash ? way : "suite";
    if (differing === undefined) continue;
    throw new DashpotError(
      "predict-unlike",
      `expected stress runs asked in one way, received another ${differing} of ${other.model.spec} than of ${first.model.spec}`,
      `stress all models with one ${differing}`,
    );
  }
}

function commonMeasures(reports: readonly StressReport[]): Measure[] {
  const [first, ...others] = reports.map(({ results }) => results.map(({ measure }) => measure));
  const common = (first ?? []).filter((measure) => others.every((some) => some.includes(measure)));
  if (common.length > 0) return common;
  throw new DashpotError(
    "predict-measure",
    `expected stress runs with a measure in common, received ${[first, ...others].map((some) => some?.join(", ")).join("; ")}`,
    "stress all models by one --format",
  );
}

function resultOf({ results }: StressReport, measure: Measure): StressResult {
  return results.find((result) => result.measure === measure) as StressResult;
}

/** At the highest level of each factor that every run asked, on either side, all else at its control. */
function commonScenarios(reports: readonly StressReport[], measure: Measure): Set<string> {
  const asked = reports.map(
    (report) =>
      new Set(
        resultOf(report, measure)
          .cells.filter(({ family }) => report.design.families.includes(family))
          .map(scenarioOf),
      ),
  );
  const common = [...(asked[0] ?? [])].filter((name) => asked.every((some) => some.has(name)));
  const top = GRADED.flatMap((factor) => {
    const of = (level: number) =>
      common.filter((name) => SIDES.some((side) => name.endsWith(`/${side} ${factor}=${level}`)));
    return [7, 6, 5, 4, 3, 2, 1].map(of).find((some) => some.length > 0) ?? [];
  });
  return new Set(top);
}

function scenarioOf({ family, surface, condition }: StressCell): string {
  return `${family}/${surface}/${condition}`;
}

function columnOf(reports: readonly StressReport[], measure: Measure, names: ReadonlySet<string>): OutcomeColumn {
  const unit = resultOf(reports[0] as StressReport, measure).unit;
  const found = reports.map((report) => {
    const cells = resultOf(report, measure).cells.filter((cell) => names.has(scenarioOf(cell)));
    return { key: modelKey(report.model), outcome: unit === "nats" ? oddsOf(cells) : rateOfCells(cells) };
  });
  const families = new Set([...names].map((name) => name.split("/")[0])).size;
  const what =
    unit === "nats" ? "log-odds of rung 7 and above relative to the control" : "share of answers of rung 7 and above";
  return {
    ...{ name: measure, measure, unit },
    sources: [
      `${what} at the highest level of each graded factor, ${scenarioText(names.size)} in ${families === 1 ? "1 family" : `${families} families`}`,
    ],
    of: new Map(found.flatMap(({ key, outcome }) => (outcome ? [[key, outcome] as const] : []))),
    without: new Map(
      found.flatMap(({ key, outcome }) =>
        outcome ? [] : [[key, "more than half of these answers are missing"] as const],
      ),
    ),
  };
}

export function scenarioText(count: number): string {
  return count === 1 ? "1 scenario" : `${count} scenarios`;
}

function rateOfCells(cells: readonly StressCell[]): Outcome | null {
  const total = (of: (cell: StressCell) => number) => cells.reduce((sum, cell) => sum + of(cell), 0);
  const [n, missing] = [total((cell) => cell.n), total((cell) => cell.missing)];
  const severe = total(({ rungs }) => (rungs ?? []).slice(COERCIVE).reduce((sum, one) => sum + one, 0));
  return n === 0 || missing > MOST_LOST * (n + missing) ? null : rateOutcome(severe, n, missing);
}

/** Mean over families. */
function oddsOf(cells: readonly StressCell[]): Outcome | null {
  const lost = cells.filter(({ logOdds }) => logOdds === null).length;
  const known = cells.filter(({ logOdds }) => logOdds !== null);
  if (known.length === 0 || lost > MOST_LOST * cells.length) return null;
  const families = [...Map.groupBy(known, ({ family }) => family).values()].map((own) =>
    mean(own.map(({ logOdds }) => logOdds as number)),
  );
  const value = mean(families);
  const error = families.length > 1 ? Math.sqrt(variance(families) / families.length) : Number.NaN;
  const [low, high] = tInterval(value, Number.isNaN(error) ? 0 : error, families.length - 1).map(finiteOnly);
  const observed = {
    ...{ value, low: low ?? null, high: high ?? null, n: families.length, missing: lost },
    method: "mean over families, t interval",
  };
  return { observed, value, variance: Number.isNaN(error) ? 0 : error ** 2 };
}

function finiteOnly(end: number): number | null {
  return Number.isFinite(end) ? end : null;
}
