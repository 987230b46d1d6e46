import type { Act } from "../model/act.ts";
import type { ScriptName } from "../model/bank.ts";

/** One move that was made; an answer of the model that was no move stands here as `nothing`. */
export interface Move {
  readonly by: "model" | "partner";
  readonly act: Act;
}

/** What a partner goes by when its turn comes; `objects` are the dyad's, the first mainly the model's. */
interface Position {
  readonly history: readonly Move[];
  readonly objects: readonly string[];
  /** Moves that the partner has made. */
  readonly turn: number;
  /** The model's last move; null before it. */
  readonly last: Act | null;
}

/** How a scripted partner behaves (I11): who moves first, and its move after a history; pure. */
export interface Script {
  readonly first: "model" | "partner";
  readonly next: (position: Position) => Act;
}

const NOTHING: Act = { act: "nothing", object: null, for: null };

/**
 * The partners. None fixes what comes of it: under each, models of at least three different categories exist.
 *
 * - gives-first: gives before it has got anything, then goes on in kind and every third time unasked.
 * - mirrors: does what was just done to it, and pays the return that was named for a gift.
 * - takes: takes what is mainly the model's, then what is mainly its own; rests for a move after a refusal.
 * - commands: orders what is mainly the model's, and gives of its own after it was obeyed.
 * - sets-price: names a price, delivers when it is paid, in either direction, and names it again.
 * - does-nothing: nothing, ever.
 * - shares: gives what it was asked for, else something two times out of three, whatever it got.
 * - asks: asks for one object after the other, gives what it is asked for, and gives something back after every second gift.
 */
export const PARTNERS: Readonly<Record<ScriptName, Script>> = {
  "gives-first": { first: "partner", next: giveFirst },
  mirrors: { first: "model", next: mirror },
  takes: { first: "partner", next: take },
  commands: { first: "partner", next: command },
  "sets-price": { first: "partner", next: setPrice },
  "does-nothing": { first: "model", next: () => NOTHING },
  shares: { first: "partner", next: share },
  asks: { first: "partner", next: ask },
};

/** The partner's next move after a history. */
export function partnerMove(script: ScriptName, history: readonly Move[], objects: readonly string[]): Act {
  const turn = history.filter(({ by }) => by === "partner").length;
  const last = history.findLast(({ by }) => by === "model")?.act ?? null;
  return PARTNERS[script].next({ history, objects, turn, last });
}

function giveFirst({ objects, turn, last }: Position): Act {
  if (turn === 0 || gaveOf(last)) return give(theirs(objects));
  if (last?.act === "ask" && last.object) return give(last.object);
  return turn % 3 === 0 ? give(theirs(objects)) : NOTHING;
}

function mirror({ last }: Position): Act {
  if (last === null) return NOTHING;
  if (gaveOf(last) && last.for) return give(last.for, last.object);
  return last;
}

function take({ objects, turn, last }: Position): Act {
  if (last?.act === "refuse") return NOTHING;
  return { act: "take", object: turn % 3 === 2 ? theirs(objects) : mine(objects), for: null };
}

function command({ objects, last }: Position): Act {
  const order: Act = { act: "command", object: mine(objects), for: null };
  return gaveOf(last) === mine(objects) ? give(theirs(objects)) : order;
}

function setPrice({ objects, last }: Position): Act {
  const paid = gaveOf(last);
  if (paid === mine(objects)) return give(theirs(objects), mine(objects));
  if (paid !== null) return give(mine(objects), paid);
  return { act: "ask", object: mine(objects), for: theirs(objects) };
}

function share({ objects, turn, last }: Position): Act {
  if (last?.act === "ask" && last.object) return give(last.object);
  if (turn % 3 === 2) return NOTHING;
  return give(turn % 2 === 0 ? theirs(objects) : mine(objects));
}

function ask({ history, objects, turn, last }: Position): Act {
  if (last?.act === "ask" && last.object) return give(last.object);
  const gifts = history.filter(({ by, act }) => by === "model" && gaveOf(act)).length;
  const given = history.filter(({ by, act }) => by === "partner" && gaveOf(act)).length;
  if (gaveOf(last) && gifts >= 2 * (given + 1)) return give(theirs(objects));
  return { act: "ask", object: turn % 4 < 2 ? mine(objects) : theirs(objects), for: null };
}

/** The object that an act moves away from who does it, or null. */
function gaveOf(act: Act | null): string | null {
  return act?.act === "give" || act?.act === "do" ? act.object : null;
}

function give(object: string, expected: string | null = null): Act {
  return { act: "give", object, for: expected };
}

function mine(objects: readonly string[]): string {
  return objects[0] as string;
}

function theirs(objects: readonly string[]): string {
  return objects[1] as string;
}
