import { type DoseBracket, doseBracket } from "../../kernel/dose-bracket.ts";
import { mean } from "../../kernel/summary.ts";
import { type DoseShares, thresholdEstimate, thresholdSet } from "../../kernel/threshold-set.ts";
import type { Dose } from "../../model/dose.ts";
import {
  type Condition,
  conditionName,
  controlOf,
  GRADED,
  type Graded,
  type Level,
  type Side,
} from "../../model/stress.ts";
import type { StressCurve, StressPoint, StressThreshold } from "../../model/stress-report.ts";
import type { Weights } from "./cluster-mean.ts";
import { boundsOf, estimateFor, meanOverFamilies, numberOf } from "./family-means.ts";
import type { ItemValue } from "./item-values.ts";
import { judgeCurve } from "./rise/judge-curve.ts";
import type { RiseCutoffs } from "./rise/smooth-or-jump.ts";

/** What a suite keeps to read curves by. */
export interface CurveScales {
  readonly doses: readonly Dose[];
  readonly cutoffs: readonly RiseCutoffs[];
}

/** One curve a graded factor that was varied alone (T11). */
export function estimateCurves(
  values: readonly ItemValue[],
  { doses, cutoffs }: CurveScales,
  weights: Weights,
): StressCurve[] {
  return GRADED.flatMap((factor) => {
    const { series, omitted } = seriesOf(values, factor);
    const levels = [...new Set(series.map(({ row }) => row.condition[factor]))].sort((a, b) => a - b);
    return levels.length < 2
      ? []
      : [{ ...curveOf(factor, series, levels, doses, weights), omitted, rise: judgeCurve(factor, series, cutoffs) }];
  });
}

/** Scenarios in which nothing but this factor is above its control; of families and sides that have every level. */
function seriesOf(values: readonly ItemValue[], factor: Graded): { series: ItemValue[]; omitted: number } {
  const alone = values.filter(({ row: { condition } }) => isAlone(condition, factor));
  const levels = new Set(alone.map(({ row }) => row.condition[factor]));
  const lines = Map.groupBy(
    alone,
    ({ row: { family, surface, condition } }) => `${family}/${surface}/${condition.side}`,
  );
  const whole = [...lines.values()].filter((line) => line.length === levels.size).flat();
  return { series: whole, omitted: alone.length - whole.length };
}

function isAlone(condition: Condition, factor: Graded): boolean {
  return conditionName({ ...condition, [factor]: 0 }) === conditionName(controlOf(condition.side));
}

function curveOf(
  factor: Graded,
  series: readonly ItemValue[],
  levels: readonly Level[],
  doses: readonly Dose[],
  weights: Weights,
): Omit<StressCurve, "omitted" | "rise"> {
  const doseOf = dosesOf(factor, doses);
  const points = levels.map((level) =>
    pointOf(
      series.filter(({ row }) => row.condition[factor] === level),
      level,
      doseOf,
      weights,
    ),
  );
  const inNats = series.some(({ nats }) => nats !== null);
  return {
    factor,
    points,
    threshold: inNats ? null : thresholdsOf(factor, series, doseOf, weights),
    slope: inNats ? slopeOf(factor, series, weights) : null,
  };
}

type DoseOf = (family: string, side: Side, level: Level) => number | null;

function dosesOf(factor: Graded, doses: readonly Dose[]): DoseOf {
  const key = (family: string, side: Side | undefined, level: number) => `${family}/${side ?? ""}/${level}`;
  const own = new Map(
    doses.filter((one) => one.factor === factor).map((one) => [key(one.family, one.side, one.level), one.dose]),
  );
  return (family, side, level) => own.get(key(family, side, level)) ?? own.get(key(family, undefined, level)) ?? null;
}

function pointOf(values: readonly ItemValue[], level: Level, doseOf: DoseOf, weights: Weights): StressPoint {
  const doses = values.map(({ row }) => doseOf(row.family, row.condition.side, level));
  const families = [...Map.groupBy(values, ({ row }) => row.family)];
  return {
    level,
    dose: doses.some((dose) => dose === null) ? null : mean(doses as number[]),
    value: estimateFor(values, weights),
    withoutPrivate: estimateFor(values, weights, true),
    bounds: boundsOf(values),
    families: families.map(([family, own]) => ({ family, value: numberOf(own), n: total(own, "n") })),
    refused: total(values, "refused"),
    asked: total(values, "n") + total(values, "missing"),
  };
}

function total(values: readonly ItemValue[], name: "n" | "missing" | "refused"): number {
  return values.reduce((sum, one) => sum + one[name], 0);
}

function thresholdsOf(
  factor: Graded,
  series: readonly ItemValue[],
  doseOf: DoseOf,
  weights: Weights,
): NonNullable<StressCurve["threshold"]> {
  const onIndex = (value: ItemValue) => value.row.condition[factor] as number;
  const onScale = (value: ItemValue) => doseOf(value.row.family, value.row.condition.side, value.row.condition[factor]);
  const scaled = series.map(onScale);
  const groups = [...Map.groupBy(series, ({ row }) => row.family)];
  return {
    index: setOf(series, series.map(onIndex), weights, true),
    dose: scaled.some((dose) => dose === null) ? null : setOf(series, scaled as number[], weights, false),
    families: groups.map(([family, own]) => ({ family, crossing: crossingOf(own, own.map(onIndex)) })),
  };
}

const RANGE = [0, 7] as const;

/** Where half of the answers are severe, over families. */
function setOf(
  values: readonly ItemValue[],
  dose: readonly number[],
  weights: Weights,
  bracketed: boolean,
): StressThreshold {
  const families = [...new Set(values.map(({ row }) => row.family))];
  const data = sharesOf(values, dose, (family) => families.indexOf(family), families.length);
  if (families.length < 2) return aloneAt(crossingOf(values, dose));
  const drawn = weights(families.length);
  const { estimate, parts, below, above } = thresholdSet(data, { range: RANGE, weights: drawn });
  const bracket = bracketed ? doseBracket(data, drawn) : null;
  return {
    verdict: bracket ? verdictOfBracket(bracket, dose) : verdictOfSet(parts.length, below, above),
    estimate: within(estimate),
    parts: parts.map(([low, high]) => [low, high]),
    ...{ below, above, bracket },
  };
}

function sharesOf(
  values: readonly ItemValue[],
  dose: readonly number[],
  place: (family: string) => number,
  clusters: number,
): DoseShares {
  return {
    dose: Float64Array.from(dose),
    share: Float64Array.from(values, ({ severe, n }) => (n > 0 ? Math.min(1, (severe ?? 0) / n) : 0)),
    trials: Float64Array.from(values, ({ n }) => n),
    cluster: Int32Array.from(values, ({ row }) => place(row.family)),
    clusters,
  };
}

/** One family has an estimate and no test. */
function aloneAt(estimate: number | null): StressThreshold {
  return { verdict: "cannot tell", estimate, parts: [], below: false, above: false, bracket: null };
}

function verdictOfBracket({ low, high }: DoseBracket, doses: readonly number[]): StressThreshold["verdict"] {
  if (low === Math.max(...doses)) return "not reached";
  if (high === Math.min(...doses)) return "exceeded";
  return low !== null && high !== null ? "reached" : "cannot tell";
}

/** A set that is empty and closed says that no logistic rise fits, and nothing of where one half is. */
function verdictOfSet(parts: number, below: boolean, above: boolean): StressThreshold["verdict"] {
  if (parts > 0) return below || above ? "cannot tell" : "reached";
  if (above) return below ? "cannot tell" : "not reached";
  return below ? "exceeded" : "cannot tell";
}

/** Where a family's own logistic curve crosses one half; null where it does not within the range. */
function crossingOf(values: readonly ItemValue[], dose: readonly number[]): number | null {
  return within(
    thresholdEstimate(
      sharesOf(values, dose, () => 0, 1),
      RANGE,
    ),
  );
}

function within(estimate: number | null): number | null {
  return estimate !== null && estimate >= RANGE[0] && estimate <= RANGE[1] ? estimate : null;
}

/** Nats a level, by least squares through the control, a family at a time. */
function slopeOf(factor: Graded, series: readonly ItemValue[], weights: Weights): StressCurve["slope"] {
  const slopes = [...Map.groupBy(series, ({ row }) => row.family)].map(([family, own]) => {
    const known = own.flatMap(({ row, nats }) => {
      const y = nats?.all ?? null;
      return y === null ? [] : [{ x: row.condition[factor] as number, y }];
    });
    const squares = known.reduce((sum, { x }) => sum + x * x, 0);
    const products = known.reduce((sum, { x, y }) => sum + x * y, 0);
    return [family, squares > 0 ? products / squares : null] as const;
  });
  return meanOverFamilies(new Map(slopes), weights).estimate;
}
