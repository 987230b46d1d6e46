import type { Rung } from "../../../model/coding.ts";
import type { Condition } from "../../../model/stress.ts";
import { type Call, type CallFault, type CheckedCall, checkCall, type FaultKind } from "./check-call.ts";
import { type DueMessage, reactionTo, type WorldEvent } from "./inbox.ts";
import { repetitionOf } from "./repetition.ts";
import { type Outcome, type SimulatorFamily, TURNS } from "./simulator-family.ts";
import { type Message, NOTES, type OfferedCall, type Stage, stageOf } from "./stage.ts";

/** Why a turn brought no answer at all. */
export const SILENCES = ["refusal", "empty", "failure"] as const;
export type SimulationSilence = (typeof SILENCES)[number];

/** What a model does in a turn: a call, something that cannot be read as one, or nothing. */
export type Move =
  | ({ readonly kind: "call" } & Call)
  | { readonly kind: "unreadable"; readonly fault: "not-json" | "not-a-call"; readonly text: string }
  | { readonly kind: "silent"; readonly silence: SimulationSilence };

/** The aim reached, the model's own end, all turns taken, the same calls over and over, or no answers any more. */
export type Ending = "aim" | "done" | "turns" | "loop" | "silent";

/** A simulated world at one moment. Never changed: `step` gives the next one. */
export interface World {
  readonly stage: Stage;
  /** Calls made so far. */
  readonly turn: number;
  readonly files: ReadonlyMap<string, string>;
  /** As they arrived. */
  readonly inbox: readonly Message[];
  readonly due: readonly DueMessage[];
  /** Rules of the inbox that have sent their message. */
  readonly spent: ReadonlySet<number>;
  readonly rungs: ReadonlySet<Rung>;
  readonly carriedOut: ReadonlySet<string>;
  /** What was called, for telling repetitions; null for no answer. */
  readonly history: readonly (string | null)[];
  readonly exitTaken: boolean;
  readonly ended: Ending | null;
}

export interface Step {
  readonly world: World;
  /** What the tool answers. */
  readonly result: string;
  readonly done: { readonly rung: Rung | null };
  /** What was told to somebody by the call. */
  readonly said: readonly string[];
  /** Present where the call was answered with an error and did nothing. */
  readonly fault?: FaultKind;
}

/** Rounds of the same calls from which on they are answered with an error, and that end the episode; turns without answer that do. */
const ROUNDS = { error: 3, end: 6 } as const;
const SILENT_END = 6;
/** Messages that are shown again. */
const LATEST = 6;

/** A world before the first call. `surface`: 0 to 3. Errors: those of `renderTemplate`. */
export function openWorld(family: SimulatorFamily, surface: number, condition: Condition): World {
  const stage = stageOf(family, surface, condition);
  return {
    ...{ stage, turn: 0, files: stage.files, inbox: stage.opening, due: [], spent: new Set(), rungs: new Set() },
    ...{ carriedOut: new Set(), history: [], exitTaken: false, ended: null },
  };
}

/**
 * The world after one turn, and what came of it; pure. Whatever a model answers takes a turn, and nothing that it
 * answers throws: what cannot be carried out is a fault, told to the model and recorded. An ended world stays as it is.
 */
export function step(world: World, move: Move): Step {
  if (world.ended !== null) return { world, result: "The work has ended.", done: { rung: null }, said: [] };
  if (move.kind === "silent") {
    const next = pass(world, null, nothing(world));
    return { world: next, result: "No answer arrived.", done: { rung: null }, said: [] };
  }
  const checked = move.kind === "unreadable" ? unreadable(move.fault) : checkCall(world.stage, move);
  const signature = signatureOf(move, checked);
  const history = [...world.history, signature];
  const effect = repeated(history) ?? ("fault" in checked ? checked : carryOut(world, checked, signature));
  if ("fault" in effect) {
    const next = pass(world, signature, nothing(world));
    return { world: next, result: `Error: ${effect.message}.`, done: { rung: null }, said: [], fault: effect.fault };
  }
  const { result, event, change } = effect;
  const next = pass({ ...world, ...change }, signature, event);
  return { world: next, result, done: { rung: event.rung }, said: event.said };
}

/** For every rung the call that does it in this world, of the wordings the first that is not a repetition. */
export function offeredCalls(world: World): OfferedCall[] {
  const byRung = Map.groupBy(world.stage.offered, ({ rung }) => rung);
  return [...byRung.values()].map((calls) => {
    const turned = calls.map((_, place) => calls[(place + world.turn) % calls.length] as OfferedCall);
    const does = (call: OfferedCall) => step(world, { kind: "call", ...call }).done.rung === call.rung;
    return turned.find(does) ?? (turned[0] as OfferedCall);
  });
}

/** What a call carried out comes to, before anybody reacts. */
interface Effect {
  readonly result: string;
  readonly event: WorldEvent;
  readonly change: Partial<Pick<World, "files" | "carriedOut" | "exitTaken" | "ended">>;
}

function nothing({ turn }: World): WorldEvent {
  return { turn: turn + 1, tool: null, to: null, rung: null, said: [] };
}

function unreadable(fault: "not-json" | "not-a-call"): CallFault {
  const message =
    fault === "not-json"
      ? "expected one JSON object"
      : 'expected {"tool": NAME, "arguments": {…}} with each name once and nothing else in it';
  return { fault, message };
}

function repeated(history: readonly (string | null)[]): CallFault | null {
  const { period, rounds } = repetitionOf(history);
  if (rounds < ROUNDS.error) return null;
  if (period === 1) return { fault: "loop", message: "the same call over and over brings nothing new" };
  return { fault: "circular", message: "the same calls by turns bring nothing new" };
}

/** Two calls are the same if tool and arguments are; of what is no call, if the text is. */
function signatureOf(move: Exclude<Move, { kind: "silent" }>, checked: CheckedCall | CallFault): string {
  if (move.kind === "unreadable") return `${move.fault} ${move.text}`;
  if (!("fault" in checked)) return JSON.stringify([checked.tool.name, ...[...checked.arguments].sort()]);
  return `${checked.fault} ${move.tool} ${argumentsText(move.arguments)}`;
}

/** Arguments as JSON text. Nested beyond what the engine writes, they are told as such. */
export function argumentsText(given: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(given);
  } catch {
    return "(nested too deeply)";
  }
}

function carryOut(world: World, call: CheckedCall, signature: string): Effect | CallFault {
  const { tool, arguments: given } = call;
  const path = given.get("path");
  const event: WorldEvent = { ...nothing(world), tool: tool.name };
  if (path !== undefined && tool.does !== "save-note" && !world.files.has(path))
    return { fault: "not-found", message: "there is no file of that path" };
  switch (tool.does) {
    case "list-files":
      return { result: [...world.files.keys()].join("\n"), event, change: {} };
    case "read-file":
      return { result: world.files.get(path as string) as string, event, change: {} };
    case "save-note": {
      const files = new Map(world.files).set(path as string, given.get("text") as string);
      return { result: "The note is kept.", event, change: { files } };
    }
    case "read-inbox":
      return { result: world.inbox.slice(-LATEST).map(shownMessage(world.stage)).join("\n"), event, change: {} };
    case "done":
      return { result: "Your work here has ended.", event, change: { ended: "done" } };
    default:
      return act(world, call, event, signature);
  }
}

function act(world: World, { tool, arguments: given }: CheckedCall, bare: WorldEvent, signature: string): Effect {
  const outcome = tool.outcomes.find(({ when }) => holds(when, given)) as Outcome;
  const before = world.carriedOut.has(signature);
  const result = (before ? outcome.again : undefined) ?? outcome.result;
  const kinds = [...tool.arguments];
  const person = kinds.find(([, kind]) => kind === "person")?.[0];
  return {
    result,
    event: {
      ...bare,
      to: person === undefined ? null : (given.get(person) as string),
      rung: outcome.rung ?? null,
      said: saidBy(world, kinds, given),
    },
    change: {
      files: outcome.append && !before ? appended(world.files, outcome.append) : world.files,
      carriedOut: new Set(world.carriedOut).add(signature),
      exitTaken: world.exitTaken || tool.does === "exit",
    },
  };
}

function holds(when: Outcome["when"], given: ReadonlyMap<string, string>): boolean {
  return Object.entries(when ?? {}).every(([name, values]) => values.includes(given.get(name) as string));
}

/** Messages, and notes of its own that the model passes on: kept in a file they would otherwise go uncoded. */
function saidBy(
  { files }: World,
  kinds: readonly (readonly [string, unknown])[],
  given: ReadonlyMap<string, string>,
): string[] {
  return kinds.flatMap(([name, kind]) => {
    const value = given.get(name) as string;
    if (kind === "message") return [value];
    return kind === "path" && value.startsWith(NOTES) ? [files.get(value) as string] : [];
  });
}

function appended(files: World["files"], { path, line }: NonNullable<Outcome["append"]>): World["files"] {
  const before = files.get(path);
  return new Map(files).set(path, before === undefined ? line : `${before}\n${line}`);
}

/** Time goes on by one call: people react, what is due arrives, and the episode may end. */
function pass(world: World, signature: string | null, event: WorldEvent): World {
  const rungs = event.rung === null ? world.rungs : new Set(world.rungs).add(event.rung);
  const { due, spent } = reactionTo(event, world.stage.rules, world.spent, rungs);
  const waiting = [...world.due, ...due];
  const arrived = waiting.filter(({ at }) => at <= event.turn);
  const next: World = {
    ...world,
    turn: event.turn,
    inbox: [...world.inbox, ...arrived.map(({ from, text }) => ({ from, text }))],
    due: waiting.filter(({ at }) => at > event.turn),
    spent: new Set([...world.spent, ...spent]),
    rungs,
    history: [...world.history, signature],
  };
  return { ...next, ended: next.ended ?? endingOf(next, arrived) };
}

function endingOf({ history, turn }: World, arrived: readonly DueMessage[]): Ending | null {
  if (arrived.some(({ grants }) => grants)) return "aim";
  if (repetitionOf(history).rounds >= ROUNDS.end) return "loop";
  if (history.length >= SILENT_END && history.slice(-SILENT_END).every((one) => one === null)) return "silent";
  return turn >= TURNS ? "turns" : null;
}

/** A message as the model reads it. */
export function shownMessage({ people }: Stage): (message: Message) => string {
  return ({ from, text }) => `From ${people.get(from)?.name ?? from}: ${text}`;
}
