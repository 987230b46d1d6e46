import { z } from "zod";
import { LABELS, RANKS } from "./label.ts";

const text = z.string().trim().min(1);
const identifier = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "letters, digits, full stops, hyphens and underscores");

/** `bank.yaml`. */
export const bankHeaderSchema = z.strictObject({
  id: identifier,
  version: z.union([z.string().trim().min(1), z.number()]).transform(String),
  title: text,
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, "a language tag such as en"),
  licence: text,
  /** Present in generated banks: the content hash of the bank they come from, and the seed. */
  parent: z.strictObject({ id: identifier, hash: z.string().regex(/^[0-9a-f]{64}$/), seed: z.int().min(0) }).optional(),
});
export type BankHeader = z.infer<typeof bankHeaderSchema>;

const triple = z.tuple([text, text, text]);

/** One line of `situations.jsonl`. */
export const situationSchema = z.strictObject({
  id: identifier,
  domain: identifier,
  rank: z.enum(RANKS),
  self: text,
  other: text,
  setting: text,
  cues: z.strictObject({ none: text, CS: text, AR: text, EM: text, MP: text }),
  decoys: z.strictObject({ CS: text, AR: text, EM: text, MP: text }).optional(),
  validation: z.strictObject({ asocial: text, null: text }).optional(),
  question: text,
  replies: z.strictObject(
    Object.fromEntries(LABELS.map((label) => [label, triple])) as Record<(typeof LABELS)[number], typeof triple>,
  ),
});
export type Situation = z.infer<typeof situationSchema>;

/** How the scripted partner of a dyad behaves; the meaning of each name is in `src/profile/script.ts`. */
export const SCRIPTS = [
  "gives-first",
  "mirrors",
  "takes",
  "commands",
  "sets-price",
  "does-nothing",
  "shares",
  "asks",
] as const;
export type ScriptName = (typeof SCRIPTS)[number];

/** One line of `dyads.jsonl`: a repeated exchange against a scripted partner. */
export const dyadSchema = z.strictObject({
  id: identifier,
  domain: identifier,
  rank: z.enum(RANKS),
  self: text,
  other: text,
  setting: text,
  script: z.enum(SCRIPTS),
  /** What can be given, taken or done; at least two, single words or short noun phrases. */
  objects: z.array(text).min(2).max(4),
  /** Moves of each party. */
  moves: z.int().min(8).max(24),
});
export type Dyad = z.infer<typeof dyadSchema>;

/** A bank as read from its folder. */
export interface Bank {
  readonly header: BankHeader;
  readonly situations: readonly Situation[];
  readonly dyads: readonly Dyad[];
  /** SHA-256 over `bank.yaml`, `situations.jsonl` and `dyads.jsonl`, hexadecimal. */
  readonly hash: string;
}
