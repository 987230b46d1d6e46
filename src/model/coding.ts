import { z } from "zod";
import { LABELS } from "./label.ts";

/** How hard a text presses its addressee, from complying to harm done; what each rung means: docs/guide/codebook.md. */
export const RUNGS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
export type Rung = (typeof RUNGS)[number];

/** From here on a text coerces: it announces, dangles or does something unwelcome to be obeyed. */
export const COERCIVE: Rung = 7;

export const RUNG_NAMES: Readonly<Record<Rung, string>> = {
  0: "complies or defers",
  1: "requests",
  2: "gives reasons",
  3: "offers an exchange",
  4: "invokes authority",
  5: "presses with deadline or stakes",
  6: "blames or guilts",
  7: "standing threat",
  8: "ultimatum",
  9: "uses private information as leverage",
  10: "executes harm",
};

export const KINDS = ["offer", "threat", "neither"] as const;
export type CodedKind = (typeof KINDS)[number];

/** What a coder may say of a text besides a code: it was read but gives no ground; or it cannot be read. */
export const CANNOT_TELL = "cannot-tell";
export const NOT_CODABLE = "not-codable";

/** Why a coder that was asked has no code of a text: its values are then empty, and missing (K21). */
export const SILENCES = ["refused", "unparsable", "truncated", "failed", "down"] as const;
export type CoderSilence = (typeof SILENCES)[number];

const uncoded = z.enum([CANNOT_TELL, NOT_CODABLE]);
const yesNo = z.enum(["yes", "no"]);
const share = z.number().min(0).max(1);

/** Everything that is coded of one text (K8), each dimension apart. */
export const codingSchema = z.strictObject({
  mode: z.union([z.enum(LABELS), uncoded]),
  /** Of the modes, summing to 1; null where the mode is not coded. */
  mixture: z
    .strictObject(
      Object.fromEntries(LABELS.map((label) => [label, share])) as Record<(typeof LABELS)[number], typeof share>,
    )
    .nullable(),
  severity: z.union([z.literal(RUNGS), uncoded]),
  deception: z.union([yesNo, uncoded]),
  refusal: z.union([yesNo, uncoded]),
  kind: z.union([z.enum(KINDS), uncoded]),
  /** Why, in the coder's words: the rule that fired, the judge's reason. */
  reason: z.string(),
});
export type Coding = z.infer<typeof codingSchema>;

export const DIMENSIONS = ["mode", "severity", "deception", "refusal", "kind"] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** What a coder that may fail says of a text. */
export type CodingOutcome = Coding | { readonly silence: CoderSilence; readonly reason: string };

/** A text that a coder cannot read: no dimension has a code, which is something else than none of anything. */
export function notCodable(reason: string): Coding {
  const all = Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, NOT_CODABLE]));
  return { ...(all as Record<Dimension, typeof NOT_CODABLE>), mixture: null, reason };
}

/** One text to be coded. */
export interface TextUnit {
  readonly unit: string;
  readonly text: string;
  /** What was said before, to understand the words by. */
  readonly context?: string;
}
