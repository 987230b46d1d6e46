import { z } from "zod";
import { LABELS, ROWS } from "./label.ts";

const errors = z.record(z.enum(LABELS), z.number().min(0));

/**
 * By how much the mean of a cell scatters over banks generated from one parent and the parent itself, one model
 * measured on each: standard deviations over the forms, nats, of whole sets of `situations`.
 */
export const measurementErrorSchema = z.strictObject({
  schema: z.literal("dashpot/measurement-error@1"),
  model: z.string().min(1),
  /** Content hash of the parent. */
  parent: z.string().regex(/^[0-9a-f]{64}$/),
  forms: z.array(z.strictObject({ seed: z.int().min(0), hash: z.string() })).min(1),
  situations: z.int().min(1),
  unit: z.literal("nats"),
  cells: z.record(z.enum(ROWS), errors),
  bias: errors,
});
export type MeasurementError = z.infer<typeof measurementErrorSchema>;
