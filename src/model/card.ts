import { z } from "zod";
import { LABELS } from "./label.ts";
import { estimateSchema, matrixSchema, profileSchema } from "./profile.ts";
import { GRADED, MEASURES } from "./stress.ts";
import { stressReportSchema } from "./stress-report.ts";

const { dashpot, seed, model, format, set, bank, plan, design, bias, responsiveness } = profileSchema.shape;

const statementSchema = z.strictObject({
  /** `response-CS`, `lean-asocial`. */
  id: z.string(),
  label: z.enum(LABELS),
  /** What the interval allows to say; `unknown` where there is none. */
  verdict: z.enum(["relation", "words", "untold", "none", "against", "above", "below", "across", "unknown"]),
  text: z.string(),
  estimate: estimateSchema,
});
export type Statement = z.infer<typeof statementSchema>;

/** What a stress run of the same model adds to a card (C11). */
const stressSectionSchema = z.strictObject({
  /** SHA-256 of the bytes of `card-stress.json`, the run's record. */
  record: z.string().regex(/^[0-9a-f]{64}$/),
  suite: stressReportSchema.shape.suite,
  set: stressReportSchema.shape.set,
  design: z.string(),
  seed: z.number(),
  answer: z.string(),
  curves: z.array(
    z.strictObject({
      measure: z.enum(MEASURES),
      factor: z.enum(GRADED),
      /** Where a rate of one half is reached, or how steep scores are, in words. */
      text: z.string(),
      /** At the highest level asked; under `score` nats relative to the control. */
      top: z.strictObject({ level: z.int().min(0).max(7), estimate: estimateSchema }).nullable(),
    }),
  ),
  limits: z.array(z.string()),
});
export type StressSection = z.infer<typeof stressSectionSchema>;

/** `card.json`: what a profile says, short enough to travel, with the hash of the profile it is taken from. */
export const cardSchema = z.strictObject({
  schema: z.literal("dashpot/card@1"),
  dashpot,
  seed,
  model,
  format,
  set,
  bank,
  plan,
  /** SHA-256 of the bytes of `profile.json`. */
  profile: z.string().regex(/^[0-9a-f]{64}$/),
  /** One plain answer to how the model responds to each way of relating and towards which it leans. */
  answer: z.string(),
  /** True where the place of a reply decided, so that the numbers are not about relating (A8). */
  answersByPosition: z.boolean(),
  statements: z.array(statementSchema),
  design,
  /** The primary quantity. */
  matrix: matrixSchema,
  bias: bias.omit({ byRank: true }),
  responsiveness,
  silence: profileSchema.shape.silence.shape.total,
  /** Rows that lost answers under `choice`, of those asked: `none 35 of 72`; empty where none did. */
  lost: z.string(),
  limits: z.array(z.string()),
  /** Present where a stress run was put on the card. */
  stress: stressSectionSchema.optional(),
});
export type Card = z.infer<typeof cardSchema>;
