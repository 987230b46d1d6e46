import { z } from "zod";

export const VERBS = ["give", "take", "do", "ask", "command", "refuse", "nothing"] as const;
export type Verb = (typeof VERBS)[number];

/** One move of a scripted dyad as the model states it: what it does, with which object, in return for what. */
export const actSchema = z.strictObject({
  act: z.enum(VERBS),
  object: z.string().trim().max(200).nullable().default(null),
  for: z.string().trim().max(200).nullable().default(null),
});
export type Act = z.infer<typeof actSchema>;

/** One row of an act table: who did what towards whom, and when. Equal times are simultaneous. */
export interface ActRow {
  readonly dyad: string;
  readonly time: number;
  readonly actor: string;
  readonly towards: string;
  /** `verb:object`; `take:o` by A counts as a flux of o from B to A; `nothing`, `ask:…`, `command:…` and `refuse:…` move nothing. */
  readonly act: string;
}
