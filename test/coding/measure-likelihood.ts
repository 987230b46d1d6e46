import { randomStream } from "../../src/kernel/random.ts";
import { CANNOT_TELL, type Coding, DIMENSIONS, type Dimension } from "../../src/model/coding.ts";
import type { Estimate } from "../../src/model/profile.ts";
import { reportAgreement } from "../../src/profile/agree/agree.ts";
import { codingTables } from "../../src/profile/agree/coding-table.ts";
import { fitLikelihood } from "../../src/profile/code/fit-likelihood.ts";
import {
  codeLikelihood,
  evidenceOf,
  type Fitted,
  type LikelihoodFit,
  type TextScores,
} from "../../src/profile/code/likelihood-coder.ts";
import { DESCRIBED, type Described, type LikelihoodSet, valuesOf } from "../../src/profile/code/likelihood-set.ts";
import { type Reply, readReplies } from "./measure-rules.ts";

const SETS = ["scenario", "varied", "literary"] as const;

/**
 * So many texts of every set and half, by turns, so that a longer sample begins with a shorter one: the model takes a third
 * of a second or more a text and description.
 */
export function sampleReplies(each: number): Reply[] {
  const parts = SETS.flatMap((set) =>
    (["tune", "judge"] as const).map((half) => {
      const stream = randomStream(1, "coding-likelihood", set, half);
      const all = readReplies().filter((one) => one.set === set && one.half === half);
      const drawn = all.map((reply) => ({ reply, at: stream.uniform() })).sort((one, other) => one.at - other.at);
      return drawn.map(({ reply }) => reply);
    }),
  );
  return Array.from({ length: each }, (_, place) => parts.flatMap((part) => part[place] ?? [])).flat();
}

/** Fits every dimension on texts whose codes are known; those whose code is none of the dimension's values are left out. */
export function fitDimensions(
  set: LikelihoodSet,
  replies: readonly Reply[],
  scores: readonly TextScores[],
): LikelihoodFit["dimensions"] {
  const fitted = DESCRIBED.map((dimension): [Described, Fitted] => {
    const rows = replies.flatMap((reply, at) => {
      const label = valuesOf(dimension).indexOf(String(reply[dimension]));
      const evidence = evidenceOf(set, dimension, scores[at] as TextScores);
      return label < 0 || evidence === null ? [] : [{ label, evidence }];
    });
    return [
      dimension,
      fitLikelihood(
        rows.map(({ evidence }) => evidence),
        rows.map(({ label }) => label),
      ),
    ];
  });
  return Object.fromEntries(fitted) as LikelihoodFit["dimensions"];
}

export interface DimensionMeasure {
  readonly kappa: Estimate;
  readonly cannotTell: number;
  readonly n: number;
}

/** κ with the codes that count as right, by dimension; of severity weighted by squared difference. */
export function measureLikelihood(
  set: LikelihoodSet,
  dimensions: LikelihoodFit["dimensions"],
  replies: readonly Reply[],
  scores: readonly TextScores[],
): Record<Dimension, DimensionMeasure> {
  const coded = scores.map((one) => codeLikelihood(set, { dimensions }, DESCRIBED, one));
  const rows = replies.flatMap((reply, line) => {
    const outcome = coded[line];
    if (outcome === undefined || "silence" in outcome) return [];
    return DIMENSIONS.flatMap((dimension) => [
      { unit: reply.id, coder: "coders", value: String(reply[dimension]), dimension, line },
      { unit: reply.id, coder: "likelihood", value: String(outcome[dimension]), dimension, line },
    ]);
  });
  const options = { gold: null, families: new Map(), order: null, seed: 1, draws: 2000, dashpot: "" };
  const { dimensions: agreed } = reportAgreement(codingTables(rows, "replies"), options);
  return Object.fromEntries(
    DIMENSIONS.map((dimension) => {
      const pair = agreed.find((one) => one.dimension === dimension)?.pairs[0];
      const kappa = (dimension === "severity" ? pair?.weightedKappa : pair?.kappa) as Estimate;
      const cannotTell = coded.filter((one) => (one as Coding)[dimension] === CANNOT_TELL).length;
      return [dimension, { kappa, cannotTell, n: coded.length }];
    }),
  ) as Record<Dimension, DimensionMeasure>;
}
