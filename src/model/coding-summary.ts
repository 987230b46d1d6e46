import { z } from "zod";

const count = z.int().min(0);

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
    }),
  ),
});
export type CodingSummary = z.infer<typeof codingSummarySchema>;
