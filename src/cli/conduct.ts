import { resolve } from "node:path";
import { boundHeap } from "../adapters/bound-heap.ts";
import { refuseUncounted, refuseUnpriced } from "../adapters/budget.ts";
import type { Forecast, RunConduct } from "../adapters/model-run.ts";
import { priceFor } from "../adapters/price-file.ts";
import { checkSigning } from "../adapters/signing-keys.ts";
import { DashpotError, isDashpotError } from "../model/error.ts";
import type { Capabilities, LanguageModel } from "../model/language-model.ts";
import type { ModelPlan } from "../model/run.ts";
import { dataHome } from "./home.ts";
import { watchInterrupts } from "./interrupts.ts";
import { parseBudget } from "./parse-budget.ts";
import { openProgress } from "./progress.ts";
import { realNumber, type Terminal, wholeNumber } from "./terminal.ts";

/** Options of how a run is carried out, as every command takes them that asks a model. */
export interface ConductOptions {
  parallel?: string;
  budget?: string;
  prices?: string;
  timeout?: string;
  sign?: boolean;
  dryRun?: boolean;
}

/** A run that is settled but not begun, of whichever kind. */
interface Prepared {
  readonly plan: ModelPlan;
  readonly model: LanguageModel;
}

/** What one kind of run does at each step. */
export interface Conducted<P extends Prepared, R> {
  /** As the user names it. */
  readonly model: string;
  readonly directory: string;
  readonly options: ConductOptions;
  readonly prepare: (conduct: RunConduct) => Promise<P>;
  /** With `--dry-run`: what the run would take. */
  readonly forecast: (prepared: P, wanted: Wanted) => Forecast;
  /** In one line: what was settled. */
  readonly settled: (prepared: P) => string;
  /** Told before the first call. */
  readonly remarks: (prepared: P) => readonly string[];
  /** Called before the first call: what would be in the way of the outputs is found then. */
  readonly ready?: (wanted: Wanted, prepared: P) => Promise<void>;
  readonly carryOut: (prepared: P, directory: string, conduct: RunConduct) => Promise<R>;
  /** Writes and answers. */
  readonly answer: (found: R, at: Date) => Promise<number>;
}

/** Prepares, carries out and writes a run, with progress and interrupts. */
export async function conductRun<P extends Prepared, R>(terminal: Terminal, run: Conducted<P, R>): Promise<number> {
  const { model, options, directory } = run;
  const at = new Date();
  const wanted = await readConduct(model, options);
  if (options.prices !== undefined && wanted.price === null)
    terminal.note(`${options.prices} does not hold ${model}: cost is not counted`);
  const progress = await openProgress(terminal);
  const interrupts = watchInterrupts(terminal);
  const conduct = { ...wanted, stop: interrupts.stop, abort: interrupts.abort, ...progress };
  let prepared: P | null = null;
  try {
    // Before the first call there is nothing to be waited for: one Ctrl-C is enough.
    prepared = await run.prepare({ ...conduct, abort: AbortSignal.any([interrupts.stop, interrupts.abort]) });
    if (options.dryRun) return tellForecast(terminal, run, prepared, wanted);
    await run.ready?.(wanted, prepared);
    for (const remark of run.remarks(prepared)) terminal.note(remark);
    const told = tellLacks(terminal, prepared.model, {});
    const release = boundHeap();
    const found = await run.carryOut(prepared, directory, { ...conduct, inspectAt: at }).finally(release);
    progress.finish();
    tellLacks(terminal, prepared.model, told);
    return await run.answer(found, at);
  } catch (error) {
    throw naming(directory, error);
  } finally {
    progress.finish();
    interrupts.release();
    await prepared?.model.close();
  }
}

export type Wanted = Awaited<ReturnType<typeof readConduct>>;

/** What would be in the way later is found before the first call; that a key will be made is told. */
export async function readyToRun(
  terminal: Terminal,
  { sign = true }: ConductOptions,
  { budget, price }: Wanted,
  { plan, model }: Prepared,
): Promise<void> {
  refuseUnpriced(budget, plan.price ?? price);
  refuseUncounted(budget, model.capabilities);
  if (!sign) return;
  const directory = keysDirectory();
  if (!(await checkSigning({ directory, now: new Date().toISOString() })))
    terminal.note(`no signing key yet: one is made in ${directory}`);
}

/** What the endpoint cannot do or refused, and was not told before; of score, the format's reason tells. */
function tellLacks(terminal: Terminal, model: LanguageModel, told: Capabilities["lacks"]): Capabilities["lacks"] {
  const { lacks } = model.capabilities;
  for (const [name, why] of Object.entries(lacks))
    if (name !== "score" && told[name] !== why) terminal.note(`${name}: ${why}`);
  return lacks;
}

/** Where the keys are that runs are signed with. */
export function keysDirectory(): string {
  return resolve(dataHome(process.env), "keys");
}

/** A failure whose fix names the directory that the run is in. */
function naming(directory: string, error: unknown): unknown {
  if (!isDashpotError(error)) return error;
  const fix = error.fix.replace("dashpot resume DIR", () => `dashpot resume ${directory}`);
  return new DashpotError(error.code, error.message, fix, { exit: error.exit, cause: error });
}

/** How a run is carried out, as the options say. Errors: `option-invalid`, `prices-unreadable`. */
export async function readConduct(model: string, options: ConductOptions) {
  return {
    parallel: options.parallel === undefined ? 50 : wholeNumber("--parallel", 1)(options.parallel),
    budget: options.budget === undefined ? {} : parseBudget(options.budget),
    price: options.prices === undefined ? null : await priceFor(options.prices, model),
    timeoutMs: options.timeout === undefined ? 30_000 : realNumber("--timeout", 0.001, 86_400)(options.timeout) * 1000,
    environment: process.env,
  };
}

function tellForecast<P extends Prepared, R>(
  terminal: Terminal,
  { forecast, settled, options: { prices } }: Conducted<P, R>,
  prepared: P,
  wanted: Wanted,
): number {
  const { plan } = prepared;
  const foreseen = forecast(prepared, wanted);
  const { calls, promptTokens, completionTokens, cost, seconds } = foreseen;
  const unknown = prices === undefined ? "no --prices" : `${prices} does not hold ${plan.model}`;
  const money = cost === null ? `cost unknown (${unknown})` : `cost about ${cost.toFixed(2)}`;
  const time = seconds === null ? "time unknown" : `about ${Math.ceil(seconds / 60)} min`;
  terminal.answer(
    `${settled(prepared)}\n${calls} calls, about ${promptTokens} prompt and ${completionTokens} answer tokens, ${money}, ${time}; none was made`,
    { plan, forecast: foreseen },
  );
  return 0;
}
