import { type Cases, foldsOf, outOfSample } from "./out-of-sample.ts";
import type { RandomStream } from "./random.ts";
import { median } from "./summary.ts";

/** Share of the outcomes' variance that the columns together give, from none to nearly all. */
const STRENGTHS = [...Array.from({ length: 20 }, (_, at) => at / 20), 0.98] as const;

/** Of what the columns do not give, the share that cases of one block have in common, where there are several blocks. */
const COMMON = 0.5;

export interface SkillInterval {
  /** Skills, in the middle of many such sets of cases, of the least and the greatest strength that is not rejected. */
  readonly low: number;
  readonly high: number;
  /** The strength whose skill in the middle is nearest to the one seen, and its interval. */
  readonly strength: { readonly value: number; readonly low: number; readonly high: number };
}

/**
 * Which strengths of a linear relation could have given a skill: those under which a skill as great, and one as small,
 * are each seen in more than (1 − level) / 2 of sets of outcomes that are simulated on the same cases, folds and weights.
 *
 * A set has a direction of its own among the columns, drawn evenly, a spread of what they give as of so many normal cases,
 * and normal scatter; where there are several blocks half of the scatter
 * is common to a block. Strengths go in steps of 0.05; ends lie a step outside of what is kept. The interval holds the skill seen.
 * Cost: 21 × draws times `outOfSample`. Reference: for intervals by inverting simulated tests, Carpenter 1999, JRSS B 61, 159–172.
 */
export function skillInterval(
  cases: Cases,
  skill: number,
  by: {
    readonly blocks: readonly (readonly number[])[];
    readonly draws: number;
    readonly stream: RandomStream;
    readonly level?: number;
  },
): SkillInterval {
  const tail = (1 - (by.level ?? 0.95)) / 2;
  const folds = foldsOf(cases);
  const draws = Array.from({ length: by.draws }, () => drawRelation(cases, by.blocks, by.stream));
  const simulated = STRENGTHS.map((strength) =>
    draws.map((draw) => outOfSample(folds, cases.weights, outcomesOf(draw, strength)).skill),
  );
  const share = (at: number, holds: (one: number) => boolean) =>
    (simulated[at] as number[]).filter(holds).length / by.draws;
  const middle = simulated.map(median);
  const places = [...STRENGTHS.keys()];
  const below = places.findLast((at) => share(at, (one) => one >= skill) <= tail) ?? 0;
  const above = places.find((at) => share(at, (one) => one <= skill) <= tail) ?? places.length - 1;
  const last = STRENGTHS.length - 1;
  const nearest = places.reduce((best, at) => (offBy(middle, at, skill) < offBy(middle, best, skill) ? at : best), 0);
  const strength = (at: number) => STRENGTHS[at] as number;
  return {
    low: Math.min(skill, middle[below] as number),
    high: Math.max(skill, above === last ? 1 : (middle[above] as number)),
    strength: {
      value: strength(nearest),
      low: Math.min(strength(below), strength(nearest)),
      high: above === last ? 1 : Math.max(strength(above), strength(nearest)),
    },
  };
}

function offBy(middle: readonly number[], at: number, skill: number): number {
  return Math.abs((middle[at] as number) - skill);
}

/** What the columns give and what they do not, each of variance 1 over all cases that these stand for. */
export interface Relation {
  readonly given: Float64Array;
  readonly scatter: Float64Array;
}

export function drawRelation(
  { columns, weights }: Pick<Cases, "columns" | "weights">,
  blocks: readonly (readonly number[])[],
  stream: RandomStream,
): Relation {
  const given = new Float64Array(weights.length);
  for (const column of columns) {
    const slope = stream.normal();
    const even = standard(column);
    for (let row = 0; row < given.length; row += 1) given[row] = (given[row] as number) + slope * (even[row] as number);
  }
  const scatter = Float64Array.from(weights, () => stream.normal());
  if (blocks.length > 1 && blocks.some(({ length }) => length > 1))
    for (const block of blocks) {
      const common = Math.sqrt(COMMON) * stream.normal();
      for (const row of block) scatter[row] = common + Math.sqrt(1 - COMMON) * (scatter[row] as number);
    }
  // Of so few cases what is given varies more or less than in all those that they stand for.
  const off = Array.from({ length: weights.length - 1 }, () => stream.normal() ** 2);
  const spread = Math.sqrt(off.reduce((sum, one) => sum + one, 0) / off.length);
  return { given: standard(given).map((value) => spread * value), scatter };
}

export function outcomesOf({ given, scatter }: Relation, strength: number): Float64Array {
  const [own, other] = [Math.sqrt(strength), Math.sqrt(1 - strength)];
  return given.map((value, row) => own * value + other * (scatter[row] as number));
}

/** Mean 0 and variance 1; 0 throughout where nothing varies. */
function standard(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}
