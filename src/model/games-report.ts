import { z } from "zod";
import { GAME_FORMATS, GAME_PARTS, ROLES } from "./games.ts";
import { estimateSchema, modelIdentitySchema } from "./profile.ts";
import { SETS } from "./run.ts";

const count = z.int().min(0);
const number = z.number().nullable();
const share = z.number().min(0).max(1);

/** Answers that gave nothing, counted apart. */
const silenceSchema = z.strictObject({ refusals: count, unparsable: count, empty: count, failures: count });
export type GameSilences = z.infer<typeof silenceSchema>;

/** Whether lettered answers go by what the options say (T28). */
const readingSchema = z.strictObject({
  /** `place`: by the place of a letter; `blind`: no dependence on what stands there could be told; `empty`: no answers. */
  verdict: z.enum(["content", "place", "blind", "empty"]),
  /** Nats that the place of a letter, and what stands there, tell of the answer. */
  place: z.strictObject({ information: z.number(), p: z.number() }).nullable(),
  content: z.strictObject({ information: z.number(), p: z.number() }).nullable(),
  /** Mean probability of each place, the first letter first. */
  byPlace: z.array(share),
});
export type GameReading = z.infer<typeof readingSchema>;

/** One row of a role: a step that is answered, or an asymmetry at which a move is made. */
const ladderRowSchema = z.strictObject({
  row: z.string(),
  options: z.array(
    z.strictObject({
      option: z.string(),
      /** Share of the answers, Wilson; null under `score`. */
      rate: estimateSchema.nullable(),
      /** Mean over exchanges: share, or nats against the other options relative to the first row. */
      mean: estimateSchema,
    }),
  ),
  n: count,
  missing: count,
});
export type LadderRow = z.infer<typeof ladderRowSchema>;

/** How one option, or two together, goes from row to row. */
const seriesSchema = z.strictObject({
  name: z.string(),
  options: z.array(z.string()).min(1),
  values: z.array(estimateSchema),
  /** Each exchange by itself, row by row. */
  exchanges: z.array(z.strictObject({ exchange: z.string(), values: z.array(number) })),
  /** Change a row in the mean over exchanges. */
  trend: estimateSchema,
  verdict: z.enum(["rises at every step", "falls at every step", "turns", "cannot tell"]),
  /** Least p of the three claims, after Bonferroni; null where nothing can be asked. */
  p: number,
  /** Adjusted over the series of the role: the one told in plain words first, the others after it by Holm. */
  adjusted: number,
});
export type LadderSeries = z.infer<typeof seriesSchema>;

const ladderSchema = z.strictObject({
  role: z.enum(ROLES),
  format: z.enum(GAME_FORMATS),
  unit: z.enum(["proportion", "nats"]),
  exchanges: count,
  asked: count,
  silence: silenceSchema,
  /** Null under `score`, where no letter is chosen. */
  reading: readingSchema.nullable(),
  rows: z.array(ladderRowSchema),
  series: z.array(seriesSchema),
  /** Each question: the mean share of every option, or log-probabilities in nats, in the order of the options. */
  cells: z.array(
    z.strictObject({
      exchange: z.string(),
      party: z.string(),
      row: z.string(),
      values: z.array(number),
      n: count,
      missing: count,
    }),
  ),
});
export type LadderResult = z.infer<typeof ladderSchema>;

/** A published value of people: a point beside the model's, never a norm. */
const anchorSchema = z.strictObject({
  measure: z.enum(["mean", "none", "half"]),
  value: share,
  n: count.nullable(),
  counted: z.string().nullable(),
  what: z.string(),
  source: z.string(),
});
export type GameAnchor = z.infer<typeof anchorSchema>;

const gameSchema = z.strictObject({
  game: z.string(),
  title: z.string(),
  quantity: z.string(),
  asked: count,
  silence: silenceSchema,
  reading: readingSchema,
  /** Every option, with its share of all answers. */
  options: z.array(z.strictObject({ share, value: estimateSchema })),
  /** Mean share over frames. */
  mean: estimateSchema,
  /** Answers of nothing and of one half, Wilson; null where there are two options. */
  none: estimateSchema.nullable(),
  half: estimateSchema.nullable(),
  frames: z.array(
    z.strictObject({
      frame: z.int().min(1),
      currency: z.string(),
      pot: count,
      mean: number,
      shares: z.array(number),
      n: count,
      missing: count,
    }),
  ),
  anchors: z.array(anchorSchema),
  remarks: z.array(z.string()),
});
export type GameResult = z.infer<typeof gameSchema>;

/** Everything that a games run found (`games.json`). */
export const gamesReportSchema = z.strictObject({
  schema: z.literal("dashpot/games@1"),
  dashpot: z.string(),
  model: modelIdentitySchema,
  suite: z.strictObject({ id: z.string(), version: z.string(), hash: z.string() }),
  set: z.enum(SETS),
  parts: z.array(z.enum(GAME_PARTS)),
  formats: z.array(z.enum(GAME_FORMATS)),
  formatReason: z.string(),
  seed: z.number(),
  samples: count,
  wordings: count,
  temperature: z.number(),
  /** SHA-256 of the system's message, where there was one. */
  system: z.string().nullable(),
  totals: z.strictObject({ calls: count, promptTokens: count, completionTokens: count, cost: number }),
  ladder: z.array(ladderSchema),
  games: z.array(gameSchema),
});
export type GamesReport = z.infer<typeof gamesReportSchema>;
