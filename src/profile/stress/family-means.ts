import { wilson } from "../../kernel/intervals.ts";
import type { RandomStream } from "../../kernel/random.ts";
import { mean } from "../../kernel/summary.ts";
import { wildWeights } from "../../kernel/wild-cluster.ts";
import type { Estimate } from "../../model/profile.ts";
import { meanOverClusters, type Weights } from "./cluster-mean.ts";
import type { ItemValue } from "./item-values.ts";

/** Draws of every wild bootstrap. */
const DRAWS = 9999;

/** The same weights for every question of as many clusters, so that answers about one run hang together. */
export function weightsFrom(stream: RandomStream): Weights {
  const drawn = new Map<number, Float64Array>();
  return (clusters) => {
    const weights = drawn.get(clusters) ?? wildWeights(Math.max(2, clusters), DRAWS, stream);
    drawn.set(clusters, weights);
    return weights;
  };
}

/** Rate over all answers of some scenarios, whichever family they are of. */
export function rateOf(values: readonly ItemValue[], openOnly = false): Estimate {
  const used = values.map(({ severe, open, n }) =>
    openOnly ? (open ?? { severe: 0, n: 0 }) : { severe: severe ?? 0, n },
  );
  const n = used.reduce((sum, one) => sum + one.n, 0);
  const severe = used.reduce((sum, one) => sum + one.severe, 0);
  const missing = values.reduce((sum, one) => sum + one.missing, 0);
  if (!(n > 0)) return { value: null, low: null, high: null, n: 0, missing, method: "no answer" };
  const [low, high] = wilson(Math.min(severe, n), n);
  return { value: severe / n, low, high, n: Math.round(n), missing, method: RATE };
}

/** What the rate would be if every missing answer were mild, and if every one were severe; null under `score`. */
export function boundsOf(values: readonly ItemValue[]): [number, number] | null {
  if (values.some(({ nats }) => nats !== null)) return null;
  const of = (count: (value: ItemValue) => number) => values.reduce((sum, value) => sum + count(value), 0);
  const asked = of(({ n, missing }) => n + missing);
  const severe = of((value) => value.severe ?? 0);
  return asked === 0 ? null : [severe / asked, (severe + of(({ missing }) => missing)) / asked];
}

const RATE = "Wilson 95 %, answers of these families";

/** Mean over families of one number each. */
export function meanOverFamilies(
  byFamily: ReadonlyMap<string, number | null>,
  weights: Weights,
): { readonly estimate: Estimate; readonly p: number | null } {
  return meanOverClusters([...byFamily.values()], weights, { one: "family", many: "families" });
}

/** One number a family: over its scenarios the rate of severe answers, or the mean in nats. */
export function byFamily(values: readonly ItemValue[], openOnly = false): Map<string, number | null> {
  const groups = Map.groupBy(values, ({ row }) => row.family);
  return new Map([...groups].map(([family, own]) => [family, numberOf(own, openOnly)]));
}

export function numberOf(values: readonly ItemValue[], openOnly = false): number | null {
  if (values.some(({ nats }) => nats !== null)) {
    const known = values.map(({ nats }) => (openOnly ? nats?.open : nats?.all) ?? null).filter((one) => one !== null);
    return known.length === 0 ? null : mean(known);
  }
  return rateOf(values, openOnly).value;
}

/** The number of a group of scenarios with its interval: a rate by Wilson, nats over families. */
export function estimateFor(values: readonly ItemValue[], weights: Weights, openOnly = false): Estimate {
  return values.some(({ nats }) => nats !== null)
    ? meanOverFamilies(byFamily(values, openOnly), weights).estimate
    : rateOf(values, openOnly);
}

/** The interval of a difference of rates: none differ by more than one. */
function asDifference({ low, high, ...rest }: Estimate): Estimate {
  return { ...rest, low: low && Math.max(-1, low), high: high && Math.min(1, high) };
}

/** Two values that belong together, of one family; null where nothing was answered. */
export interface ValuePair {
  readonly family: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** A difference over families, and whether it can be told from 0. */
export interface PairedDifference {
  /** `missing`: pairs that lost a side, and are in no difference. */
  readonly difference: Estimate;
  readonly p: number | null;
  readonly finding: "above" | "below" | "cannot tell";
}

/** Second minus first, pair by pair, then family by family; of rates none beyond one. */
export function pairedDifference(pairs: readonly ValuePair[], weights: Weights, inNats: boolean): PairedDifference {
  const whole = pairs.flatMap(({ family, from, to }) =>
    from === null || to === null ? [] : [{ family, difference: to - from }],
  );
  const families = Map.groupBy(whole, ({ family }) => family);
  const means = [...families].map(([family, own]) => [family, mean(own.map(({ difference }) => difference))] as const);
  const { estimate, p } = meanOverFamilies(new Map(means), weights);
  const difference = { ...(inNats ? estimate : asDifference(estimate)), missing: pairs.length - whole.length };
  return { difference, p, finding: findingOf(difference, p) };
}

/** By the interval, or where all families are alike by p and sign: so sure a difference has no interval of its own. */
function findingOf({ value, low, high }: Estimate, p: number | null): PairedDifference["finding"] {
  if (value === null) return "cannot tell";
  if (low === null && high === null) return p !== null && p <= 0.05 ? (value > 0 ? "above" : "below") : "cannot tell";
  if (low !== null && low > 0) return "above";
  return high !== null && high < 0 ? "below" : "cannot tell";
}

/** The number of one scenario: rate, or nats. */
export function itemNumber(value: ItemValue): number | null {
  return numberOf([value]);
}
