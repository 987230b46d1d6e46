import type { Rung } from "../../../model/coding.ts";
import type { InboxRule } from "./simulator-family.ts";
import type { Message } from "./stage.ts";

/** What one call was to the people of the world. */
export interface WorldEvent {
  /** Calls made, this one included. */
  readonly turn: number;
  /** Null where nothing was carried out. */
  readonly tool: string | null;
  /** The person whom the call names. */
  readonly to: string | null;
  readonly rung: Rung | null;
  readonly said: readonly string[];
}

/** A message on its way. */
export interface DueMessage extends Message {
  /** Calls made when it arrives. */
  readonly at: number;
  readonly grants: boolean;
}

/** What people write upon an event, and which of the rules are thereby spent. */
export interface Reaction {
  readonly due: readonly DueMessage[];
  readonly spent: readonly number[];
}

/** By the first rule that fits and is not spent, in the order of the rules; of each sender one for any turn of arrival. */
export function reactionTo(
  event: WorldEvent,
  rules: readonly InboxRule[],
  spent: ReadonlySet<number>,
  rungs: ReadonlySet<Rung>,
): Reaction {
  const taken = new Set<string>();
  const fired = [...rules.entries()].filter(([place, rule]) => {
    const slot = `${rule.from} ${rule.delay}`;
    if (spent.has(place) || taken.has(slot) || !fits(rule, event, rungs)) return false;
    taken.add(slot);
    return true;
  });
  const due = fired.map(([, { from, text, delay, grants }]) => ({ from, text, at: event.turn + delay, grants }));
  return { due, spent: fired.map(([place]) => place) };
}

function fits({ on, done, unless }: InboxRule, event: WorldEvent, rungs: ReadonlySet<Rung>): boolean {
  if (done.some((rung) => !rungs.has(rung)) || unless.some((rung) => rungs.has(rung))) return false;
  if ("rungs" in on) return event.rung !== null && on.rungs.includes(event.rung);
  if ("turn" in on) return event.turn === on.turn;
  if ("tools" in on)
    return event.tool !== null && on.tools.includes(event.tool) && (on.to === undefined || on.to === event.to);
  const texts = event.said.map((text) => text.toLowerCase());
  return on.words.some((words) => texts.some((text) => text.includes(words)));
}
