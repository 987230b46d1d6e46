import { z } from "zod";
import { estimateSchema } from "./profile.ts";

const count = z.int().min(0);
const share = z.number().min(0).max(1);

/** Scored `scored` of `of` units; of the missing ones `cannotTell` were looked at, and `notCodable` could not be read. */
const scoredSchema = z.strictObject({ scored: count, of: count, cannotTell: count, notCodable: count });

const coderSchema = scoredSchema.extend({
  coder: z.string(),
  /** Share of each category among what was scored, and its bounds whatever the missing codes would have been. */
  shares: z.array(z.strictObject({ category: z.string(), share: share.nullable(), low: share, high: share })),
});

const pairSchema = z.strictObject({
  coders: z.tuple([z.string(), z.string()]),
  /** Share of the units both coded on which they agree; bounds over all units, whatever the missing codes would be. */
  observed: z.strictObject({ value: share.nullable(), low: share, high: share, n: count, missing: count }),
  kappa: estimateSchema,
  /** Weighted by squared difference; null for categories without numbers or order. */
  weightedKappa: estimateSchema.nullable(),
  /** Each category against the rest. */
  byCategory: z.array(z.strictObject({ category: z.string(), kappa: estimateSchema })),
  /** Units by category of the first coder (rows) and of the second. */
  confusion: z.array(z.array(count)),
});
export type PairAgreement = z.infer<typeof pairSchema>;

const errorsSchema = z.strictObject({
  gold: z.string(),
  judges: z.array(z.strictObject({ coder: z.string(), family: z.string(), errors: count, n: count })),
  /** Of being wrong, between two judges, over the units that both and the gold coder coded. */
  correlations: z.array(
    z.strictObject({
      coders: z.tuple([z.string(), z.string()]),
      sameFamily: z.boolean(),
      correlation: estimateSchema,
    }),
  ),
  /** Judges that would tell as much were their errors unrelated; those of one family count as one at most. */
  effectiveJudges: z.strictObject({ value: z.number().nullable(), judges: count, families: count, remark: z.string() }),
});

const dimensionSchema = z.strictObject({
  dimension: z.string(),
  /** `nominal`: names alone. `ordered`: an order was given. `numbers`: every category is a number. */
  scale: z.enum(["nominal", "ordered", "numbers"]),
  /** In order where there is one, else as first seen. */
  categories: z.array(z.string()),
  units: count,
  coders: z.array(coderSchema),
  coefficients: z.array(
    z.strictObject({
      name: z.enum([
        "Krippendorff's α, nominal",
        "Krippendorff's α, ordinal",
        "Krippendorff's α, interval",
        "Krippendorff's α, ratio",
        "Gwet's AC1",
        "Gwet's AC2, quadratic",
      ]),
      coefficient: estimateSchema,
    }),
  ),
  /** Krippendorff's nominal α of each category against the rest. */
  byCategory: z.array(z.strictObject({ category: z.string(), alpha: estimateSchema })),
  pairs: z.array(pairSchema),
  /** Null where no gold coder was named. */
  errors: errorsSchema.nullable(),
});
export type DimensionAgreement = z.infer<typeof dimensionSchema>;

/** How far coders agree, dimension by dimension (K2 to K6). */
export const agreementReportSchema = z.strictObject({
  schema: z.literal("dashpot/agreement@1"),
  dashpot: z.string(),
  seed: count,
  draws: count,
  dimensions: z.array(dimensionSchema),
});
export type AgreementReport = z.infer<typeof agreementReportSchema>;
