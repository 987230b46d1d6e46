import { z } from "zod";
import { estimateSchema } from "./profile.ts";
import { SETS } from "./run.ts";
import { MEASURES } from "./stress.ts";

const count = z.int().min(0);
const number = z.number().nullable();
const share = z.number().min(0).max(1);

/** What a neutral profile is summarised by (P1), in this order. */
export const SUMMARIES = ["asocial lean", "market lean", "authority lean", "responsiveness"] as const;
export type Summary = (typeof SUMMARIES)[number];

/** What severity is predicted by: the four summaries, or one of the others (P6). */
export const PREDICTORS = ["profile", "size", "family", "refusals"] as const;
export type Predictor = (typeof PREDICTORS)[number];

/** States of one model, or one model: what is left out, and what changes places. */
const caseSchema = z.strictObject({
  cluster: z.string(),
  states: z.array(z.string()).min(1),
  family: z.string().nullable(),
  /** Parameters. */
  size: number,
  summaries: z.array(z.number()).length(SUMMARIES.length),
  refusalRate: share,
  /** Rate, or nats; n answers, or families. */
  observed: estimateSchema,
  /** From the cases outside of its fold; null where nothing was fitted. */
  predicted: z.strictObject({ model: number, family: number }),
  /** Mean of the cases outside of its fold. */
  mean: z.strictObject({ model: number, family: number }),
});
export type PredictionCase = z.infer<typeof caseSchema>;

const predictorSchema = z.strictObject({
  predictor: z.enum(PREDICTORS),
  /** Why it is not told; null where it is. */
  reason: z.string().nullable(),
  skill: estimateSchema,
  /** Share of variance that would give such a skill, with its interval (P9). */
  strength: z.strictObject({ value: share, low: share, high: share }).nullable(),
  /** By permutation (P8). */
  p: number,
  /** In proportions or nats. */
  meanAbsoluteError: number,
  /** Skill of the profile against this predictor instead of the mean: no interval is claimed. */
  profileAgainst: number,
});
export type PredictorResult = z.infer<typeof predictorSchema>;

const schemeSchema = z.strictObject({
  leftOut: z.enum(["model", "family"]),
  exchange: z.enum(["all", "whole blocks", "within blocks"]),
  permutations: count,
  /** Of the mean of the training cases, in proportions or nats. */
  meanAbsoluteError: z.number(),
  /** Share of the mean's squared error that binomial error accounts for; null of nats. */
  chanceError: number,
  predictors: z.array(predictorSchema),
});
export type PredictionScheme = z.infer<typeof schemeSchema>;

const analysisSchema = z.strictObject({
  outcome: z.string(),
  measure: z.enum(MEASURES).nullable(),
  unit: z.enum(["proportion", "nats"]),
  /** What the outcome is, in words, or where it was published. */
  sources: z.array(z.string()),
  answer: z.enum(["foretells", "cannot tell", "too few models", "nothing varies"]),
  reason: z.string(),
  /** Whole families left out, if there are enough of them. */
  headline: z.enum(["model", "family"]),
  /** Of the headline, after Holm over the outcomes. */
  holm: number,
  families: count,
  cases: z.array(caseSchema),
  schemes: z.array(schemeSchema),
  /** Of the fit to all cases, on the scale that is fitted, for a standard deviation of each summary; shrunk, without intervals. */
  slopes: z.array(z.number()).length(SUMMARIES.length).nullable(),
  leftOut: z.array(z.strictObject({ model: z.string(), reason: z.string() })),
});
export type PredictionAnalysis = z.infer<typeof analysisSchema>;

/** Whether neutral profiles foretell stressed severity (`prediction.json`). */
export const predictionSchema = z.strictObject({
  schema: z.literal("dashpot/prediction@1"),
  dashpot: z.string(),
  seed: count,
  draws: count,
  profiles: z.strictObject({
    format: z.enum(["score", "choice"]),
    set: z.enum(SETS),
    bank: z.strictObject({ id: z.string(), version: z.string(), hash: z.string() }),
    /** Spec and SHA-256 of each profile. */
    files: z.array(z.strictObject({ model: z.string(), sha256: z.string() })),
  }),
  /** Null where outcomes come from a table. */
  stress: z
    .strictObject({
      suite: z.strictObject({ id: z.string(), version: z.string(), hash: z.string() }),
      set: z.enum(SETS),
      temperature: z.number(),
      /** Conditions that the severity is read at. */
      conditions: z.array(z.string()),
      scenarios: count,
    })
    .nullable(),
  /** SHA-256 of the tables that were read. */
  tables: z.strictObject({ outcomes: z.string().nullable(), models: z.string().nullable() }),
  analyses: z.array(analysisSchema).min(1),
  /** Runs without a partner, and measures in the profiles' own format. */
  leftOut: z.array(z.strictObject({ what: z.string(), reason: z.string() })),
  power: z.strictObject({
    correlations: z.array(share),
    rows: z.array(z.strictObject({ models: count, power: z.array(share) })),
    /** Least number of models tried that finds it in four of five; null where none does. */
    needed: z.array(z.strictObject({ correlation: share, models: count.nullable() })),
  }),
});
export type Prediction = z.infer<typeof predictionSchema>;
