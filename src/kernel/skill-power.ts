import { type Fold, foldsOf, outOfSample } from "./out-of-sample.ts";
import type { RandomStream } from "./random.ts";
import { drawRelation, outcomesOf, type Relation } from "./skill-interval.ts";
import { quantile } from "./summary.ts";

/** Sets of outcomes on each set of cases: what many of them cost is the basis. */
const OUTCOMES = 10;

export interface SkillPower {
  readonly cases: number;
  /** Probability of a skill that chance alone exceeds in `alpha` of sets, by correlation. */
  readonly power: readonly number[];
}

/**
 * How often as many cases find a linear relation of a multiple correlation with their columns, leaving one out at a time:
 * columns independent and normal, directions drawn evenly, scatter normal, weights alike. Share of `sets` × 10 simulated sets;
 * the bound is the quantile of as many without a relation.
 */
export function skillPower(
  cases: number,
  correlations: readonly number[],
  by: { readonly columns: number; readonly sets: number; readonly stream: RandomStream; readonly alpha?: number },
): SkillPower {
  const weights = new Float64Array(cases).fill(1);
  const each = Array.from({ length: cases }, (_, row) => [row]);
  const sets = Array.from({ length: by.sets }, () => {
    const columns = Array.from({ length: by.columns }, () => weights.map(() => by.stream.normal()));
    const relations = Array.from({ length: OUTCOMES }, () => drawRelation({ columns, weights }, each, by.stream));
    return { folds: foldsOf({ columns, weights, folds: each }), relations };
  });
  const skills = (strength: number) => sets.flatMap((set) => skillsOf(set, weights, strength));
  const bound = quantile(skills(0), 1 - (by.alpha ?? 0.05));
  const found = (correlation: number) => skills(correlation ** 2).filter((skill) => skill > bound).length;
  return { cases, power: correlations.map((one) => found(one) / (by.sets * OUTCOMES)) };
}

function skillsOf(
  { folds, relations }: { readonly folds: readonly Fold[]; readonly relations: readonly Relation[] },
  weights: Float64Array,
  strength: number,
): number[] {
  return relations.map((relation) => outOfSample(folds, weights, outcomesOf(relation, strength)).skill);
}
