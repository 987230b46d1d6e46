import type { Flux } from "./flux-rows.ts";
import { pairAnswers } from "./pair-answers.ts";

/** A dyad's fluxes in order of time. A flux's code is party × number of actions + action. */
export interface Arranged {
  readonly parties: readonly string[];
  readonly actions: readonly string[];
  readonly codes: readonly number[];
  /** Where each moment begins. */
  readonly groups: readonly number[];
}

/** Codes of fluxes that are between the two parties. */
export function arrange(parties: readonly string[], fluxes: readonly Flux[]): Arranged {
  const ordered = [...fluxes].sort((left, right) => left.time - right.time);
  const actions = [...new Set(ordered.map(({ action }) => action))];
  const codes = ordered.map(({ from, action }) => parties.indexOf(from) * actions.length + actions.indexOf(action));
  const groups = ordered.flatMap(({ time }, index) =>
    index === 0 || ordered[index - 1]?.time !== time ? [index] : [],
  );
  return { parties, actions, codes: withinMoments(codes, groups), groups };
}

/** Within a moment there is no order: party 0 first, then by action. */
function withinMoments(codes: readonly number[], groups: readonly number[]): readonly number[] {
  if (groups.length === codes.length) return codes;
  return groups.flatMap((start, index) => codes.slice(start, groups[index + 1]).sort((left, right) => left - right));
}

/** One kind of exchange: action `first` by party 0, paired with action `second` by party 1. */
export interface Kind {
  readonly first: number;
  readonly second: number;
  /** Places of its fluxes in order, two an exchange. */
  readonly places: number[];
  /** Changes of party along its fluxes: 2 × exchanges − 1 at most. */
  changes: number;
}

/** Kinds of exchange in the order of first appearance, by first × number of actions + second. */
export function kindsOf({ codes, groups, actions }: Arranged): Map<number, Kind> {
  const kinds = new Map<number, Kind>();
  eachPaired(codes, groups, actions.length, (key, place) => {
    const kind = kinds.get(key) ?? {
      first: Math.floor(key / actions.length),
      second: key % actions.length,
      places: [],
      changes: 0,
    };
    const last = kind.places.at(-1);
    const party = (at: number) => (codes[at] as number) < actions.length;
    if (last !== undefined && party(last) !== party(place)) kind.changes += 1;
    kind.places.push(place);
    kinds.set(key, kind);
  });
  return kinds;
}

/** Calls for each flux that answers or is answered, in order, with the kind of its exchange. */
function eachPaired(
  codes: readonly number[],
  groups: readonly number[],
  actions: number,
  call: (key: number, place: number) => void,
): void {
  const partner = pairAnswers({ parties: codes.map((code) => (code < actions ? 0 : 1)), groups });
  for (let place = 0; place < codes.length; place += 1) {
    const other = partner[place] as number;
    if (other < 0) continue;
    const own = codes[place] as number;
    const back = codes[other] as number;
    call(own < actions ? own * actions + back - actions : back * actions + own - actions, place);
  }
}

export interface ShuffleTest {
  readonly stream: { shuffle<T>(items: readonly T[]): T[] };
  readonly shuffles: number;
  readonly alpha: number;
}

/**
 * One-sided p of each claim, some kinds together: how often a shuffle of the fluxes over their times has as many changes.
 *
 * (b + 1)/(m + 1), with m below `shuffles` once no claim can come down to alpha.
 * Reference: Besag & Clifford 1991, Biometrika 78, 301–304.
 */
export function chancesOf(claims: readonly (readonly Kind[])[], arranged: Arranged, test: ShuffleTest): number[] {
  const observed = claims.map((kinds) => kinds.reduce((sum, { changes }) => sum + changes, 0));
  const most = test.alpha * (test.shuffles + 1) - 1;
  const reached = claims.map(() => 0);
  const counter = changeCounter(claims, arranged);
  let done = 0;
  while (done < test.shuffles && reached.some((count) => count <= most)) {
    const changes = counter(withinMoments(test.stream.shuffle(arranged.codes), arranged.groups));
    claims.forEach((_, claim) => {
      if ((changes[claim] as number) >= (observed[claim] as number)) reached[claim] = (reached[claim] as number) + 1;
    });
    done += 1;
  }
  return reached.map((count) => (count + 1) / (done + 1));
}

/** Changes of each claim in another order of the fluxes; the array is used again from call to call. */
function changeCounter(claims: readonly (readonly Kind[])[], { groups, actions }: Arranged) {
  const keys = [...new Set(claims.flat())].map(({ first, second }) => first * actions.length + second);
  const tracked = new Map(keys.map((key, index) => [key, index]));
  const members = claims.map((kinds) =>
    kinds.map(({ first, second }) => tracked.get(first * actions.length + second) as number),
  );
  const last = new Int8Array(keys.length);
  const changes = new Int32Array(keys.length);
  const totals = new Int32Array(claims.length);
  return (codes: readonly number[]): Int32Array => {
    last.fill(-1);
    changes.fill(0);
    eachPaired(codes, groups, actions.length, (key, place) => {
      const kind = tracked.get(key);
      if (kind === undefined) return;
      const party = (codes[place] as number) < actions.length ? 0 : 1;
      if (last[kind] === 1 - party) changes[kind] = (changes[kind] as number) + 1;
      last[kind] = party;
    });
    members.forEach((some, claim) => {
      totals[claim] = some.reduce((sum, kind) => sum + (changes[kind] as number), 0);
    });
    return totals;
  };
}
