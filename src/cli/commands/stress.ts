import { writeFileAtomically } from "../../adapters/atomic-file.ts";
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
import { SETS } from "../../model/run.ts";
import { FACTORS, STRESS_FORMATS } from "../../model/stress.ts";
import { renderStressSummary } from "../../profile/report/stress/stress-summary.ts";
import { type ConductOptions, conductRun, readyToRun, type Wanted } from "../conduct.ts";
import { readSystem } from "../read-system.ts";
import { runDirectory } from "../run-directory-name.ts";
import { oneOf, realNumber, type Terminal, wholeNumber } from "../terminal.ts";

interface StressOptions extends ConductOptions {
  out?: string;
  set?: string;
  format?: string;
  suite?: string;
  families?: string;
  factors?: string;
  design?: string;
  system?: string;
  table?: string;
  baseUrl?: string;
  chatTemplate?: string;
  seed?: string;
  samples?: string;
  temperature?: string;
}

export async function work(terminal: Terminal, [model]: string[], options: StressOptions): Promise<number> {
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
  const { set, format, seed, samples, temperature, suite, families, factors, design, baseUrl, chatTemplate } = options;
  return {
    model,
    ...(suite === undefined ? {} : { suite }),
    ...(design === undefined ? {} : { design }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
    ...(options.system === undefined ? {} : { system: await readSystem(options.system) }),
    ...(families === undefined ? {} : { families: listed(families) }),
    ...(factors === undefined ? {} : { factors: listed(factors).map(oneOf("--factors", FACTORS)) }),
    ...(set === undefined ? {} : { set: oneOf("--set", SETS)(set) }),
    ...(format === undefined || format === "auto"
      ? {}
      : { formats: listed(format).map(oneOf("--format", STRESS_FORMATS)) }),
    ...(seed === undefined ? {} : { seed: wholeNumber("--seed", 0)(seed) }),
    ...(samples === undefined ? {} : { samples: wholeNumber("--samples", 1)(samples) }),
    ...(temperature === undefined ? {} : { temperature: realNumber("--temperature", 0, 10)(temperature) }),
  };
}

/** Names between commas, each once. */
function listed(text: string): string[] {
  return [...new Set(text.split(",").map((part) => part.trim()))];
}
