import type { ActRow } from "./act.ts";
import { type Arranged, arrange, chancesOf, type Kind, kindsOf, type ShuffleTest } from "./alternation.ts";
import { DashpotError } from "./error.ts";
import { PRECEDENCE } from "./exchange-set.ts";
import { type ActNaming, type Flux, fluxOf } from "./flux-rows.ts";
import { LABELS, type Label } from "./label.ts";

/** One relation found in a dyad. */
export interface FluxPart {
  readonly category: Label;
  /** Under AR what `from` gives and what it gets for it; under MP the two that are traded; else the one action. */
  readonly actions: readonly string[];
  /** Who gives the first action, under AR and asocial. */
  readonly from?: string;
  readonly to?: string;
  /** One-sided, of alternation against within-dyad shuffles, under EM, MP and AR; null where it is perfect (I13). */
  readonly p?: number | null;
  /** Answered pairs under EM, MP and AR; else the fluxes. */
  readonly exchanges: number;
  /** Fluxes that belong to the part, unanswered ones within its tolerance included. */
  readonly fluxes: number;
}

export interface FluxDyad {
  readonly dyad: string;
  /** Those of the parts, in the order of `LABELS`. */
  readonly categories: readonly Label[];
  readonly parts: readonly FluxPart[];
  /** The category with most fluxes; of equal ones the first in `PRECEDENCE`. */
  readonly dominant: Label;
}

export interface FluxOptions {
  readonly stream: { shuffle<T>(items: readonly T[]): T[] };
  /** Within-dyad shuffles at most; fewer where alternation has become impossible to show. */
  readonly shuffles?: number;
  readonly alpha?: number;
  readonly naming?: ActNaming;
}

/** Exchanges over which perfect alternation needs no test (I13). */
const PERFECT = 4;

/** Roles count as swapped when this often, or as this share of a pair's exchanges. */
const SWAPS = { least: 2, share: 0.2 } as const;

/** Unanswered fluxes of a linked kind up to this share of its answered ones belong to it. */
const TOLERANCE = 0.25;

/**
 * Relations in a table of acts, dyad by dyad in the order of first appearance; pure but for the stream.
 *
 * Each dyad's fluxes are paired (`pairAnswers`) into X for X and X for Y. A kind of exchange is linked where its parties
 * alternate more than in shuffles of the dyad's fluxes over their times, or perfectly over at least four exchanges: X for
 * X is then EM, X for Y with Y for X MP, alone AR. What is not linked is CS where both parties move the same, else
 * asocial; no flux at all is null. Tolerances and what cannot be told apart: docs/adr/0010-flux-coder.md.
 *
 * Throws RangeError for fewer than 1 shuffle or alpha outside (0, 1), DashpotError `flux-parties` for a dyad of more
 * than two parties, and what `fluxOf` throws.
 * Source: Favre & Sornette 2015, PLOS ONE 10, e0120882, doi:10.1371/journal.pone.0120882, table 5.
 *
 * @example codeFlux([{ dyad: "d", time: 1, actor: "a", towards: "b", act: "give:bread" }], { stream: randomStream(1) })
 */
export function codeFlux(rows: readonly ActRow[], options: FluxOptions): readonly FluxDyad[] {
  const { shuffles = 199, alpha = 0.05 } = options;
  if (!(shuffles >= 1)) throw new RangeError(`expected at least 1 shuffle, received ${shuffles}`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`expected alpha between 0 and 1, received ${alpha}`);
  return [...byDyad(rows, options.naming ?? "verbs")].map(([dyad, { parties, fluxes }]) => {
    const parts = partsOf(arrange(parties, fluxes), { stream: options.stream, shuffles, alpha });
    return {
      dyad,
      categories: LABELS.filter((label) => parts.some((part) => part.category === label)),
      parts,
      dominant: dominantOf(parts),
    };
  });
}

function byDyad(rows: readonly ActRow[], naming: ActNaming) {
  const dyads = new Map<string, { parties: string[]; fluxes: Flux[] }>();
  rows.forEach((row, index) => {
    const where = `in row ${index + 1} (dyad ${row.dyad})`;
    const dyad = dyads.get(row.dyad) ?? { parties: [], fluxes: [] };
    dyads.set(row.dyad, dyad);
    const flux = fluxOf(row, naming, where);
    for (const party of [row.actor, row.towards]) if (!dyad.parties.includes(party)) dyad.parties.push(party);
    if (dyad.parties.length > 2) {
      throw new DashpotError(
        "flux-parties",
        `expected two parties, received a third, ${dyad.parties[2]}, ${where}`,
        "Give each pair of parties a dyad of its own.",
      );
    }
    if (flux) dyad.fluxes.push(flux);
  });
  return dyads;
}

/** Kinds that are linked or not as one: X for X, X for Y with Y for X, or X for Y. */
interface Claim {
  readonly category: "EM" | "MP" | "AR";
  readonly kinds: readonly Kind[];
  /** Other kinds of the same two actions, too few to swap the roles. */
  readonly strays: readonly Kind[];
}

function claimsOf(kinds: ReadonlyMap<number, Kind>, actions: number): Claim[] {
  return [...kinds.values()].flatMap<Claim>((kind) => {
    const back = kinds.get(kind.second * actions + kind.first);
    if (kind.first === kind.second) return [{ category: "EM", kinds: [kind], strays: [] }];
    if (!back) return [{ category: "AR", kinds: [kind], strays: [] }];
    const [less, more] = back.places.length < kind.places.length ? [back, kind] : [kind, back];
    const swaps = less.places.length / 2;
    const share = less.places.length / (less.places.length + more.places.length);
    const swapped = swaps >= SWAPS.least || share >= SWAPS.share;
    const single: Claim = { category: "AR", kinds: [kind], strays: swapped ? [] : [back] };
    if (!swapped) return kind === more ? [single] : [];
    return kind.first < kind.second ? [{ category: "MP", kinds: [kind, back], strays: [] }, single] : [single];
  });
}

type Linked = Claim & { readonly p: number | null };

/** Claims that hold. MP is decided before AR; both directions that hold only one by one are MP as well. */
function linkedOf(arranged: Arranged, test: ShuffleTest): Linked[] {
  const claims = claimsOf(kindsOf(arranged), arranged.actions.length);
  const perfect = claims.map((claim) => isPerfect(claim, arranged));
  const open = claims.filter((claim, index) => !perfect[index] && exchangesOf(claim) >= 2);
  const chances = chancesOf(
    open.map(({ kinds }) => kinds),
    arranged,
    test,
  );
  const held = claims.flatMap<Linked>((claim, index) => {
    if (perfect[index]) return [{ ...claim, p: null }];
    const p = chances[open.indexOf(claim)] ?? 1;
    return p <= test.alpha ? [{ ...claim, p }] : [];
  });
  const traded = new Set(held.filter(({ category }) => category === "MP").flatMap(({ kinds }) => kinds));
  const rest = held.filter(({ category, kinds }) => category === "MP" || !kinds.some((kind) => traded.has(kind)));
  return joinDirections(rest);
}

function joinDirections(held: readonly Linked[]): Linked[] {
  const reverse = ({ kinds: [kind] }: Linked) =>
    held.find(
      ({ category, kinds }) =>
        category === "AR" && kinds[0]?.first === kind?.second && kinds[0]?.second === kind?.first,
    );
  return held.flatMap<Linked>((claim) => {
    const back = claim.category === "AR" ? reverse(claim) : undefined;
    if (!back) return [claim];
    if (held.indexOf(back) < held.indexOf(claim)) return [];
    const p = claim.p === null && back.p === null ? null : Math.max(claim.p ?? 0, back.p ?? 0);
    return [{ category: "MP", kinds: [...claim.kinds, ...back.kinds], strays: [], p }];
  });
}

function exchangesOf({ kinds }: Pick<Claim, "kinds">): number {
  return kinds.reduce((sum, { places }) => sum + places.length / 2, 0);
}

function changesOf({ kinds }: Pick<Claim, "kinds">): number {
  return kinds.reduce((sum, { changes }) => sum + changes, 0);
}

/** At least four exchanges, strict alternation in each direction, and no flux of theirs that is outside. */
function isPerfect(claim: Claim, { codes, actions }: Arranged): boolean {
  const exchanges = exchangesOf(claim);
  if (exchanges < PERFECT || changesOf(claim) < 2 * exchanges - claim.kinds.length) return false;
  const theirs = codesOf(claim, actions.length);
  return codes.filter((code) => theirs.has(code)).length === 2 * exchanges;
}

function codesOf({ kinds }: Pick<Claim, "kinds">, actions: number): Set<number> {
  return new Set(kinds.flatMap(({ first, second }) => [first, actions + second]));
}

function partsOf(arranged: Arranged, test: ShuffleTest): FluxPart[] {
  const linked = linkedOf(arranged, test);
  const free = new Set(arranged.codes.keys());
  for (const { kinds, strays } of linked)
    for (const { places } of [...kinds, ...strays]) for (const place of places) free.delete(place);
  const parts = linked.map((claim) => linkedPart(claim, arranged, free));
  parts.sort((left, right) => PRECEDENCE.indexOf(left.category) - PRECEDENCE.indexOf(right.category));
  const rest = arranged.actions.flatMap((_, action) => unlinkedPart(action, arranged, free));
  const all = [...parts, ...rest];
  return all.length > 0 ? all : [{ category: "null", actions: [], exchanges: 0, fluxes: 0 }];
}

function linkedPart(claim: Linked, arranged: Arranged, free: Set<number>): FluxPart {
  const { parties, actions } = arranged;
  const fluxes = [...claim.kinds, ...claim.strays].reduce((sum, { places }) => sum + places.length, 0);
  const tolerated = takeTolerated(claim, arranged, free);
  const { first, second } = claim.kinds[0] as Kind;
  const named = [...new Set([first, second])].map((action) => actions[action] as string);
  const ends = claim.category === "AR" ? { from: parties[0] as string, to: parties[1] as string } : {};
  return {
    category: claim.category,
    actions: named,
    ...ends,
    p: claim.p,
    exchanges: exchangesOf(claim),
    fluxes: fluxes + tolerated,
  };
}

function takeTolerated(claim: Linked, { codes, actions }: Arranged, free: Set<number>): number {
  const theirs = codesOf(claim, actions.length);
  const left = [...free].filter((place) => theirs.has(codes[place] as number));
  if (left.length > TOLERANCE * 2 * exchangesOf(claim)) return 0;
  for (const place of left) free.delete(place);
  return left.length;
}

function unlinkedPart(action: number, { parties, actions, codes }: Arranged, free: ReadonlySet<number>): FluxPart[] {
  const by = [action, actions.length + action].map((code) => [...free].filter((place) => codes[place] === code).length);
  const [zero, one] = by as [number, number];
  if (zero + one === 0) return [];
  const base = { actions: [actions[action] as string], exchanges: zero + one, fluxes: zero + one };
  if (zero > 0 && one > 0) return [{ category: "CS", ...base }];
  const [from, to] = (zero > 0 ? parties : [...parties].reverse()) as [string, string];
  return [{ category: "asocial", ...base, from, to }];
}

function dominantOf(parts: readonly FluxPart[]): Label {
  const weight = (label: Label) =>
    parts.reduce((sum, { category, fluxes }) => (category === label ? sum + fluxes : sum), 0);
  const present = PRECEDENCE.filter((label) => parts.some(({ category }) => category === label));
  return present.reduce((best, label) => (weight(label) > weight(best) ? label : best));
}
