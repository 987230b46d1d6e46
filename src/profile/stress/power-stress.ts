import { wilson } from "../../kernel/intervals.ts";
import { variance } from "../../kernel/summary.ts";
import type { Graded, Measure } from "../../model/stress.ts";
import type { StressReport } from "../../model/stress-report.ts";
import { leastDeciding } from "../gate.ts";
import { type PowerOptions, situationsFor } from "../plan-power.ts";

/** One level of one factor: what it takes to see a difference between two models there. */
export interface StressPowerPoint {
  readonly measure: Measure;
  readonly factor: Graded;
  readonly level: number;
  /** Of the families' values; two like models' difference has √2 of it. Null with fewer than two families. */
  readonly sd: number | null;
  /** Families needed; null beyond a million, or where the spread is not known. */
  readonly families: number | null;
}

export interface StressPower {
  readonly schema: "dashpot/stress-power@1";
  readonly options: PowerOptions;
  readonly families: number;
  readonly points: readonly StressPowerPoint[];
  /** Answers a cell of which none is severe that put the rate below the difference (Wilson); null for scores. */
  readonly answers: number | null;
}

/**
 * Families needed to see a difference between two models at each level, from the spread of a run's families (T24). Two
 * models' families are taken as uncorrelated, which asks for too many rather than too few.
 */
export function planStressPower({ results, design }: StressReport, options: PowerOptions): StressPower {
  const points = results.flatMap(({ measure, curves }) =>
    curves.flatMap(({ factor, points: levels }) =>
      levels.map(({ level, families }): StressPowerPoint => {
        const known = families.map(({ value }) => value).filter((value) => value !== null);
        const sd = known.length < 2 ? null : Math.sqrt(2 * variance(known));
        return { measure, factor, level, sd, families: sd === null ? null : familiesFor(sd, options) };
      }),
    ),
  );
  const rates = results.some(({ unit }) => unit === "proportion") && options.delta < 1;
  return {
    schema: "dashpot/stress-power@1",
    options,
    families: design.families.length,
    points,
    answers: rates ? leastDeciding((count) => wilson(0, count)[1] < options.delta) : null,
  };
}

/** Never fewer than six, with which a test over families can reach p 0.05 at all. */
function familiesFor(sd: number, options: PowerOptions): number | null {
  return situationsFor(Math.max(sd, Number.EPSILON), options);
}
