import { resolve } from "node:path";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { randomStream } from "../kernel/random.ts";
import type { Bank } from "../model/bank.ts";
import { DashpotError } from "../model/error.ts";
import type { LanguageModel, ModelIdentity } from "../model/language-model.ts";
import type { Profile } from "../model/profile.ts";
import type { Budget, RunPlan, SetName, Totals, Variation } from "../model/run.ts";
import type { Reference } from "../profile/estimate-cells.ts";
import { chooseFormat, type FormatChoice } from "../profile/plan-format.ts";
import { designRun, profileModel } from "../profile/profile-model.ts";
import { ourBankPath, readBank } from "./bank-files.ts";
import { costOf, type Price } from "./budget.ts";
import { type Clock, systemClock } from "./clock.ts";
import { recordedCalls } from "./inspect-calls.ts";
import { replaceInspectLog } from "./inspect-log.ts";
import { openJournal } from "./journal.ts";
import { fileOfModel, type OpenOptions, openLanguageModel } from "./language-models/open-language-model.ts";
import { unaskedModel } from "./language-models/unasked-model.ts";
import { chooseReference, loadReference, readNormalisation } from "./references.ts";
import { createRunEngine, type Progress } from "./run-engine.ts";
import { version } from "./version.ts";

/** What fixes a run's calls and its profile; everything has a default but the model. */
export interface RunRequest {
  /** `embedded:smollm2-135m`, `gguf:PATH`, `openai:NAME`, `anthropic:NAME`, `google:NAME`, `policy:NAME`. */
  readonly model: string;
  readonly baseUrl?: string;
  readonly chatTemplate?: string;
  readonly format?: "auto" | RunPlan["format"];
  readonly set?: SetName;
  readonly bank?: string;
  readonly reference?: string;
  readonly seed?: number;
  readonly samples?: number;
  readonly temperature?: number;
  readonly vary?: readonly Variation[];
  readonly acts?: boolean;
  readonly self?: boolean;
  readonly agreement?: boolean;
}

/** How a run is carried out; nothing of it changes the profile, but for the cost that a price lets it tell. */
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

const DEFAULTS = { parallel: 50, timeoutMs: 30_000, samples: 6, temperature: 1 } as const;

/** A run that is settled but not begun. */
export interface PreparedRun {
  readonly plan: RunPlan;
  readonly bank: Bank;
  /** What bias is told against. */
  readonly reference: Reference | null;
  readonly model: LanguageModel;
}

/** Opens the model, probes it, reads the bank and settles every choice. The caller closes the model. */
export async function prepareRun(request: RunRequest, conduct: RunConduct): Promise<PreparedRun> {
  const bankPath = resolve(request.bank ?? ourBankPath());
  const bank = await readBank(bankPath);
  const model = await openLanguageModel(request.model, openingOf(request, conduct));
  try {
    await model.prepare?.(conduct.abort ?? new AbortController().signal);
    const choice = chooseFormat(request.format ?? "auto", model.capabilities);
    const plan = await settlePlan(request, bankPath, bank, model, choice);
    return { plan: { ...plan, price: conduct.price ?? null }, bank, reference: await loadReference(plan), model };
  } catch (error) {
    await model.close();
    throw error;
  }
}

/**
 * The same for a forecast: no weights are loaded or fetched and no endpoint is asked (R6). Of a format that only the
 * endpoint can settle, the plan's `formatReason` says that it is supposed.
 */
export async function sketchRun(request: RunRequest, conduct: RunConduct): Promise<PreparedRun> {
  const bankPath = resolve(request.bank ?? ourBankPath());
  const bank = await readBank(bankPath);
  const model = await unaskedModel(request.model, openingOf(request, conduct));
  try {
    const { capabilities } = model;
    const asked = model.prepare === undefined;
    const mayScore = request.format === "score" && model.identity.provider === "openai";
    const supposed = asked ? capabilities : { ...capabilities, score: mayScore };
    const { format, reason } = chooseFormat(request.format ?? "auto", supposed);
    const choice = { format, reason: asked ? reason : `${format} is supposed; the endpoint was not asked` };
    const about = { identity: model.identity, capabilities: supposed };
    const plan = await settlePlan(request, bankPath, bank, about, choice);
    return { plan, bank, reference: await loadReference(plan), model };
  } catch (error) {
    await model.close();
    throw error;
  }
}

async function settlePlan(
  request: RunRequest,
  bankPath: string,
  bank: Bank,
  model: Pick<LanguageModel, "capabilities" | "identity">,
  { format, reason }: FormatChoice,
): Promise<RunPlan> {
  const { chat, score } = model.capabilities;
  const file = fileOfModel(request.model);
  return {
    schema: "dashpot/run@1",
    dashpot: version(),
    model: request.model,
    ...(file ? { modelPath: file } : {}),
    ...(model.identity.sha256 ? { modelSha256: model.identity.sha256 } : {}),
    ...(model.identity.processor ? { processor: model.identity.processor } : {}),
    ...(request.baseUrl ? { baseUrl: request.baseUrl } : {}),
    format,
    formatReason: reason,
    acts: (request.acts ?? true) && chat && bank.dyads.length > 0,
    self: (request.self ?? true) && chat,
    agreement: (request.agreement ?? true) && chat && score,
    set: request.set ?? "quick",
    bank: { path: bankPath, id: bank.header.id, version: bank.header.version, hash: bank.hash },
    seed: request.seed ?? 0,
    samples: request.samples ?? DEFAULTS.samples,
    temperature: request.temperature ?? DEFAULTS.temperature,
    vary: request.vary ?? [],
    reference: await chooseReference(
      { bankDirectory: bankPath, ourBankDirectory: ourBankPath() },
      bank,
      format,
      request.reference ?? defaultReference(model.identity),
      model.identity.sha256,
    ),
    normalisation: await readNormalisation(bankPath, ourBankPath()),
    ...(request.chatTemplate ? { chatTemplate: request.chatTemplate } : {}),
  };
}

/** A policy has no lean by topic that a model's could be taken out of: it is told against zero. */
function defaultReference({ provider }: ModelIdentity): "none" | undefined {
  return provider === "policy" ? "none" : undefined;
}

/** The plan of the run in a directory, and how many answers it has. Errors: those of `openJournal`. */
export async function readPlan(directory: string): Promise<{ plan: RunPlan; answers: number }> {
  const journal = openJournal(directory, null);
  try {
    return { plan: journal.plan, answers: journal.count() };
  } finally {
    await journal.close();
  }
}

/**
 * Opens what a stored plan names, to go on with it (R2). Errors: `bank-changed`, `reference-changed`, `weights-changed`
 * and `processor-changed`, where it is not what the run was begun with.
 */
export async function reopenRun(plan: RunPlan, conduct: RunConduct): Promise<PreparedRun> {
  const bank = await readBank(plan.bank.path);
  refuseChanged("bank", plan.bank.hash, bank.hash, plan.bank.path);
  const reference = await loadReference(plan);
  const model = await openLanguageModel(plan.model, openingOf(plan, conduct));
  try {
    refuseChanged("weights", plan.modelSha256, model.identity.sha256, plan.modelPath ?? plan.model);
    refuseOtherProcessor(plan.processor, model.identity.processor);
    await model.prepare?.(conduct.abort ?? new AbortController().signal);
    return { plan, bank, reference, model };
  } catch (error) {
    await model.close();
    throw error;
  }
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

function refuseChanged(
  what: "bank" | "weights",
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

function openingOf(
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

/** Carries a prepared run out in a directory, from the beginning or from where it stopped, and estimates its profile. */
export async function carryOut(
  { plan, bank, reference, model }: PreparedRun,
  directory: string,
  conduct: RunConduct,
): Promise<Profile> {
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
    const profile = await profileModel(engine, () => ({
      bank,
      plan,
      model: model.identity,
      // Of the price that the run was begun with: resumed with another, it ends in the same bytes.
      totals: { ...engine.totals(), cost: costOf(engine.totals(), plan.price ?? null) },
      reference,
      normalisation: plan.normalisation,
    }));
    if (conduct.inspectAt) {
      const calls = recordedCalls(designRun(bank, plan), engine.recall);
      const ended = new Date((conduct.clock ?? systemClock).wall());
      await replaceInspectLog(profile, calls, { directory, at: conduct.inspectAt, ended });
    }
    return profile;
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

export function forecastRun({ plan, bank, model }: PreparedRun, price: Price | null, parallel: number): Forecast {
  const design = designRun(bank, plan);
  const tokens = (text: string) => Math.ceil(text.length / CHARACTERS_A_TOKEN);
  const local = model.capabilities.maximumParallel === 1;
  const totals: { -readonly [K in keyof Totals]: Totals[K] } = {
    calls: design.total,
    promptTokens: 0,
    completionTokens: 0,
    cost: null,
  };
  let requests = design.total;
  for (const { kind, request } of [...design.calls, ...design.self]) {
    const prompt = request.messages.reduce((sum, message) => sum + tokens(message.content) + 4, 0);
    // A server is asked for one reply after another, and reads the prompt again for each.
    const asked = kind === "score" && model.identity.provider === "openai" ? request.replies.length : 1;
    requests += asked - 1;
    totals.promptTokens += prompt * asked;
    if (kind === "score") totals.promptTokens += request.replies.reduce((sum, reply) => sum + tokens(reply), 0);
    else totals.completionTokens += 2;
  }
  for (const dyad of design.dyads) {
    const opening = tokens(canonicalJson(dyad)) + 120;
    totals.promptTokens += dyad.moves * (opening + (dyad.moves * 40) / 2);
    totals.completionTokens += dyad.moves * 24;
  }
  const seconds = local ? (totals.promptTokens + totals.completionTokens * 4) / 230 : requests / Math.min(parallel, 50);
  const cost = price
    ? (totals.promptTokens * price.promptPerMillion + totals.completionTokens * price.completionPerMillion) / 1e6
    : null;
  return {
    calls: totals.calls,
    promptTokens: Math.ceil(totals.promptTokens),
    completionTokens: totals.completionTokens,
    cost,
    seconds,
  };
}
