import { z } from "zod";

const value = z.strictObject({ name: z.string().min(1), means: z.string().min(1) });

/** What every coder of texts goes by: people, judges and the likelihood coder read the same definitions (K11). */
export const codebookSchema = z.strictObject({
  id: z.string().min(1),
  version: z.string().min(1),
  title: z.string().min(1),
  language: z.string().min(2),
  licence: z.string().min(1),
  /** What is coded. */
  unit: z.string().min(1),
  dimensions: z.record(
    z.string(),
    z.strictObject({ question: z.string().min(1), rule: z.string().min(1), values: z.record(z.string(), value) }),
  ),
});
export type Codebook = z.infer<typeof codebookSchema>;
