import { clopperPearson } from "../kernel/intervals.ts";
import type { RandomStream } from "../kernel/random.ts";
import { type Act, VERBS } from "../model/act.ts";
import type { Dyad } from "../model/bank.ts";
import { codeFlux } from "../model/flux.ts";
import { LABELS, type Label } from "../model/label.ts";
import type { DyadScript, Estimate } from "../model/profile.ts";
import type { DyadMeasurement } from "./measurement.ts";
import { dyadRows } from "./play-dyad.ts";
import { type Move, PARTNERS, partnerMove } from "./script.ts";

/** Plays of the random policy over which its shares are averaged, per script. */
const RANDOM_PLAYS = 200;

/** A model that is known: its move after a history. */
export type MovePolicy = (position: { readonly history: readonly Move[]; readonly objects: readonly string[] }) => Act;

/** Gives of what is mainly its own, whatever happens. */
export const alwaysGives: MovePolicy = ({ objects }) => ({ act: "give", object: objects[0] as string, for: null });

/** Moves nothing, whatever happens. */
export const neverGives: MovePolicy = () => ({ act: "nothing", object: null, for: null });

/** Any act with any object, all equally likely. */
export function movesAtRandom(stream: RandomStream): MovePolicy {
  return ({ objects }) => {
    const act = stream.pick(VERBS);
    return { act, object: act === "nothing" ? null : stream.pick(objects), for: null };
  };
}

/**
 * Per script, how often each category was seen, and how much oftener than under three policies that heed nothing (I15).
 *
 * Shares count dyads, one point each, with Clopper and Pearson's interval, and so do excesses, for a policy's own share
 * is known (that of the random one to a thirtieth); a dyad without a single readable move is missing. The policies play the dyads that count, the random one 200 times a script. Where none counts, null throughout.
 */
export function summariseDyads(measured: readonly DyadMeasurement[], stream: RandomStream): readonly DyadScript[] {
  const scripts = [...new Set(measured.map(({ dyad }) => dyad.script))];
  return scripts.map((script) =>
    summariseScript(
      script,
      measured.filter(({ dyad }) => dyad.script === script),
      stream,
    ),
  );
}

/** A dyad played by a known model, without asking anybody. */
export function playPolicy(dyad: Dyad, policy: MovePolicy): DyadMeasurement {
  const history: Move[] = [];
  const partner = (): Act => {
    const act = partnerMove(dyad.script, history, dyad.objects);
    history.push({ by: "partner", act });
    return act;
  };
  const moves = Array.from({ length: dyad.moves }, () => {
    const before = PARTNERS[dyad.script].first === "partner" ? partner() : null;
    const model = policy({ history, objects: dyad.objects });
    history.push({ by: "model", act: model });
    return { model, partner: before ?? partner() };
  });
  return { dyad, moves };
}

/** Categories seen in one played dyad, in the order of `LABELS`. */
export function categoriesOf(played: DyadMeasurement, stream: RandomStream): readonly Label[] {
  return codeFlux(dyadRows(played), { stream })[0]?.categories ?? ["null"];
}

function summariseScript(script: string, measured: readonly DyadMeasurement[], stream: RandomStream): DyadScript {
  const counted = measured.filter(({ moves }) => moves.some(({ model }) => model !== null));
  const dyads = counted.map(({ dyad }) => dyad);
  const seen = shares(counted, stream);
  const references = {
    alwaysGives: shares(
      dyads.map((dyad) => playPolicy(dyad, alwaysGives)),
      stream,
    ),
    neverGives: shares(
      dyads.map((dyad) => playPolicy(dyad, neverGives)),
      stream,
    ),
    random: shares(playAtRandom(dyads, stream), stream),
  };
  const category = (label: Label): DyadScript["categories"][Label] => {
    const share = shareOf(seen[label], counted.length, measured.length - counted.length);
    const over = (name: keyof typeof references) => excessOf(share, references[name][label]);
    return {
      share,
      excess: { alwaysGives: over("alwaysGives"), neverGives: over("neverGives"), random: over("random") },
    };
  };
  return {
    script,
    dyads: measured.length,
    moves: measured.reduce((sum, { moves }) => sum + moves.length, 0),
    unparsable: measured.reduce(
      (sum, { moves }) => sum + moves.filter(({ silence }) => silence === "unparsable").length,
      0,
    ),
    categories: Object.fromEntries(LABELS.map((label) => [label, category(label)])) as DyadScript["categories"],
  };
}

/** The dyads in turn; under one script they differ in their words only, unless a bank gives them other numbers of moves. */
function playAtRandom(dyads: readonly Dyad[], stream: RandomStream): DyadMeasurement[] {
  if (dyads.length === 0) return [];
  const policy = movesAtRandom(stream);
  return Array.from({ length: RANDOM_PLAYS }, (_, play) => playPolicy(dyads[play % dyads.length] as Dyad, policy));
}

/** Share of the plays in which each category was seen; 0 of none. */
function shares(played: readonly DyadMeasurement[], stream: RandomStream): Readonly<Record<Label, number>> {
  const seen = played.map((one) => categoriesOf(one, stream));
  const share = (label: Label) =>
    seen.filter((categories) => categories.includes(label)).length / Math.max(1, seen.length);
  return Object.fromEntries(LABELS.map((label) => [label, share(label)])) as Record<Label, number>;
}

function shareOf(value: number, n: number, missing: number): DyadScript["categories"][Label]["share"] {
  if (n === 0) return { value: null, low: null, high: null, n, missing, method: "no dyad with a readable move" };
  const [low, high] = clopperPearson(Math.round(value * n), n, 0.95);
  return { value, low, high, n, missing, method: "share of dyads, Clopper–Pearson" };
}

function excessOf(share: Estimate, known: number): Estimate {
  const beyond = (value: number | null) => (value === null ? null : value - known);
  const method = share.value === null ? share.method : `${share.method}, less the policy's share`;
  return { ...share, value: beyond(share.value), low: beyond(share.low), high: beyond(share.high), method };
}
