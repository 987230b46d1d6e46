import { join } from "node:path";
import { canonicalJson, sha256Hex } from "../kernel/canonical-json.ts";
import { CallError } from "../model/call-error.ts";
import type { CodingOutcome, TextUnit } from "../model/coding.ts";
import type { CodingPlan } from "../model/coding-run.ts";
import type { Calibrated, CoderAnswered } from "../model/coding-summary.ts";
import { type DashpotError, isDashpotError } from "../model/error.ts";
import type { Answer, LanguageModel } from "../model/language-model.ts";
import type { CallFailure } from "../model/run.ts";
import type { Call } from "../profile/ask.ts";
import { modelPlanOf, openEngine, openModel, type RunConduct } from "./model-run.ts";
import type { Engine } from "./run-engine.ts";

/** A coder behind which a model stands, as the user names it. */
export interface ModelCoderSpec {
  readonly coder: "judge" | "likelihood";
  readonly model: string;
  readonly baseUrl?: string;
  /** In the codes: `judge:openai:NAME`. */
  readonly name: string;
}

/** A coder behind which a model stands, opened. */
export interface ModelCoder {
  readonly name: string;
  /** Name and version of what it codes by. */
  readonly by: string;
  /** One outcome a text, in order. Errors: what ends the coding and not this coder alone, such as a full disk. */
  code(units: readonly TextUnit[]): Promise<CodingOutcome[]>;
  answered(): CoderAnswered;
  calibrated?(): Calibrated | null;
  /** What ended it, where something did. */
  down(): DashpotError | null;
  close(): Promise<void>;
}

/** An answer, or null where the model is down and had not given it before. */
export type Answered = Answer | CallFailure | null;

/** A model that is asked many things, each answer journalled, until it is down. */
export interface AskedModel {
  readonly model: LanguageModel;
  /** Answers to calls, in order. */
  ask(calls: readonly Call[]): Promise<Answered[]>;
  down(): DashpotError | null;
  totals(): ReturnType<Engine["totals"]>;
  close(): Promise<void>;
}

/** Opens a model for coding; its journal lies in a folder of its own under `directory`. Errors: those of opening. */
export async function openAskedModel(
  spec: ModelCoderSpec,
  instrument: CodingPlan["instrument"],
  directory: string,
  conduct: RunConduct,
): Promise<AskedModel> {
  const request = { model: spec.model, ...(spec.baseUrl === undefined ? {} : { baseUrl: spec.baseUrl }) };
  const model = await openModel(request, conduct);
  try {
    const plan: CodingPlan = {
      schema: "dashpot/coding-run@1",
      ...modelPlanOf(request, model.identity),
      ...{ coder: spec.coder, instrument, seed: 0 },
    };
    const { engine, close } = await openEngine({ plan, model }, join(directory, folderOf(spec, plan)), conduct);
    return askedModel(model, engine, close);
  } catch (error) {
    await model.close();
    throw error;
  }
}

/** Another plan has another folder, so that one directory serves whatever is coded from it. */
function folderOf({ name }: ModelCoderSpec, plan: CodingPlan): string {
  const slug = name.replaceAll(/[^A-Za-z0-9.]+/g, "-").slice(0, 80);
  return `${slug}-${sha256Hex(canonicalJson(plan)).slice(0, 8)}`;
}

function askedModel(model: LanguageModel, engine: Engine, closeJournal: () => Promise<void>): AskedModel {
  let down: DashpotError | null = null;
  const known = async (call: Call) =>
    engine.recall(call).catch((error: unknown) => {
      if (isDashpotError(error) && error.code === "answer-missing") return null;
      throw error;
    });
  return {
    model,
    ask: async (calls) => {
      const tasks = calls.map((call) => async () => void (await engine.ask(call)));
      if (down === null)
        await engine.pool(tasks, tasks.length).catch((error: unknown) => {
          down = endOfModel(error);
        });
      return Promise.all(calls.map(known));
    },
    down: () => down,
    totals: () => engine.totals(),
    close: async () => {
      await closeJournal();
      await model.close();
    },
  };
}

/** What a model or its endpoint is to blame for ends that model; anything else ends the coding (K23). */
export function endOfModel(error: unknown): DashpotError {
  if (isDashpotError(error) && error.cause instanceof CallError) return error;
  throw error;
}
