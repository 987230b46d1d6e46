import { z } from "zod";

/** in-toto Statement v1 (github.com/in-toto/attestation, spec/v1/statement.md). */
export const STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
/** Of our own: a name, not an address. */
export const CARD_PREDICATE_TYPE = "urn:dashpot:relational-card:1";

/** Files that every card vouches for (C4). */
export const REQUIRED_SUBJECTS = ["profile.json", "card.json", "card.html", "card.md"] as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const cardStatementSchema = z.strictObject({
  _type: z.literal(STATEMENT_TYPE),
  subject: z
    .array(z.strictObject({ name: z.string().min(1).max(200), digest: z.strictObject({ sha256 }) }))
    .min(1)
    .max(100),
  predicateType: z.literal(CARD_PREDICATE_TYPE),
  predicate: z.strictObject({
    dashpot: z.string(),
    model: z.string(),
    format: z.enum(["score", "choice"]),
    set: z.string(),
    bank: z.strictObject({ id: z.string(), version: z.string(), sha256 }),
    plan: sha256,
    seed: z.int().min(0),
    answer: z.string(),
  }),
});
export type CardStatement = z.infer<typeof cardStatementSchema>;
