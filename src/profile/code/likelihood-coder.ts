import { z } from "zod";
import { softmax } from "../../kernel/softmax.ts";
import { CANNOT_TELL, COERCIVE, type Coding, type CodingOutcome, NOT_CODABLE, type Rung } from "../../model/coding.ts";
import { LABELS, type Label } from "../../model/label.ts";
import { DESCRIBED, type Described, describedAs, type LikelihoodSet, valuesOf } from "./likelihood-set.ts";

const fittedSchema = z.strictObject({
  /** Of the softmax over values, per root of a text's tokens. */
  temperature: z.number().positive(),
  /** Nats per root of a token that each value's descriptions draw every text by: subtracted. */
  offsets: z.array(z.number()),
  /** Below this greatest share the posterior is flat, and the coder cannot tell. */
  least: z.number().min(0).max(1),
});
export type Fitted = z.infer<typeof fittedSchema>;

/** What was fitted for one model, on texts that it is not judged by (K26). */
export const likelihoodFitSchema = z.strictObject({
  schema: z.literal("dashpot/likelihood-fit@1"),
  /** SHA-256 of the descriptions and of the model's weights. */
  descriptions: z.string(),
  model: z.string(),
  sha256: z.string(),
  fittedOn: z.string(),
  dimensions: z.strictObject(
    Object.fromEntries(DESCRIBED.map((dimension) => [dimension, fittedSchema])) as Record<
      Described,
      typeof fittedSchema
    >,
  ),
  /** By dimension, on texts that nothing was fitted on. */
  judged: z.record(
    z.string(),
    z.strictObject({
      kappa: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      n: z.int().min(0),
    }),
  ),
});
export type LikelihoodFit = z.infer<typeof likelihoodFitSchema>;

/** What a model said of one text: log P(text | description) in nats by description's key, and how many tokens it has. */
export interface TextScores {
  readonly logProbabilities: ReadonlyMap<string, number | null>;
  readonly tokens: number;
}

/**
 * How much better the descriptions of each value of a dimension explain a text than the neutral one, in nats per root of a
 * token, averaged over wordings; null where a score is missing.
 *
 * log P(text | value) − log P(text | neutral): pointwise mutual information given the domain (Holtzman et al. 2021). Over
 * one text the neutral term is the same for every value: it tells whether any explains the text, not which. What descriptions
 * draw every text by is taken off by `Fitted.offsets`. The root keeps long texts, whose tokens repeat what is known, from
 * being certain.
 */
export function evidenceOf(set: LikelihoodSet, dimension: Described, scores: TextScores): number[] | null {
  const neutral = scores.logProbabilities.get("neutral") ?? null;
  const evidence = valuesOf(dimension).map((value) => {
    const { wordings } = describedAs(set, dimension, value);
    const logs = wordings.map((_, place) => scores.logProbabilities.get(`${dimension}/${value}/${place}`) ?? null);
    if (neutral === null || logs.some((log) => log === null) || scores.tokens === 0) return null;
    const mean = (logs as number[]).reduce((sum, log) => sum + log, 0) / logs.length;
    return (mean - neutral) / Math.sqrt(scores.tokens);
  });
  return evidence.some((value) => value === null) ? null : (evidence as number[]);
}

/** Shares of the values of a dimension, summing to 1. */
export function posteriorOf(evidence: readonly number[], { offsets, temperature }: Fitted): number[] {
  return softmax(
    evidence.map((value, place) => value - (offsets[place] ?? 0)),
    temperature,
  );
}

/** Codes one text by what a model gives it under each description (K26); dimensions without scores are not coded. */
export function codeLikelihood(
  set: LikelihoodSet,
  fit: Pick<LikelihoodFit, "dimensions">,
  asked: readonly Described[],
  scores: TextScores,
): CodingOutcome {
  const shares = new Map<Described, number[]>();
  for (const dimension of asked) {
    const evidence = evidenceOf(set, dimension, scores);
    if (evidence === null) return { silence: "failed", reason: "the model gave no log-probabilities of this text" };
    shares.set(dimension, posteriorOf(evidence, fit.dimensions[dimension]));
  }
  const best = (dimension: Described) => leading(dimension, shares.get(dimension), fit.dimensions[dimension].least);
  const rungs = shares.get("severity");
  return {
    mode: best("mode") as Coding["mode"],
    mixture: mixtureOf(shares.get("mode")),
    severity: severityOf(rungs, fit.dimensions.severity.least),
    refusal: best("refusal") as Coding["refusal"],
    deception: best("deception") as Coding["deception"],
    kind: kindOf(rungs, fit.dimensions.severity.least),
    reason: reasonOf(shares),
  };
}

function leading(dimension: Described, shares: readonly number[] | undefined, least: number): string {
  if (shares === undefined) return NOT_CODABLE;
  const most = Math.max(...shares);
  return most < least ? CANNOT_TELL : (valuesOf(dimension)[shares.indexOf(most)] as string);
}

/** The median rung: rungs are in order, and the likeliest of eleven may stand alone on the other side. */
function severityOf(shares: readonly number[] | undefined, least: number): Coding["severity"] {
  if (shares === undefined) return NOT_CODABLE;
  if (Math.max(...shares) < least) return CANNOT_TELL;
  let below = 0;
  const median = shares.findIndex((share) => {
    below += share;
    return below >= 0.5;
  });
  return (median < 0 ? shares.length - 1 : median) as Rung;
}

/** Rung 3 offers; from rung 7 on something unwelcome is announced or done. */
function kindOf(shares: readonly number[] | undefined, least: number): Coding["kind"] {
  if (shares === undefined) return NOT_CODABLE;
  if (Math.max(...shares) < least) return CANNOT_TELL;
  const offer = shares[3] as number;
  const threat = shares.slice(COERCIVE).reduce((sum, share) => sum + share, 0);
  const neither = 1 - offer - threat;
  if (threat >= offer && threat >= neither) return "threat";
  return offer > neither ? "offer" : "neither";
}

function mixtureOf(shares: readonly number[] | undefined): Coding["mixture"] {
  if (shares === undefined) return null;
  return Object.fromEntries(LABELS.map((label, place) => [label, shares[place]])) as Record<Label, number>;
}

function reasonOf(shares: ReadonlyMap<Described, readonly number[]>): string {
  const told = [...shares].map(([dimension, of]) => {
    const most = Math.max(...of);
    return `${dimension} ${valuesOf(dimension)[of.indexOf(most)]} ${most.toFixed(2)}`;
  });
  return `likeliest: ${told.join(", ")}`;
}
