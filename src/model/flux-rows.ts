import { type ActRow, VERBS, type Verb } from "./act.ts";
import { DashpotError } from "./error.ts";

/** One thing done or moved from one party to the other. */
export interface Flux {
  readonly time: number;
  readonly from: string;
  readonly to: string;
  readonly action: string;
}

/**
 * What the acts of a table may be. `verbs`: `verb:object`, and nothing else. `names`: also the bare name of an action,
 * done by its actor towards the other; an empty act or `nothing` moves nothing.
 */
export type ActNaming = "verbs" | "names";

const MOVING: readonly Verb[] = ["give", "take", "do"];

/**
 * The flux that a row moves, or null where it moves nothing (I14): giving and doing run from the actor, taking to it.
 *
 * An action is known by its object alone, letter case and spaces folded: to give soup and to do (make) soup move the same.
 * Throws DashpotError `flux-time`, `flux-self`, `flux-act-unknown`, `flux-act-without-object`.
 */
export function fluxOf(row: ActRow, naming: ActNaming, where: string): Flux | null {
  if (!Number.isFinite(row.time))
    throw fault("flux-time", "a finite time", row.time, where, "Give each row its time as a number.");
  if (row.actor === row.towards) {
    throw fault("flux-self", "two different parties", row.actor, where, "Name in `towards` whom the act is done to.");
  }
  const read = readAct(row.act, naming, where);
  if (read === null) return null;
  const [from, to] = read.verb === "take" ? [row.towards, row.actor] : [row.actor, row.towards];
  return { time: row.time, from, to, action: read.object };
}

function readAct(act: string, naming: ActNaming, where: string): { verb: Verb; object: string } | null {
  const at = act.indexOf(":");
  const word = fold(at < 0 ? act : act.slice(0, at));
  const verb = VERBS.find((known) => known === word);
  const object = at < 0 ? "" : fold(act.slice(at + 1));
  if (naming === "names" && (verb === undefined || (at < 0 && verb !== "nothing"))) return bareName(act);
  if (verb === undefined) {
    throw fault(
      "flux-act-unknown",
      `one of ${VERBS.join(", ")} before the colon`,
      act,
      where,
      "Write acts as verb:object, such as give:bread.",
    );
  }
  if (!MOVING.includes(verb)) return null;
  if (object === "") {
    throw fault(
      "flux-act-without-object",
      `${verb}:OBJECT`,
      act,
      where,
      "Name what is given, taken or done after the colon.",
    );
  }
  return { verb, object };
}

function bareName(act: string): { verb: Verb; object: string } | null {
  const name = fold(act);
  return name === "" ? null : { verb: "do", object: name };
}

function fold(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ").toLowerCase();
}

function fault(code: string, expected: string, received: unknown, where: string, fix: string): DashpotError {
  return new DashpotError(
    code,
    `expected ${expected}, received ${typeof received === "string" ? JSON.stringify(received) : received}, ${where}`,
    fix,
  );
}
