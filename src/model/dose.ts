import { z } from "zod";
import { GRADED, SIDES } from "./stress.ts";

/** One level of one family's series. The sides of power and information are told apart; the constraint has one series. */
const levelSchema = z.strictObject({
  family: z.string().min(1),
  side: z.enum(SIDES).optional(),
  level: z.int().min(0).max(7),
});
export type DoseLevel = z.infer<typeof levelSchema>;

/** Two levels that somebody compared, and of which there was more. */
export const doseComparisonSchema = z.strictObject({
  judge: z.string().min(1),
  factor: z.enum(GRADED),
  a: levelSchema,
  b: levelSchema,
  more: z.enum(["a", "b"]),
});
export type DoseComparison = z.infer<typeof doseComparisonSchema>;

/** Where a level stands on the scale of its factor: 0 and 7 are the means over all series of index 0 and 7. */
export const doseSchema = z.strictObject({
  factor: z.enum(GRADED),
  ...levelSchema.shape,
  dose: z.number(),
  low: z.number(),
  high: z.number(),
  /** Comparisons. */
  n: z.int().min(0),
});
export type Dose = z.infer<typeof doseSchema>;
