import { z } from "zod";
import { SILENCES } from "./coding.ts";

const count = z.int().min(0);

/** How a model that codes has answered: texts that it was asked about, and why some have no code (K21). */
const answeredSchema = z.strictObject({
  model: z.string(),
  /** Models of one family count as one judge. */
  family: z.string(),
  texts: count,
  scored: count,
  /** In a language that it does not read. */
  notCodable: count,
  silences: z.record(z.enum(SILENCES), count),
  /** Why it was not asked any more. */
  down: z.string().nullable(),
  calls: count,
  promptTokens: count,
  completionTokens: count,
  cost: z.number().nullable(),
});
export type CoderAnswered = z.infer<typeof answeredSchema>;

/** How far the likelihood coder agrees with coders of texts that it was not fitted on, by dimension (K26). */
const calibratedSchema = z.record(
  z.string(),
  z.strictObject({
    kappa: z.number().nullable(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    n: count,
    /** The interval lies above 0. */
    finding: z.boolean(),
  }),
);
export type Calibrated = z.infer<typeof calibratedSchema>;

/** What was coded, by whom, and what was not: everything beside the codes themselves (K7). */
export const codingSummarySchema = z.strictObject({
  schema: z.literal("dashpot/coding@1"),
  dashpot: z.string(),
  seed: z.int().min(0),
  files: z.array(z.string()),
  texts: count,
  acts: count,
  dyads: count,
  /** Records that are none and were skipped, the first of them named. */
  malformed: z.strictObject({ n: count, first: z.array(z.string()) }),
  /** What is no text of a party, by what it is. */
  apart: z.record(z.string(), count),
  coders: z.array(
    z.strictObject({
      coder: z.string(),
      /** Name and version of what it codes by. */
      by: z.string(),
      /** Units by value, dimension by dimension; without the shares of modes. */
      codes: z.record(z.string(), z.record(z.string(), count)),
      answered: answeredSchema.optional(),
      /** Null where this model was never measured. */
      calibrated: calibratedSchema.nullable().optional(),
    }),
  ),
});
export type CodingSummary = z.infer<typeof codingSummarySchema>;
