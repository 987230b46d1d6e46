import { resolve } from "node:path";
import { canonicalJson } from "../kernel/canonical-json.ts";
import type { Bank } from "../model/bank.ts";
import type { LanguageModel, ModelIdentity } from "../model/language-model.ts";
import type { Profile } from "../model/profile.ts";
import type { RunPlan, SetName, Variation } from "../model/run.ts";
import type { Reference } from "../profile/estimate-cells.ts";
import { chooseFormat, type FormatChoice } from "../profile/plan-format.ts";
import { designRun, profileModel } from "../profile/profile-model.ts";
import { ourBankPath, readBank } from "./bank-files.ts";
import { costOf, type Price } from "./budget.ts";
import { systemClock } from "./clock.ts";
import { recordedCalls } from "./inspect-calls.ts";
import { replaceInspectLog } from "./inspect-log.ts";
import { unaskedModel } from "./language-models/unasked-model.ts";
import {
  type Forecast,
  forecastCalls,
  guessTokens,
  type ModelRequest,
  modelPlanOf,
  openingOf,
  openModel,
  type RunConduct,
  refuseChanged,
  reopenModel,
  withEngine,
} from "./model-run.ts";
import { chooseReference, loadReference, readNormalisation } from "./references.ts";

const DEFAULTS = { samples: 6, temperature: 1 } as const;

/** What fixes a run's calls and its profile; everything has a default but the model. */
export interface RunRequest extends ModelRequest {
  readonly format?: "auto" | RunPlan["format"];
  readonly set?: SetName;
  readonly bank?: string;
  readonly reference?: string;
  readonly seed?: number;
  readonly samples?: number;
  readonly temperature?: number;
  /** Text that stands before every call as the system's message. */
  readonly system?: string;
  readonly vary?: readonly Variation[];
  readonly acts?: boolean;
  readonly self?: boolean;
  readonly agreement?: boolean;
}

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
  const model = await openModel(request, conduct);
  try {
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
  return {
    schema: "dashpot/run@1",
    ...modelPlanOf(request, model.identity),
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
    ...(request.system === undefined ? {} : { system: request.system }),
    vary: request.vary ?? [],
    reference: await chooseReference(
      { bankDirectory: bankPath, ourBankDirectory: ourBankPath() },
      bank,
      format,
      request.reference ?? defaultReference(model.identity),
      model.identity.sha256,
    ),
    normalisation: await readNormalisation(bankPath, ourBankPath()),
  };
}

/** A policy has no lean by topic that a model's could be taken out of: it is told against zero. */
function defaultReference({ provider }: ModelIdentity): "none" | undefined {
  return provider === "policy" ? "none" : undefined;
}

/**
 * Opens what a stored plan names, to go on with it (R2). Errors: `bank-changed`, `reference-changed`, `weights-changed`
 * and `processor-changed`, where it is not what the run was begun with.
 */
export async function reopenRun(plan: RunPlan, conduct: RunConduct): Promise<PreparedRun> {
  const bank = await readBank(plan.bank.path);
  refuseChanged("bank", plan.bank.hash, bank.hash, plan.bank.path);
  const reference = await loadReference(plan);
  return { plan, bank, reference, model: await reopenModel(plan, conduct) };
}

/** Carries a prepared run out in a directory, from the beginning or from where it stopped, and estimates its profile. */
export async function carryOut(
  { plan, bank, reference, model }: PreparedRun,
  directory: string,
  conduct: RunConduct,
): Promise<Profile> {
  return withEngine({ plan, model }, directory, conduct, async (engine) => {
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
  });
}

/** What a profile's run would take, without making a call (R6). */
export function forecastRun({ plan, bank, model }: PreparedRun, price: Price | null, parallel: number): Forecast {
  const design = designRun(bank, plan);
  const later = { calls: 0, promptTokens: 0, completionTokens: 0 };
  for (const dyad of design.dyads) {
    const opening = guessTokens(canonicalJson(dyad)) + 120;
    later.calls += dyad.moves;
    later.promptTokens += dyad.moves * (opening + (dyad.moves * 40) / 2);
    later.completionTokens += dyad.moves * 24;
  }
  const calls = [...design.calls, ...design.self];
  return forecastCalls({ calls, answerTokens: () => 2, later }, model, price, parallel);
}
