import { z } from "zod";
import { CallError } from "../model/call-error.ts";
import { DashpotError } from "../model/error.ts";
import { GAME_FORMATS, GAME_PARTS } from "../model/games.ts";
import type { AnyPlan } from "../model/journal.ts";
import { LABELS } from "../model/label.ts";
import type { Answer } from "../model/language-model.ts";
import { type AnswerRecord, FORMATS, type RunPlan, SETS, VARIATIONS } from "../model/run.ts";
import { STRESS_FORMATS } from "../model/stress.ts";

const count = z.int().min(0);
const usageSchema = z.strictObject({ promptTokens: count, completionTokens: count });

const answerSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("score"),
    logProbabilities: z.array(z.number().nullable()),
    tokens: z.array(count),
    usage: usageSchema,
  }),
  z.strictObject({
    kind: z.literal("chat"),
    text: z.string(),
    stop: z.enum(["stop", "length", "refusal", "filtered", "other"]),
    letterLogProbabilities: z.record(z.string(), z.number()).optional(),
    ownTemperature: z.literal(true).optional(),
    usage: usageSchema,
  }),
  z.strictObject({ kind: z.literal("failure"), code: z.string() }),
]);

const biasErrorSchema = z
  .strictObject({
    model: z.string(),
    degreesOfFreedom: count,
    bias: z.record(z.enum(LABELS), z.number()),
  })
  .nullable();

const modelPlan = {
  dashpot: z.string(),
  model: z.string(),
  modelPath: z.string().optional(),
  modelSha256: z.string().optional(),
  processor: z.string().optional(),
  price: z.strictObject({ promptPerMillion: z.number(), completionPerMillion: z.number() }).nullable().optional(),
  baseUrl: z.string().optional(),
  chatTemplate: z.string().optional(),
};
const instrument = z.strictObject({ path: z.string(), id: z.string(), version: z.string(), hash: z.string() });

/** Strict, so that a field this version does not know is told rather than dropped from a resumed run. */
const runPlanSchema = z.strictObject({
  schema: z.literal("dashpot/run@1"),
  ...modelPlan,
  format: z.enum(FORMATS).extract(["score", "choice"]),
  formatReason: z.string(),
  acts: z.boolean(),
  self: z.boolean(),
  agreement: z.boolean(),
  set: z.enum(SETS),
  bank: instrument,
  seed: z.number(),
  samples: z.number(),
  temperature: z.number(),
  system: z.string().optional(),
  vary: z.array(z.enum(VARIATIONS)),
  reference: z
    .strictObject({ name: z.string(), path: z.string(), hash: z.string(), formError: biasErrorSchema.optional() })
    .nullable(),
  normalisation: z.strictObject({ temperature: z.number(), fittedOn: z.string() }),
});

const stressPlanSchema = z.strictObject({
  schema: z.literal("dashpot/stress-run@1"),
  ...modelPlan,
  formats: z.array(z.enum(STRESS_FORMATS)).min(1),
  formatReason: z.string(),
  set: z.enum(SETS),
  suite: instrument,
  coder: z.strictObject({ id: z.string(), version: z.string(), hash: z.string() }),
  design: z.strictObject({ name: z.string(), table: z.string(), aliases: z.array(z.string()) }),
  wordings: z.int().min(1).max(3),
  seed: z.number(),
  samples: z.int().min(1),
  temperature: z.number(),
  check: z.literal(true).optional(),
  system: z.string().optional(),
});

const gamesPlanSchema = z.strictObject({
  schema: z.literal("dashpot/games-run@1"),
  ...modelPlan,
  formats: z.array(z.enum(GAME_FORMATS)).min(1),
  formatReason: z.string(),
  parts: z.array(z.enum(GAME_PARTS)).min(1),
  set: z.enum(SETS),
  suite: instrument,
  items: z.array(z.string()),
  wordings: z.int().min(1).max(2),
  seed: z.number(),
  samples: z.int().min(1),
  temperature: z.number(),
  system: z.string().optional(),
});

const codingPlanSchema = z.strictObject({
  schema: z.literal("dashpot/coding-run@1"),
  ...modelPlan,
  coder: z.enum(["judge", "likelihood"]),
  instrument: instrument.omit({ path: true }),
  seed: z.number(),
});

const planSchema = z.discriminatedUnion("schema", [runPlanSchema, stressPlanSchema, gamesPlanSchema, codingPlanSchema]);

/** A plan as a run directory keeps it, read from or to be written to disk. Throws ZodError. */
export function parsePlan(value: unknown): AnyPlan {
  return planSchema.parse(value) as AnyPlan;
}

/** The plan of a profile's run. Error: `run-other`, where the directory holds another kind. */
export function profilePlan(plan: AnyPlan, directory: string): RunPlan {
  if (plan.schema === "dashpot/run@1") return plan;
  throw new DashpotError(
    "run-other",
    `expected the run of a profile, received one of ${plan.schema}, at ${directory}`,
    "name the directory of a profile, or go on with any run by dashpot resume",
  );
}

/** An answer as the journal keeps it. Throws ZodError. */
export function parseAnswer(value: unknown): AnswerRecord["answer"] {
  return answerSchema.parse(value) as AnswerRecord["answer"];
}

/**
 * An answer as it will be read back, so that what a run goes on with is what a resumed one would: numbers that JSON
 * cannot hold become null, half surrogate pairs the replacement sign. Errors: CallError `malformed-answer` where it is
 * none.
 */
export function storable(answer: Answer, from: string): Answer {
  const whole = answer.kind === "chat" ? { ...answer, text: String(answer.text).toWellFormed() } : answer;
  const parsed = answerSchema.safeParse(JSON.parse(JSON.stringify(whole)));
  if (parsed.success && parsed.data.kind !== "failure") return parsed.data as Answer;
  const field = parsed.error?.issues[0]?.path.join(".") ?? "kind";
  throw new CallError("later", "malformed-answer", `expected an answer, received another ${field}, from ${from}`);
}
