import { randomStream } from "../kernel/random.ts";
import { DashpotError } from "../model/error.ts";
import type { AnyPlan } from "../model/journal.ts";
import type { LanguageModel, ModelIdentity } from "../model/language-model.ts";
import type { Budget, ModelPlan } from "../model/run.ts";
import type { Call } from "../profile/ask.ts";
import type { Price } from "./budget.ts";
import { type Clock, systemClock } from "./clock.ts";
import { openJournal } from "./journal.ts";
import { fileOfModel, type OpenOptions, openLanguageModel } from "./language-models/open-language-model.ts";
import { createRunEngine, type Engine, type Progress } from "./run-engine.ts";
import { version } from "./version.ts";

/** Which model a run asks, as the user names it. */
export interface ModelRequest {
  /** `embedded:smollm2-135m`, `gguf:PATH`, `openai:NAME`, `anthropic:NAME`, `google:NAME`, `policy:NAME`. */
  readonly model: string;
  readonly baseUrl?: string;
  readonly chatTemplate?: string;
}

/** How a run is carried out; nothing of it changes what is found, but for the cost that a price lets it tell. */
export interface RunConduct {
  readonly parallel?: number;
  readonly budget?: Budget;
  readonly price?: Price | null;
  readonly timeoutMs?: number;
  readonly stop?: AbortSignal;
  readonly abort?: AbortSignal;
  readonly clock?: Clock;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The user's home directory; of the process where absent. */
  readonly home?: string;
  readonly onProgress?: (progress: Progress) => void;
  /** When given, an Inspect log of every call is written into the directory, dated so (C7). */
  readonly inspectAt?: Date;
  /** Of loading a model: message and fraction done. */
  readonly onLoading?: (message: string, fraction: number | null) => void;
}

/** Longest that a timer can wait: a local model is slow, not stalled. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

const DEFAULTS = { parallel: 50, timeoutMs: 30_000 } as const;

/** Opens a model and probes it once. The caller closes it. */
export async function openModel(request: ModelRequest, conduct: RunConduct): Promise<LanguageModel> {
  const model = await openLanguageModel(request.model, openingOf(request, conduct));
  return probed(model, conduct);
}

/**
 * Opens the model of a stored plan (R2). Errors: `weights-changed` and `processor-changed`, where it is not what the run
 * was begun with.
 */
export async function reopenModel(plan: ModelPlan, conduct: RunConduct): Promise<LanguageModel> {
  const model = await openLanguageModel(plan.model, openingOf(plan, conduct));
  try {
    refuseChanged("weights", plan.modelSha256, model.identity.sha256, plan.modelPath ?? plan.model);
    refuseOtherProcessor(plan.processor, model.identity.processor);
  } catch (error) {
    await model.close();
    throw error;
  }
  return probed(model, conduct);
}

async function probed(model: LanguageModel, { abort }: RunConduct): Promise<LanguageModel> {
  try {
    await model.prepare?.(abort ?? new AbortController().signal);
    return model;
  } catch (error) {
    await model.close();
    throw error;
  }
}

/** What a plan stores of the model that was opened for it. */
export function modelPlanOf(request: ModelRequest, identity: ModelIdentity): ModelPlan {
  const file = fileOfModel(request.model);
  return {
    dashpot: version(),
    model: request.model,
    ...(file ? { modelPath: file } : {}),
    ...(identity.sha256 ? { modelSha256: identity.sha256 } : {}),
    ...(identity.processor ? { processor: identity.processor } : {}),
    ...(request.baseUrl ? { baseUrl: request.baseUrl } : {}),
    ...(request.chatTemplate ? { chatTemplate: request.chatTemplate } : {}),
  };
}

/** Log-probabilities of local weights are the same bits on one class of processor only, and a profile names one. */
function refuseOtherProcessor(begun: string | undefined, now: string | undefined): void {
  if (begun === undefined || begun === now) return;
  throw new DashpotError(
    "processor-changed",
    `expected the class of processor that the run was begun on, ${begun}, received ${now ?? "another"}`,
    "go on with it where it was begun, or begin the run anew in another directory",
  );
}

/** Errors: `bank-changed`, `suite-changed`, `rules-changed`, `weights-changed`. */
export function refuseChanged(
  what: "bank" | "suite" | "rules" | "weights",
  begun: string | undefined,
  now: string | undefined,
  where: string,
): void {
  if (begun === undefined || begun === now) return;
  throw new DashpotError(
    `${what}-changed`,
    `expected the ${what} that the run was begun with, ${begun.slice(0, 12)}, received ${now?.slice(0, 12) ?? "another"}, at ${where}`,
    "put back what was there, or begin the run anew in another directory",
  );
}

/** How a model is opened for a run. */
export function openingOf(
  request: { readonly baseUrl?: string; readonly chatTemplate?: string; readonly modelPath?: string },
  conduct: RunConduct,
): OpenOptions {
  return {
    environment: conduct.environment ?? process.env,
    home: conduct.home ?? "",
    timeoutMs: conduct.timeoutMs ?? DEFAULTS.timeoutMs,
    ...(request.baseUrl ? { baseUrl: request.baseUrl } : {}),
    ...(request.chatTemplate ? { chatTemplate: request.chatTemplate } : {}),
    ...(request.modelPath ? { modelPath: request.modelPath } : {}),
    ...(conduct.onLoading ? { onProgress: conduct.onLoading } : {}),
    ...(conduct.abort ? { signal: conduct.abort } : {}),
  };
}

/** Works with the engine of a run in a directory, from the beginning or from where it stopped; the journal is closed after. */
export async function withEngine<T>(
  run: { readonly plan: AnyPlan; readonly model: LanguageModel },
  directory: string,
  conduct: RunConduct,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { engine, close } = await openEngine(run, directory, conduct);
  try {
    return await work(engine);
  } finally {
    await close();
  }
}

/** The engine of a run in a directory, and what closes its journal. Errors: those of `openJournal` and `createRunEngine`. */
export async function openEngine(
  { plan, model }: { readonly plan: AnyPlan; readonly model: LanguageModel },
  directory: string,
  conduct: RunConduct,
): Promise<{ readonly engine: Engine; readonly close: () => Promise<void> }> {
  const journal = openJournal(directory, plan);
  try {
    const engine = createRunEngine({
      model,
      journal,
      clock: conduct.clock ?? systemClock,
      random: randomStream(plan.seed, "backoff"),
      parallel: conduct.parallel ?? DEFAULTS.parallel,
      budget: conduct.budget ?? {},
      price: plan.price ?? conduct.price ?? null,
      stop: conduct.stop ?? new AbortController().signal,
      abort: conduct.abort ?? new AbortController().signal,
      timeoutMs: model.capabilities.maximumParallel === 1 ? NO_TIMEOUT_MS : (conduct.timeoutMs ?? DEFAULTS.timeoutMs),
      ...(conduct.onProgress ? { onProgress: conduct.onProgress } : {}),
    });
    return { engine, close: () => journal.close() };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** The plan of the run in a directory, of whichever kind, and how many answers it has. Errors: those of `openJournal`. */
export async function readPlan(directory: string): Promise<{ plan: AnyPlan; answers: number }> {
  const journal = openJournal(directory, null);
  try {
    return { plan: journal.plan, answers: journal.count() };
  } finally {
    await journal.close();
  }
}

/** What a run would take, without making a call (R6). */
export interface Forecast {
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cost: number | null;
  readonly seconds: number | null;
}

const CHARACTERS_A_TOKEN = 4;

/** Tokens of a text as they are forecast. */
export function guessTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN);
}

export interface Forecasting {
  readonly calls: readonly Call[];
  /** Answer tokens that a chat call takes, as far as is known. */
  readonly answerTokens: (call: Call) => number;
  /** Calls whose prompts depend on answers: how many, and what they take. */
  readonly later?: { readonly calls: number; readonly promptTokens: number; readonly completionTokens: number };
}

/** What calls will take of a model. */
export function forecastCalls(
  { calls, answerTokens, later = { calls: 0, promptTokens: 0, completionTokens: 0 } }: Forecasting,
  model: LanguageModel,
  price: Price | null,
  parallel: number,
): Forecast {
  let { promptTokens, completionTokens } = later;
  let requests = calls.length + later.calls;
  for (const call of calls) {
    const { kind, request } = call;
    const prompt = request.messages.reduce((sum, message) => sum + guessTokens(message.content) + 4, 0);
    // A server is asked for one reply after another, and reads the prompt again for each.
    const asked = kind === "score" && model.identity.provider === "openai" ? request.replies.length : 1;
    requests += asked - 1;
    promptTokens += prompt * asked;
    if (kind === "score") promptTokens += request.replies.reduce((sum, reply) => sum + guessTokens(reply), 0);
    else completionTokens += answerTokens(call);
  }
  const local = model.capabilities.maximumParallel === 1;
  return {
    calls: calls.length + later.calls,
    promptTokens: Math.ceil(promptTokens),
    completionTokens,
    cost: price ? (promptTokens * price.promptPerMillion + completionTokens * price.completionPerMillion) / 1e6 : null,
    seconds: local ? (promptTokens + completionTokens * 4) / 230 : requests / Math.min(parallel, 50),
  };
}
