import { writeFileAtomically } from "../../adapters/atomic-file.ts";
import type { GamesRequest } from "../../adapters/games-run.ts";
import type { RunConduct } from "../../adapters/model-run.ts";
import { writeStressOutputs } from "../../adapters/stress-outputs.ts";
import {
  carryOutStress,
  forecastStress,
  type PreparedStress,
  prepareStress,
  type StressRequest,
  sketchStress,
} from "../../adapters/stress-run.ts";
import { DashpotError } from "../../model/error.ts";
import { GAME_FORMATS } from "../../model/games.ts";
import { SETS } from "../../model/run.ts";
import { FACTORS, STRESS_FORMATS } from "../../model/stress.ts";
import { renderStressSummary } from "../../profile/report/stress/stress-summary.ts";
import { type ConductOptions, conductRun, readyToRun, type Wanted } from "../conduct.ts";
import { playGames } from "../play-games.ts";
import { readSystem } from "../read-system.ts";
import { runDirectory } from "../run-directory-name.ts";
import { oneOf, realNumber, type Terminal, wholeNumber } from "../terminal.ts";

interface StressOptions extends ConductOptions {
  games?: boolean;
  out?: string;
  set?: string;
  format?: string;
  suite?: string;
  families?: string;
  factors?: string;
  design?: string;
  system?: string;
  check?: boolean;
  table?: string;
  baseUrl?: string;
  chatTemplate?: string;
  seed?: string;
  samples?: string;
  temperature?: string;
}

export async function work(terminal: Terminal, [model]: string[], options: StressOptions): Promise<number> {
  if (options.games) return playGames(terminal, await readGamesRequest(model as string, options), options);
  const request = await readRequest(model as string, options);
  const directory =
    options.out ??
    runDirectory([...[request.model, "stress", request.set ?? "quick", options.format, request.system && "guarded"]]);
  return conductStress(
    terminal,
    request.model,
    options,
    directory,
    async (conduct) => {
      const prepared = await (options.dryRun ? sketchStress(request, conduct) : prepareStress(request, conduct));
      if (options.table !== undefined) await writeTable(options.table, prepared.plan.design.table);
      return prepared;
    },
    (wanted, prepared) => readyForStress(terminal, wanted, prepared),
  );
}

/** A stress run signs nothing, so that no key is looked for. */
export function readyForStress(terminal: Terminal, wanted: Wanted, prepared: PreparedStress): Promise<void> {
  return readyToRun(terminal, { sign: false }, wanted, prepared);
}

/** A stress run, begun or gone on with; shared by `stress` and `resume`. */
export async function conductStress(
  terminal: Terminal,
  model: string,
  options: ConductOptions,
  directory: string,
  prepare: (conduct: RunConduct) => Promise<PreparedStress>,
  ready: (wanted: Wanted, prepared: PreparedStress) => Promise<void>,
): Promise<number> {
  return conductRun(terminal, {
    ...{ model, options, directory, prepare, ready },
    carryOut: async (prepared, into, conduct) => ({
      report: await carryOutStress(prepared, into, conduct),
      design: prepared.plan.design.table,
    }),
    forecast: (prepared, { price, parallel }) => forecastStress(prepared, price, parallel),
    settled: (prepared) => settledText(prepared),
    remarks: (prepared) => [
      `${prepared.plan.formats.join(", ")}: ${prepared.plan.formatReason}`,
      ...aliasLines(prepared),
    ],
    answer: async ({ report, design }) => {
      const outputs = await writeStressOutputs(report, design, directory);
      const paths = outputs.map(({ name, path }) => `${name.padEnd(16)}${path}`).join("\n");
      terminal.answer(`${renderStressSummary(report, terminal)}\n${paths}`, { directory, outputs, stress: report });
      return 0;
    },
  });
}

function settledText(prepared: PreparedStress): string {
  const { plan, rows } = prepared;
  const head = `${plan.model}, ${plan.formats.join(", ")} (${plan.formatReason}), ${plan.set} set, design ${plan.design.name}: ${rows.length} scenarios`;
  return [head, ...aliasLines(prepared)].join("\n");
}

function aliasLines({ aliases }: PreparedStress): string[] {
  return aliases.length === 0 ? [] : [`cannot be told apart: ${aliases.join("; ")}`];
}

async function writeTable(path: string, table: string): Promise<void> {
  await writeFileAtomically(path, table).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `expected a file that can be written, received: ${reason}, at ${path}`;
    throw new DashpotError("output-unwritable", message, "name another --table", { cause });
  });
}

async function readRequest(model: string, options: StressOptions): Promise<StressRequest> {
  const { format, families, factors, design } = options;
  return {
    ...(await readShared(model, options)),
    ...(design === undefined ? {} : { design }),
    ...(families === undefined ? {} : { families: listed(families) }),
    ...(factors === undefined ? {} : { factors: listed(factors).map(oneOf("--factors", FACTORS)) }),
    ...(format === undefined || format === "auto"
      ? {}
      : { formats: listed(format).map(oneOf("--format", STRESS_FORMATS)) }),
  };
}

/** What exchanges and games have no use for is refused, not passed over. */
async function readGamesRequest(model: string, options: StressOptions): Promise<GamesRequest> {
  const { format, families } = options;
  const unused = (["factors", "design", "table"] as const).find((name) => options[name] !== undefined);
  if (unused !== undefined)
    throw new DashpotError(
      "option-invalid",
      `expected --games without --${unused}, received both`,
      `leave --${unused} out: exchanges and games have no design of levels`,
    );
  return {
    ...(await readShared(model, options)),
    ...(families === undefined ? {} : { items: listed(families) }),
    ...(format === undefined || format === "auto"
      ? {}
      : { formats: listed(format).map(oneOf("--format", GAME_FORMATS)) }),
  };
}

/** What both kinds of run take. */
async function readShared(model: string, options: StressOptions) {
  const { set, seed, samples, temperature, suite, baseUrl, chatTemplate } = options;
  return {
    model,
    ...(suite === undefined ? {} : { suite }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
    ...(options.check ? { check: true } : {}),
    ...(options.system === undefined ? {} : { system: await readSystem(options.system) }),
    ...(set === undefined ? {} : { set: oneOf("--set", SETS)(set) }),
    ...(seed === undefined ? {} : { seed: wholeNumber("--seed", 0)(seed) }),
    ...(samples === undefined ? {} : { samples: wholeNumber("--samples", 1)(samples) }),
    ...(temperature === undefined ? {} : { temperature: realNumber("--temperature", 0, 10)(temperature) }),
  };
}

/** Names between commas, each once. */
function listed(text: string): string[] {
  return [...new Set(text.split(",").map((part) => part.trim()))];
}
