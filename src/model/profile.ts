import { z } from "zod";
import { LABELS, MODES, RANKS, ROWS } from "./label.ts";
import { SETS, VARIATIONS } from "./run.ts";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const number = z.number().nullable();

/**
 * A reported number: never without its interval, its sample size and its missing count.
 * `value` is null where there is nothing to estimate from; `low`/`high` are null where no interval is claimed on that
 * side (`method` says why). 95 % unless `method` says otherwise.
 */
export const estimateSchema = z.strictObject({
  value: number,
  low: number,
  high: number,
  n: count,
  missing: count,
  method: z.string(),
});
export type Estimate = z.infer<typeof estimateSchema>;

const byLabel = <T extends z.ZodType>(item: T) =>
  z.strictObject(Object.fromEntries(LABELS.map((label) => [label, item])) as Record<(typeof LABELS)[number], T>);
const byRow = <T extends z.ZodType>(item: T) =>
  z.strictObject(Object.fromEntries(ROWS.map((row) => [row, item])) as Record<(typeof ROWS)[number], T>);
const byMode = <T extends z.ZodType>(item: T) =>
  z.strictObject(Object.fromEntries(MODES.map((mode) => [mode, item])) as Record<(typeof MODES)[number], T>);

/** Five rows by six columns. */
export const matrixSchema = z.strictObject({
  /** `margin`: nats (A3). `win`: share of situations won (A3). `normalised`: normalised score (A5). `share`: probability of choice (A7). */
  quantity: z.enum(["margin", "win", "normalised", "share"]),
  unit: z.enum(["nats", "proportion", "normalised score"]),
  cells: byRow(byLabel(estimateSchema)),
});
export type Matrix = z.infer<typeof matrixSchema>;

export const modelIdentitySchema = z.strictObject({
  spec: z.string(),
  provider: z.enum(["embedded", "gguf", "openai", "anthropic", "google", "policy", "people"]),
  name: z.string(),
  sha256: sha256.optional(),
  reported: z.string().optional(),
  processor: z.string().optional(),
  endpoint: z.string().optional(),
});

/** Answers that gave no measurement, counted apart (A12). */
const silenceSchema = z.strictObject({ refusals: count, unparsable: count, empty: count, failures: count });
export type Silence = z.infer<typeof silenceSchema>;

/** One situation's values of the primary quantity, for pairing in `compare` (E8). */
const situationRowSchema = z.strictObject({
  id: z.string(),
  domain: z.string(),
  rank: z.enum(RANKS),
  cells: byRow(byLabel(number)),
  /** Under `score`: bias in nats per label, uncentred on any reference (A4). Under `choice`: the no-cue row. */
  bias: byLabel(number),
});
export type SituationRow = z.infer<typeof situationRowSchema>;

const effectSchema = z.strictObject({
  name: z.string(),
  /** What is compared: `domain`, `rank`, `wording`, `order`. */
  factor: z.string(),
  levels: z.array(z.strictObject({ level: z.string(), label: z.enum(LABELS).nullable(), estimate: estimateSchema })),
  /** Permutation or exact p of no effect, null where none is claimed. */
  p: number,
});
export type Effect = z.infer<typeof effectSchema>;

const dyadScriptSchema = z.strictObject({
  script: z.string(),
  dyads: count,
  moves: count,
  unparsable: count,
  /** Share of dyads in which the category was seen, and its excess over the three policies under the same script (I15). */
  categories: byLabel(
    z.strictObject({
      share: estimateSchema,
      excess: z.strictObject({ alwaysGives: estimateSchema, neverGives: estimateSchema, random: estimateSchema }),
    }),
  ),
});
export type DyadScript = z.infer<typeof dyadScriptSchema>;

export const profileSchema = z.strictObject({
  schema: z.literal("dashpot/profile@1"),
  dashpot: z.string(),
  seed: count,
  model: modelIdentitySchema,
  format: z.enum(["score", "choice"]),
  formatReason: z.string(),
  set: z.enum(SETS),
  bank: z.strictObject({
    id: z.string(),
    version: z.string(),
    hash: sha256,
    parent: z.strictObject({ id: z.string(), hash: sha256, seed: count }).nullable(),
  }),
  /** SHA-256 of the canonical run plan. */
  plan: sha256,
  samples: count,
  temperature: z.number(),
  /** SHA-256 of the system's message, where every call had one. */
  system: sha256.optional(),
  /** How intervals were made: strata and degrees of freedom (E2). */
  design: z.strictObject({
    situations: count,
    domains: count,
    variance: z.enum(["within domains", "between domains"]),
    degreesOfFreedom: count,
    remark: z.string(),
  }),
  /** The one temperature of the normalised score and where it was fitted (A5); null under `choice`. */
  normalisation: z.strictObject({ temperature: z.number().positive(), fittedOn: z.string() }).nullable(),
  /** The first is the primary one. */
  matrices: z.array(matrixSchema).min(1),
  bias: z.strictObject({
    /** Name and profile hash of the reference; null: shown against zero. */
    reference: z
      .strictObject({
        name: z.string(),
        profile: sha256,
        pairs: count,
        /** Whether it answered the same bank; of another form the intervals hold the error between forms, if it is known. */
        form: z.enum(["same", "other, error added", "other, error unknown"]),
      })
      .nullable(),
    unit: z.enum(["nats", "proportion"]),
    labels: byLabel(estimateSchema),
    /** AR, asocial and MP by who holds the power, and the others for completeness (E6). */
    byRank: z.array(z.strictObject({ rank: z.enum(RANKS), labels: byLabel(estimateSchema) })),
    remark: z.string(),
  }),
  /** Per mode, own label against the mean of the other five, nats under score, proportion under choice (A13). */
  responsiveness: z.strictObject({
    unit: z.enum(["nats", "proportion"]),
    modes: byMode(z.strictObject({ cue: estimateSchema, decoy: estimateSchema, responsiveness: estimateSchema })),
  }),
  /** Per row, of the normalised score or of the shares (E5). */
  summary: byRow(
    z.strictObject({
      of: z.enum(["normalised score", "share"]),
      entropyNats: estimateSchema,
      effectiveModes: estimateSchema,
      /** From uniform, or from the named reference where there is one; p from a simulated null. */
      distance: z.strictObject({ reference: z.string(), estimate: estimateSchema, p: number }),
    }),
  ),
  effects: z.array(effectSchema),
  position: z
    .strictObject({
      mutualInformationNats: z.number(),
      p: z.number(),
      contentMutualInformationNats: z.number(),
      contentP: z.number(),
      answersByPosition: z.boolean(),
      byPlace: z.array(z.number()),
      /** Presentations that were answered, and those that were not. */
      n: count,
      missing: count,
      remark: z.string(),
    })
    .nullable(),
  /** Under `choice`: presentations told by log-probabilities of the letters, those by the letter that was said, and answers drawn at the endpoint's own temperature because it refused the one asked for. */
  letters: z.strictObject({ byLogProbability: count, bySample: count, ownTemperature: count }).optional(),
  variations: z.array(
    z.strictObject({
      variation: z.enum(VARIATIONS),
      level: z.string(),
      /** Mean absolute difference of the thirty primary cells from the base, bias-corrected, with interval. */
      moved: estimateSchema,
      remark: z.string(),
    }),
  ),
  agreement: z
    .strictObject({
      formats: z.tuple([z.string(), z.string()]),
      rankCorrelation: estimateSchema,
      sameWinner: estimateSchema,
    })
    .nullable(),
  validation: z.strictObject({ asocial: estimateSchema, null: estimateSchema }).nullable(),
  dyads: z.array(dyadScriptSchema),
  self: z.strictObject({ remark: z.string(), modes: byMode(estimateSchema) }).nullable(),
  silence: z.strictObject({
    total: silenceSchema,
    cells: byRow(silenceSchema),
    dyads: silenceSchema,
    /** Under `score`: replies of answered prompts without a log-probability, of three for each situation; 0 else. */
    replies: z.strictObject({
      cells: byRow(byLabel(count)),
      /** Of the content-free prompt, against which bias is told. */
      contentFree: byLabel(count),
      /** Of decoys and of the validation arm. */
      others: count,
    }),
  }),
  /** Of a profile of people alone (K17): each of them stands behind many answers. */
  people: z
    .strictObject({
      /** Sheets that were handed in, and of them those with an answer: the people that the intervals speak of. */
      sheets: count,
      people: count,
      /** Questions on those sheets, answers to them, and questions that somebody preferred not to answer. */
      asked: count,
      answers: count,
      preferredNot: count,
      askedByRow: byRow(count),
      /** Standard error between people of each cell of the first matrix; null where it cannot be told. */
      error: byRow(byLabel(number)),
      degreesOfFreedom: count,
    })
    .optional(),
  totals: z.strictObject({ calls: count, promptTokens: count, completionTokens: count, cost: number }),
  situations: z.array(situationRowSchema),
  /** Distribution over labels per situation and row (normalised score or share), for distances from this profile. */
  distributions: z.array(
    z.strictObject({ id: z.string(), rows: byRow(z.array(z.number()).length(LABELS.length).nullable()) }),
  ),
});
export type Profile = z.infer<typeof profileSchema>;

/** Hash of the bank that a bank was generated from, else its own: forms of one root are paired by situation. */
export function rootOfBank({ hash, parent }: { hash: string; parent?: { hash: string } | null | undefined }): string {
  return parent?.hash ?? hash;
}
