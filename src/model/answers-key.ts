import { z } from "zod";
import { SETS } from "./run.ts";
import { FACTORS } from "./stress.ts";

/** What people can be asked (K14). */
export const QUESTION_KINDS = ["bank", "ladder", "doses"] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** Pages of one folder: more people than these are asked in several. */
export const MOST_PEOPLE = 500;

/** Which questions stand on which person's sheet (`key.json`); what fixes them together with the instrument. */
export const answersKeySchema = z.strictObject({
  schema: z.literal("dashpot/answers-key@1"),
  dashpot: z.string(),
  kind: z.enum(QUESTION_KINDS),
  seed: z.int().min(0),
  set: z.enum(SETS),
  /** Presentations of a row, or answers of a scenario, that were shared out; 1 for doses. */
  samples: z.int().min(1).max(MOST_PEOPLE),
  /** Of a ladder: what is varied. */
  factors: z.array(z.enum(FACTORS)),
  /** The bank or suite; a path of null is ours. */
  instrument: z.strictObject({
    path: z.string().nullable(),
    id: z.string(),
    version: z.string(),
    hash: z.string(),
  }),
  /** By the name of the sheet: whose it is, and what each question is about. */
  sheets: z.record(
    z.string(),
    z.strictObject({ person: z.string().min(1), questions: z.record(z.string(), z.string()) }),
  ),
});
export type AnswersKey = z.infer<typeof answersKeySchema>;
