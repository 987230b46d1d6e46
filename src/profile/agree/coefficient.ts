import { bootstrapIntervals } from "../../kernel/bootstrap.ts";
import type { CodePatterns } from "../../kernel/code-patterns.ts";
import { clopperPearson } from "../../kernel/intervals.ts";
import type { RandomStream } from "../../kernel/random.ts";
import type { Coefficient } from "../../model/agreement-report.ts";

export interface Draws {
  /** A stream of its own for each coefficient, so that one more changes no other. */
  readonly stream: (...names: readonly string[]) => RandomStream;
  readonly draws: number;
}

interface CoefficientOptions {
  readonly stream: RandomStream;
  readonly draws: number;
  /** What a value of 1 says in place of an interval. */
  readonly atOne?: (n: number) => string;
}

/** A coefficient of the units in `coded` with its bootstrap interval, or with the reason why it has none (K3). */
export function coefficientOf(
  coded: CodePatterns,
  statistic: (weights: Float64Array) => { readonly value: number; readonly n: number },
  { stream, draws, atOne = allAgree }: CoefficientOptions,
): Coefficient {
  const units = coded.weights.reduce((total, weight) => total + weight, 0);
  const { value, n } = statistic(coded.weights);
  const of = { n, missing: units - n };
  const bare = { low: null, high: null, ...of };
  if (n === 0) return { value: null, ...bare, remark: "no unit has the codes that it needs" };
  if (Number.isNaN(value)) return { value: null, ...bare, remark: "one category throughout: chance explains it all" };
  if (value === 1) return { value, ...bare, remark: atOne(n) };
  const [found] = bootstrapIntervals(coded.weights, [(weights) => statistic(weights).value], { stream, draws });
  if (!found?.interval) {
    return {
      value,
      ...bare,
      remark: `no interval: not defined in ${found?.undefinedDraws ?? draws} of ${draws} draws`,
    };
  }
  const [low, high] = found.interval;
  return { value, low, high, ...of, remark: "" };
}

/** Every draw of a bootstrap agrees too, which would look like certainty. */
function allAgree(n: number): string {
  const [low] = clopperPearson(n, n);
  return `no interval: all ${n} units agree, and the share that would is at least ${low.toFixed(2)} (Clopper and Pearson)`;
}
