import type { Graded } from "../../../model/stress.ts";
import type { StressRise } from "../../../model/stress-report.ts";
import type { ItemValue } from "../item-values.ts";
import type { DoseCounts } from "./rise-table.ts";
import { judgeRise, keyOf, type RiseCutoffs } from "./smooth-or-jump.ts";

/**
 * Whether a curve rises smoothly, by a jump or not (S7). Every family on each surface and side counts by itself, since each
 * may have a threshold of its own, and jumps at several would look smooth together. Null under `score`.
 */
export function judgeCurve(
  factor: Graded,
  series: readonly ItemValue[],
  cutoffs: readonly RiseCutoffs[],
): StressRise | null {
  if (series.some(({ nats }) => nats !== null)) return null;
  const kept = cutoffs.find(({ key }) => key === nominalKey(factor, series));
  if (kept === undefined) return { verdict: "cannot-tell", reason: "no-cutoffs", best: null, evidence: null };
  const { verdict, reason, best, evidence } = judgeRise(countsOf(factor, series), kept);
  return {
    ...{ verdict, reason },
    best: best && { shape: best.shape, classes: best.classes },
    evidence: evidence && { rise: evidence.rise, jump: evidence.jump },
  };
}

/** By what was asked: an answer that is lost makes no other design. */
function nominalKey(factor: Graded, series: readonly ItemValue[]): string {
  const asked = series.map(({ n, missing }) => n + missing);
  return keyOf({
    families: new Set(series.map(lineOf)).size,
    doses: [...new Set(series.map(({ row }) => row.condition[factor]))].sort((a, b) => a - b),
    trials: Math.max(...asked),
  });
}

function lineOf({ row: { family, surface, condition } }: ItemValue): string {
  return `${family}/${surface}/${condition.side}`;
}

function countsOf(factor: Graded, series: readonly ItemValue[]): DoseCounts {
  const lines = [...new Set(series.map(lineOf))];
  return {
    dose: Float64Array.from(series, ({ row }) => row.condition[factor]),
    successes: Float64Array.from(series, ({ severe, n }) => Math.min(n, severe ?? 0)),
    trials: Float64Array.from(series, ({ n }) => n),
    family: Int32Array.from(series, (value) => lines.indexOf(lineOf(value))),
    families: lines.length,
  };
}
