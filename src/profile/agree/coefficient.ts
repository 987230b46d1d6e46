import { bootstrapIntervals } from "../../kernel/bootstrap.ts";
import type { CodePatterns, PatternStatistic } from "../../kernel/code-patterns.ts";
import { clopperPearson } from "../../kernel/intervals.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { Estimate } from "../../model/profile.ts";

export interface Draws {
  /** A stream of its own for each coefficient, so that one more changes no other. */
  readonly stream: (...names: readonly string[]) => RandomStream;
  readonly draws: number;
}

/** What stands in the place of an interval, or of a value, that there is none of. */
export interface Excuses {
  /** Of a value of 1, which every draw of a bootstrap would have too. */
  readonly atOne: (n: number) => string;
  readonly undefined: string;
}

const AGREEMENT: Excuses = {
  atOne: allAgree,
  undefined: "not defined: one category throughout, which chance explains",
};

/** A coefficient of the units in `coded` with its bootstrap interval; `method` says why there is none (K3). */
export function coefficientOf(
  coded: CodePatterns,
  statistic: (weights: Float64Array) => PatternStatistic,
  stream: RandomStream,
  draws: number,
  excuses = AGREEMENT,
): Estimate {
  const units = coded.weights.reduce((total, weight) => total + weight, 0);
  const { value, n } = statistic(coded.weights);
  const bare = { low: null, high: null, n, missing: units - n };
  if (n === 0) return { value: null, ...bare, method: "not defined: no unit has the codes that it needs" };
  if (Number.isNaN(value)) return { value: null, ...bare, method: excuses.undefined };
  if (value === 1) return { value, ...bare, method: `no interval: ${excuses.atOne(n)}` };
  const [found] = bootstrapIntervals(coded.weights, [(weights) => statistic(weights).value], { stream, draws });
  if (!found?.interval) {
    return { value, ...bare, method: `no interval: not defined in ${found?.undefinedDraws} of ${draws} draws` };
  }
  const [low, high] = found.interval;
  return { ...bare, value, low, high, method: `percentiles of a bootstrap over units, ${draws} draws` };
}

function allAgree(n: number): string {
  const [low] = clopperPearson(n, n);
  return `all ${n} units agree, and the share that would is at least ${low.toFixed(2)} (Clopper and Pearson)`;
}
