import { join, resolve } from "node:path";
import { boundHeap } from "../../adapters/bound-heap.ts";
import { refuseUncounted, refuseUnpriced } from "../../adapters/budget.ts";
import { priceFor } from "../../adapters/price-file.ts";
import {
  carryOut,
  type Forecast,
  forecastRun,
  type PreparedRun,
  prepareRun,
  type RunConduct,
  type RunRequest,
  sketchRun,
} from "../../adapters/profile-run.ts";
import { writeOutputs } from "../../adapters/run-outputs.ts";
import { checkSigning } from "../../adapters/signing-keys.ts";
import { DashpotError, isDashpotError } from "../../model/error.ts";
import type { Capabilities } from "../../model/language-model.ts";
import { SETS, VARIATIONS, type Variation } from "../../model/run.ts";
import { renderSummary } from "../../profile/report/terminal-summary.ts";
import { varies } from "../../profile/variations.ts";
import { dataHome } from "../home.ts";
import { watchInterrupts } from "../interrupts.ts";
import { parseBudget } from "../parse-budget.ts";
import { openProgress } from "../progress.ts";
import { oneOf, realNumber, type Terminal, wholeNumber } from "../terminal.ts";

/** Options of how a run is carried out, as `profile` and `resume` take them. */
export interface ConductOptions {
  parallel?: string;
  budget?: string;
  prices?: string;
  timeout?: string;
  sign?: boolean;
}

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
  vary?: string;
  acts?: boolean;
  self?: boolean;
  agreement?: boolean;
  dryRun?: boolean;
}

export async function work(terminal: Terminal, [model]: string[], options: ProfileOptions): Promise<number> {
  const request = readRequest(model as string, options);
  return conductRun(
    terminal,
    request.model,
    options,
    options.out ?? directoryFor(request),
    async (conduct) => (options.dryRun ? sketchRun(request, conduct) : prepareRun(request, conduct)),
    (conduct, prepared) => readyToRun(terminal, options, conduct, prepared),
    options.dryRun,
  );
}

/** Prepares, carries out and writes a run, with progress and interrupts; shared by `profile` and `resume`. */
export async function conductRun(
  terminal: Terminal,
  model: string,
  options: ConductOptions,
  directory: string,
  prepare: (conduct: RunConduct) => Promise<PreparedRun>,
  /** Called before the first call: what would be in the way of the outputs is found then. */
  ready: (conduct: Wanted, prepared: PreparedRun) => Promise<void>,
  dryRun = false,
): Promise<number> {
  const at = new Date();
  const wanted = await readConduct(model, options);
  if (options.prices !== undefined && wanted.price === null)
    terminal.note(`${options.prices} does not hold ${model}: cost is not counted`);
  const progress = await openProgress(terminal);
  const interrupts = watchInterrupts(terminal);
  const conduct = {
    ...wanted,
    stop: interrupts.stop,
    abort: interrupts.abort,
    ...progress,
  };
  let prepared: PreparedRun | null = null;
  try {
    // Before the first call there is nothing to be waited for: one Ctrl-C is enough.
    prepared = await prepare({ ...conduct, abort: AbortSignal.any([interrupts.stop, interrupts.abort]) });
    if (dryRun)
      return tellForecast(terminal, forecastRun(prepared, conduct.price, conduct.parallel), prepared, options.prices);
    await ready(conduct, prepared);
    const { format, formatReason, vary } = prepared.plan;
    terminal.note(`${format}: ${formatReason}`);
    for (const variation of vary.filter((one) => !varies(one, format)))
      terminal.note(`${variation} does not vary under ${format}`);
    const told = tellLacks(terminal, prepared, {});
    const release = boundHeap();
    const profile = await carryOut(prepared, directory, { ...conduct, inspectAt: at }).finally(release);
    progress.finish();
    tellLacks(terminal, prepared, told);
    const outputs = await writeOutputs({
      profile,
      directory,
      keys: keysDirectory(),
      sign: options.sign ?? true,
      at,
    });
    const paths = outputs.map(({ name, path }) => `${name.padEnd(16)}${path}`).join("\n");
    terminal.answer(`${renderSummary(profile, terminal)}\n${paths}`, { directory, outputs, profile });
    return 0;
  } catch (error) {
    throw naming(directory, error);
  } finally {
    progress.finish();
    interrupts.release();
    await prepared?.model.close();
  }
}

type Wanted = Awaited<ReturnType<typeof readConduct>>;

/** What would be in the way later is found before the first call; that a key will be made is told. */
export async function readyToRun(
  terminal: Terminal,
  { sign = true }: ConductOptions,
  { budget, price }: Wanted,
  { plan, model }: PreparedRun,
): Promise<void> {
  refuseUnpriced(budget, plan.price ?? price);
  refuseUncounted(budget, model.capabilities);
  if (!sign) return;
  const directory = keysDirectory();
  if (!(await checkSigning({ directory, now: new Date().toISOString() })))
    terminal.note(`no signing key yet: one is made in ${directory}`);
}

/** What the endpoint cannot do or refused, and was not told before; of score, the format's reason tells. */
function tellLacks(terminal: Terminal, { model }: PreparedRun, told: Capabilities["lacks"]): Capabilities["lacks"] {
  const { lacks } = model.capabilities;
  for (const [name, why] of Object.entries(lacks))
    if (name !== "score" && told[name] !== why) terminal.note(`${name}: ${why}`);
  return lacks;
}

function keysDirectory(): string {
  return resolve(dataHome(process.env), "keys");
}

/** A failure whose fix names the directory that the run is in. */
function naming(directory: string, error: unknown): unknown {
  if (!isDashpotError(error)) return error;
  const fix = error.fix.replace("dashpot resume DIR", () => `dashpot resume ${directory}`);
  return new DashpotError(error.code, error.message, fix, { exit: error.exit, cause: error });
}

async function readConduct(model: string, options: ConductOptions) {
  return {
    parallel: options.parallel === undefined ? 50 : wholeNumber("--parallel", 1)(options.parallel),
    budget: options.budget === undefined ? {} : parseBudget(options.budget),
    price: options.prices === undefined ? null : await priceFor(options.prices, model),
    timeoutMs: options.timeout === undefined ? 30_000 : realNumber("--timeout", 0.001, 86_400)(options.timeout) * 1000,
    environment: process.env,
  };
}

function readRequest(model: string, options: ProfileOptions): RunRequest {
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

function directoryFor({ model, set, format }: RunRequest): string {
  const slug = [model, set ?? "quick", ...(format && format !== "auto" ? [format] : [])]
    .join("-")
    .replaceAll(/[^A-Za-z0-9.]+/g, "-");
  const home = process.env.DASHPOT_HOME;
  return join(home ? join(home, "runs") : "dashpot-runs", slug.slice(0, 120));
}

function tellForecast(terminal: Terminal, forecast: Forecast, { plan }: PreparedRun, prices?: string): number {
  const { calls, promptTokens, completionTokens, cost, seconds } = forecast;
  const unknown = prices === undefined ? "no --prices" : `${prices} does not hold ${plan.model}`;
  const money = cost === null ? `cost unknown (${unknown})` : `cost about ${cost.toFixed(2)}`;
  const time = seconds === null ? "time unknown" : `about ${Math.ceil(seconds / 60)} min`;
  terminal.answer(
    `${plan.model}, ${plan.format} (${plan.formatReason}), ${plan.set} set\n${calls} calls, about ${promptTokens} prompt and ${completionTokens} answer tokens, ${money}, ${time}; none was made`,
    { plan, forecast },
  );
  return 0;
}
