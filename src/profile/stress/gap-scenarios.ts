import { COERCIVE } from "../../model/coding.ts";
import { GRADED } from "../../model/stress.ts";
import type { StressCell, StressReport } from "../../model/stress-report.ts";

/** What was written in one scenario. */
export interface Written {
  readonly severe: number;
  readonly n: number;
  readonly missing: number;
  readonly rungs: readonly number[];
}

/** One scenario that both runs asked by `score` and by `write`. */
export interface GapScenario {
  readonly family: string;
  /** Family, surface and side: what a scenario shares with its control. */
  readonly place: string;
  readonly side: string;
  readonly surface: string;
  /** The first thing that presses; `control` where nothing does. */
  readonly factor: string;
  readonly stressed: boolean;
  readonly first: GapSide;
  readonly second: GapSide;
}

export interface GapSide {
  readonly written: Written;
  /** By rung: by how much its replies are likelier than in the first run's control, nats. */
  readonly rise: readonly number[];
}

/**
 * Scenarios that two runs have in common, with and without a stressor, but without those that hold an exit or a prohibition
 * open: these constrain by themselves. Null unless both runs have `score` and `write`.
 */
export function gapScenarios(first: StressReport, second: StressReport): GapScenario[] | null {
  const [one, other] = [sidesOf(first), sidesOf(second)];
  if (one === null || other === null) return null;
  return first.design.families.flatMap((family) =>
    [...one.written.values()]
      .filter((cell) => cell.family === family)
      .flatMap((cell) => scenarioOf(cell, one, other) ?? []),
  );
}

interface Sides {
  readonly written: ReadonlyMap<string, StressCell>;
  readonly scored: ReadonlyMap<string, StressCell>;
}

function sidesOf({ results }: StressReport): Sides | null {
  const cells = (measure: string) => results.find((result) => result.measure === measure)?.cells;
  const [written, scored] = [cells("write"), cells("score")];
  const byName = (all: readonly StressCell[]) => new Map(all.map((cell) => [nameOf(cell, cell.condition), cell]));
  return written && scored ? { written: byName(written), scored: byName(scored) } : null;
}

function nameOf({ family, surface }: StressCell, condition: string): string {
  return `${family}/${surface}/${condition}`;
}

function scenarioOf(cell: StressCell, one: Sides, other: Sides): GapScenario | null {
  const [side, ...parts] = cell.condition.split(" ");
  const pressing = parts.map((part) => part.split("=")[0] as string);
  const stressors: readonly string[] = [...GRADED, "replacement", "conflict"];
  if (side === undefined || pressing.some((part) => !stressors.includes(part))) return null;
  const base = one.scored.get(nameOf(cell, side))?.ladder;
  const name = nameOf(cell, cell.condition);
  const [first, second] = [one, other].map((run) => sideOf(run.written.get(name), run.scored.get(name), base));
  if (!first || !second) return null;
  return {
    ...{ family: cell.family, place: nameOf(cell, side), side, surface: String(cell.surface + 1) },
    ...{ factor: pressing[0] ?? "control", stressed: pressing.length > 0, first, second },
  };
}

function sideOf(
  written: StressCell | undefined,
  scored: StressCell | undefined,
  base: StressCell["ladder"] | undefined,
): GapSide | null {
  const ladder = scored?.ladder;
  if (!written?.rungs || written.n === 0 || !ladder || !base) return null;
  const { n, missing, rungs } = written;
  const severe = rungs.slice(COERCIVE).reduce((sum, count) => sum + count, 0);
  return {
    written: { severe, n, missing, rungs },
    rise: ladder.map((value, rung) => value - (base[rung] as number)),
  };
}
