import { z } from "zod";
import { RUNGS } from "./coding.ts";
import { estimateSchema, modelIdentitySchema } from "./profile.ts";
import { SETS } from "./run.ts";
import { FACTORS, GRADED, MEASURES, SIDES } from "./stress.ts";

const count = z.int().min(0);
const number = z.number().nullable();

/** Answers that gave no severity, counted apart (T9). */
const silenceSchema = z.strictObject({
  refusals: count,
  unparsable: count,
  empty: count,
  failures: count,
  cannotTell: count,
  notCodable: count,
});
export type StressSilences = z.infer<typeof silenceSchema>;

/** One dose of one factor, over families: all else as in the control of the same side. */
const pointSchema = z.strictObject({
  level: z.int().min(0).max(7),
  /** Where the level stands in the mean on the scale of blind comparisons (T5); null where it was not compared. */
  dose: number,
  /** Rate of rung 7 and above among answers; under `score` log-odds of rungs 7–10 relative to the item's control, nats. */
  value: estimateSchema,
  /** The same without rungs 9 and 10. */
  withoutPrivate: estimateSchema,
  /** The rate if every missing answer were mild, and if every one were severe; null under `score`. */
  bounds: z.tuple([z.number(), z.number()]).nullable(),
  families: z.array(z.strictObject({ family: z.string(), value: number, n: count })),
  refused: count,
  asked: count,
});
export type StressPoint = z.infer<typeof pointSchema>;

/**
 * Where a rate of one half is reached: the estimate and the set of doses by a logistic rise (S5), empty where no such rise
 * fits any dose, and the doses between which it is reached whatever the shape of the rise (S10).
 */
const thresholdSchema = z.strictObject({
  /** `exceeded`: above one half from the first level on. Whatever the shape; on the scale of blind comparisons, where families stand at doses of their own, by the set. */
  verdict: z.enum(["reached", "not reached", "exceeded", "cannot tell"]),
  estimate: number,
  parts: z.array(z.tuple([z.number(), z.number()])),
  below: z.boolean(),
  above: z.boolean(),
  /** Ends that are null lie beyond the levels tried; null of a family alone and on the scale of comparisons. */
  bracket: z.strictObject({ low: number, high: number }).nullable(),
});
export type StressThreshold = z.infer<typeof thresholdSchema>;

/** How a rate rises: the verdict, why, the candidate that fits best, and by how much in nats it beats the others. */
const riseSchema = z.strictObject({
  verdict: z.enum(["constant", "smooth", "jump", "cannot-tell"]),
  reason: z.string(),
  best: z.strictObject({ shape: z.string(), classes: z.int().min(1).max(2) }).nullable(),
  /** Of a rise over none, and of a jump over a smooth rise. */
  evidence: z.strictObject({ rise: z.number(), jump: z.number() }).nullable(),
});
export type StressRise = z.infer<typeof riseSchema>;

const curveSchema = z.strictObject({
  factor: z.enum(GRADED),
  /** Scenarios that are in no point, as their family was not asked at every level on that surface and side. */
  omitted: count,
  points: z.array(pointSchema),
  /** Null under `score`: a ladder of texts has no rate of its own. */
  threshold: z
    .strictObject({
      index: thresholdSchema,
      /** On the scale of blind comparisons; null where a level was not compared. */
      dose: thresholdSchema.nullable(),
      /** Where each family's own curve crosses one half; null where it does not within the range. */
      families: z.array(z.strictObject({ family: z.string(), crossing: number })),
    })
    .nullable(),
  /** Under `score`: nats a level, mean over families. */
  slope: estimateSchema.nullable(),
  /** Smooth or jump (S7); null under `score`. */
  rise: riseSchema.nullable(),
});
export type StressCurve = z.infer<typeof curveSchema>;

const coefficientSchema = z.strictObject({
  /** `power` …, `side: under`, `exit` …, `stated: real`. */
  name: z.string(),
  factor: z.enum(FACTORS),
  /** Change of the log-odds of higher severity, a level for graded factors. */
  estimate: estimateSchema,
  p: number,
  /** After Holm over the coefficients. */
  holm: number,
  /** p that the slope is the same from rung 7 on as below, after Holm; null where it cannot be asked. */
  proportional: number,
});
export type StressCoefficient = z.infer<typeof coefficientSchema>;

const regressionSchema = z.strictObject({
  status: z.enum(["fitted", "empty", "one-category", "collinear", "separated"]),
  /** What that means here, where nothing was fitted. */
  remark: z.string(),
  coefficients: z.array(coefficientSchema),
  logLikelihood: number,
});
export type StressRegression = z.infer<typeof regressionSchema>;

/** One switch put on, all else the same: pairs of scenarios, family by family. */
const armSchema = z.strictObject({
  name: z.string(),
  factor: z.enum(FACTORS),
  /** Where it is put on: `control`, `power 7`, `conflict`. */
  over: z.string(),
  off: estimateSchema,
  on: estimateSchema,
  /** On minus off; under `score` nats. */
  difference: estimateSchema,
  /** Whether the difference can be told from 0. */
  finding: z.enum(["above", "below", "cannot tell"]),
  p: number,
  /** After Holm over the arms. */
  holm: number,
});
export type StressArm = z.infer<typeof armSchema>;

/** Answers under a prohibition at one level of one factor, beside those under it without a stressor. */
const guardrailSchema = z.strictObject({
  factor: z.enum(GRADED),
  level: z.int().min(1).max(7),
  /** Rate of rung 7 and above, or log-odds, while forbidden; without a stressor, and here. */
  control: estimateSchema,
  value: estimateSchema,
  /** Here minus without a stressor, over families. */
  difference: estimateSchema,
  verdict: z.enum(["held", "gave way", "cannot tell"]),
});
export type StressGuardrail = z.infer<typeof guardrailSchema>;

const cellSchema = z
  .strictObject({
    family: z.string(),
    surface: z.int().min(0),
    condition: z.string(),
    /** Answers, and by rung how many of them, or how much probability: eleven numbers that sum to n. */
    n: count,
    rungs: z.array(z.number().min(0)).length(RUNGS.length).nullable(),
    /** Under `score`: relative to the control, nats. */
    logOdds: number,
    /** Under `score`: by rung, log-probability of its replies, nats, mean over wordings; null where one is missing. */
    ladder: z.array(z.number()).length(RUNGS.length).nullable(),
    missing: count,
  })
  .refine(
    ({ n, rungs }) => rungs === null || Math.abs(rungs.reduce((sum, one) => sum + one, 0) - n) <= 1e-6 * (n + 1),
    {
      error: "rungs do not sum to n",
      path: ["rungs"],
    },
  );
export type StressCell = z.infer<typeof cellSchema>;

const resultSchema = z.strictObject({
  measure: z.enum(MEASURES),
  unit: z.enum(["proportion", "nats"]),
  asked: count,
  silence: silenceSchema,
  curves: z.array(curveSchema),
  regression: regressionSchema.nullable(),
  arms: z.array(armSchema),
  guardrails: z.array(guardrailSchema),
  /** The arm that models were possibly trained on: never pooled with the others. */
  regressionArm: z.array(z.strictObject({ family: z.string(), condition: z.string(), value: estimateSchema })),
  cells: z.array(cellSchema),
});
export type StressResult = z.infer<typeof resultSchema>;

/** The model's own view of what was changed (T31). */
const checkSchema = z.strictObject({
  asked: count,
  silence: silenceSchema,
  factors: z.array(
    z.strictObject({
      factor: z.enum(GRADED),
      /** Points from 0 to 4 towards what a higher level says, over families. */
      points: z.array(z.strictObject({ level: z.int().min(0).max(7), value: estimateSchema })),
      /** At the highest level minus at the control. */
      change: estimateSchema,
      p: number,
      finding: z.enum(["above", "below", "cannot tell"]),
    }),
  ),
  /** Severity on the factors and on what is seen beyond the usual at a level; by measure. */
  regressions: z.array(z.strictObject({ measure: z.enum(MEASURES), regression: regressionSchema })),
  /** The change of severity at the highest level: in all scenarios, and where at least a point more is seen than at the control. */
  noticed: z.array(
    z.strictObject({
      measure: z.enum(MEASURES),
      factor: z.enum(GRADED),
      level: z.int().min(1).max(7),
      scenarios: count,
      noticing: count,
      all: estimateSchema,
      where: estimateSchema,
    }),
  ),
});
export type StressCheck = z.infer<typeof checkSchema>;

/** Episodes in simulated workplaces under one condition, all workplaces together (T21). */
const episodesSchema = z.strictObject({
  condition: z.string(),
  episodes: count,
  /** In how many the guardrail gave way, by what was done and by what was said. */
  gaveWay: z.strictObject({ done: count, said: count }),
  /** Median of the first turn of rung 7 or above, from 1, over those in which there was one. */
  turn: z.strictObject({ done: number, said: number }),
  /** Turns in the mean, out of twelve. */
  turns: z.number(),
  exits: count,
  aims: count,
  /** Calls that could not be carried out, and turns without an answer. */
  faults: count,
  silences: count,
});
export type StressEpisodes = z.infer<typeof episodesSchema>;

/** Everything that a stress run found (`stress.json`). */
export const stressReportSchema = z.strictObject({
  schema: z.literal("dashpot/stress@1"),
  dashpot: z.string(),
  model: modelIdentitySchema,
  suite: z.strictObject({ id: z.string(), version: z.string(), hash: z.string() }),
  /** The rules that coded words. */
  coder: z.strictObject({ id: z.string(), version: z.string(), hash: z.string() }),
  set: z.enum(SETS),
  formatReason: z.string(),
  design: z.strictObject({
    name: z.string(),
    /** Of families that are pooled, and of the regression arm. */
    scenarios: count,
    regressionScenarios: count,
    families: z.array(z.string()),
    regressionFamilies: z.array(z.string()),
    sides: z.array(z.enum(SIDES)),
    factors: z.array(z.enum(FACTORS)),
    aliases: z.array(z.string()),
  }),
  seed: z.number(),
  samples: count,
  wordings: count,
  temperature: z.number(),
  /** SHA-256 of the system's message, where there was one. */
  system: z.string().nullable(),
  /** Of a report of people alone (K18): nobody answered for two families, nor twice at a level. */
  people: z
    .strictObject({ sheets: count, people: count, asked: count, answers: count, preferredNot: count })
    .optional(),
  totals: z.strictObject({ calls: count, promptTokens: count, completionTokens: count, cost: number }),
  results: z.array(resultSchema),
  /** Present where the model was asked what it notices. */
  check: checkSchema.optional(),
  /** By condition; empty where no workplace was simulated. */
  episodes: z.array(episodesSchema),
});
export type StressReport = z.infer<typeof stressReportSchema>;
