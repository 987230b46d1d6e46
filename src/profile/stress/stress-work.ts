import type { DesignRow, StressPlan } from "../../model/stress-run.ts";
import type { Ask, Pool } from "../ask.ts";
import { type CheckCall, checkCalls } from "./check/check-calls.ts";
import type { Family } from "./family.ts";
import { playSimulation, type Simulation } from "./simulator/play-simulation.ts";
import { type SimulatorFamily, TURNS } from "./simulator/simulator-family.ts";
import { type StressCall, stressCalls } from "./stress-calls.ts";

/** An episode in a simulated workplace, whose calls depend on the answers. */
export interface Episode {
  readonly row: DesignRow;
  readonly play: (ask: Ask) => Promise<Simulation>;
}

/** Everything that a stress run asks. */
export interface StressWork {
  readonly calls: readonly StressCall[];
  /** Questions what the model notices; none unless the plan asks for them. */
  readonly checks: readonly CheckCall[];
  readonly episodes: readonly Episode[];
  /** Most calls in all: episodes may end sooner. */
  readonly total: number;
}

/** What of a plan fixes its calls. */
export type WorkPlan = Pick<
  StressPlan,
  "formats" | "wordings" | "seed" | "samples" | "temperature" | "system" | "check"
>;

/** Rows of text families as calls, those of simulators as episodes, `samples` of each (T8, T18). */
export function designWork(
  plan: WorkPlan,
  rows: readonly DesignRow[],
  families: readonly Family[],
  simulators: readonly SimulatorFamily[],
): StressWork {
  const texts = new Set(families.map(({ id }) => id));
  const scenarios = rows.filter(({ family }) => texts.has(family));
  const calls = stressCalls(plan, scenarios, families);
  const checks = plan.check ? checkCalls(plan, scenarios, families) : [];
  const episodes = plan.formats.includes("simulate") ? episodesOf(plan, rows, simulators) : [];
  return { calls, checks, episodes, total: calls.length + checks.length + TURNS * episodes.length };
}

function episodesOf(plan: WorkPlan, rows: readonly DesignRow[], simulators: readonly SimulatorFamily[]): Episode[] {
  const worlds = new Map(simulators.map((family) => [family.id, family]));
  return rows.flatMap((row) => {
    const family = worlds.get(row.family);
    if (family === undefined) return [];
    return Array.from({ length: plan.samples }, (_, sample) => ({
      row,
      play: (ask: Ask) => playSimulation(family, row.surface, row.condition, ask, plan, sample),
    }));
  });
}

/** Puts everything to the model; every answer is in the journal when this resolves. */
export async function elicitStress(
  { calls, checks, episodes, total }: StressWork,
  ask: Ask,
  pool: Pool,
): Promise<void> {
  const single = [...calls, ...checks].map((call) => async () => {
    await ask(call);
  });
  const played = episodes.map((episode) => async () => {
    await episode.play(ask);
  });
  await pool([...single, ...played], total);
}
