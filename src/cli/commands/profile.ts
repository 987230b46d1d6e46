import type { RunConduct } from "../../adapters/model-run.ts";
import {
  carryOut,
  forecastRun,
  type PreparedRun,
  prepareRun,
  type RunRequest,
  sketchRun,
} from "../../adapters/profile-run.ts";
import { writeOutputs } from "../../adapters/run-outputs.ts";
import { DashpotError } from "../../model/error.ts";
import { SETS, VARIATIONS, type Variation } from "../../model/run.ts";
import { renderSummary } from "../../profile/report/terminal-summary.ts";
import { varies } from "../../profile/variations.ts";
import { type ConductOptions, conductRun, keysDirectory, readyToRun, type Wanted } from "../conduct.ts";
import { readSystem } from "../read-system.ts";
import { runDirectory } from "../run-directory-name.ts";
import { oneOf, realNumber, type Terminal, wholeNumber } from "../terminal.ts";

interface ProfileOptions extends ConductOptions {
  out?: string;
  set?: string;
  format?: string;
  bank?: string;
  reference?: string;
  baseUrl?: string;
  chatTemplate?: string;
  seed?: string;
  samples?: string;
  temperature?: string;
  system?: string;
  vary?: string;
  acts?: boolean;
  self?: boolean;
  agreement?: boolean;
}

export async function work(terminal: Terminal, [model]: string[], options: ProfileOptions): Promise<number> {
  const request = await readRequest(model as string, options);
  return conductProfile(
    terminal,
    request.model,
    options,
    options.out ?? directoryFor(request),
    async (conduct) => (options.dryRun ? sketchRun(request, conduct) : prepareRun(request, conduct)),
    (wanted, prepared) => readyToRun(terminal, options, wanted, prepared),
  );
}

/** The run of a profile, begun or gone on with; shared by `profile` and `resume`. */
export async function conductProfile(
  terminal: Terminal,
  model: string,
  options: ConductOptions,
  directory: string,
  prepare: (conduct: RunConduct) => Promise<PreparedRun>,
  ready: (wanted: Wanted, prepared: PreparedRun) => Promise<void>,
): Promise<number> {
  return conductRun(terminal, {
    ...{ model, options, directory, prepare, ready, carryOut },
    forecast: (prepared, { price, parallel }) => forecastRun(prepared, price, parallel),
    settled: ({ plan }) => `${plan.model}, ${plan.format} (${plan.formatReason}), ${plan.set} set`,
    remarks: ({ plan: { format, formatReason, vary } }) => [
      `${format}: ${formatReason}`,
      ...vary.filter((one) => !varies(one, format)).map((variation) => `${variation} does not vary under ${format}`),
    ],
    answer: async (profile, at) => {
      const outputs = await writeOutputs({ profile, directory, keys: keysDirectory(), sign: options.sign ?? true, at });
      const paths = outputs.map(({ name, path }) => `${name.padEnd(16)}${path}`).join("\n");
      terminal.answer(`${renderSummary(profile, terminal)}\n${paths}`, { directory, outputs, profile });
      return 0;
    },
  });
}

async function readRequest(model: string, options: ProfileOptions): Promise<RunRequest> {
  const {
    set,
    format,
    seed,
    samples,
    temperature,
    vary,
    bank,
    reference,
    baseUrl,
    chatTemplate,
    acts,
    self,
    agreement,
  } = options;
  return {
    model,
    ...defined({ bank, reference, baseUrl, chatTemplate, acts, self, agreement }),
    ...(set === undefined ? {} : { set: oneOf("--set", SETS)(set) }),
    ...(format === undefined ? {} : { format: readFormat(format) }),
    ...(seed === undefined ? {} : { seed: wholeNumber("--seed", 0)(seed) }),
    ...(samples === undefined ? {} : { samples: wholeNumber("--samples", 1)(samples) }),
    ...(temperature === undefined ? {} : { temperature: realNumber("--temperature", 0, 10)(temperature) }),
    ...(options.system === undefined ? {} : { system: await readSystem(options.system) }),
    ...(vary === undefined ? {} : { vary: readVariations(vary) }),
  };
}

function readFormat(text: string): "auto" | "score" | "choice" {
  if (text === "act" || text === "self") {
    throw new DashpotError(
      "option-invalid",
      `expected auto, score or choice, received ${text}, for --format`,
      `${text} is part of every run whose model can chat; leave --no-${text === "act" ? "acts" : "self"} out`,
    );
  }
  return oneOf("--format", ["auto", "score", "choice"] as const)(text);
}

function readVariations(text: string): Variation[] {
  return [...new Set(text.split(",").map((part) => oneOf("--vary", VARIATIONS)(part.trim())))];
}

function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function directoryFor({ model, set, format, system }: RunRequest): string {
  return runDirectory([model, set ?? "quick", format === "auto" ? undefined : format, system && "guarded"]);
}
