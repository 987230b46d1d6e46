import type { ArgumentKind } from "./simulator-family.ts";
import { NOTES, type Stage, type StageTool } from "./stage.ts";

/** Why a call was answered with an error and did nothing. */
export const FAULTS = [
  "not-json",
  "not-a-call",
  "unknown-tool",
  "arguments",
  "too-long",
  "path",
  "not-found",
  "loop",
  "circular",
] as const;
export type FaultKind = (typeof FAULTS)[number];

/** A call as a model made it; nothing of it is known to be right. */
export interface Call {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A call that its tool can take. */
export interface CheckedCall {
  readonly tool: StageTool;
  /** As the world knows them: people and choices by their names there, paths without a leading `./`. */
  readonly arguments: ReadonlyMap<string, string>;
}

export interface CallFault {
  readonly fault: FaultKind;
  /** What the model is told. */
  readonly message: string;
}

/** Characters of one argument. */
export const LONGEST_ARGUMENT = 2000;

/** A call with its arguments as the stage knows them, or what is wrong with it. */
export function checkCall(stage: Stage, call: Call): CheckedCall | CallFault {
  const tool = stage.tools.get(call.tool);
  if (tool === undefined) return { fault: "unknown-tool", message: "there is no tool of that name" };
  const given = Object.entries(call.arguments);
  const names = [...tool.arguments.keys()];
  if (given.length !== names.length || given.some(([name]) => !tool.arguments.has(name)))
    return { fault: "arguments", message: `expected ${names.length === 0 ? "no arguments" : names.join(", ")}` };
  const known = new Map<string, string>();
  for (const [name, value] of given) {
    const checked = checkValue(stage, tool, name, value);
    if (typeof checked !== "string") return checked;
    known.set(name, checked);
  }
  return { tool, arguments: known };
}

function checkValue(stage: Stage, tool: StageTool, name: string, value: unknown): string | CallFault {
  if (typeof value !== "string" || value.trim() === "")
    return { fault: "arguments", message: `expected a text as ${name}` };
  if (value.length > LONGEST_ARGUMENT)
    return { fault: "too-long", message: `expected at most ${LONGEST_ARGUMENT} characters as ${name}` };
  const kind = tool.arguments.get(name) as ArgumentKind;
  if (kind === "path") return checkPath(tool, value);
  if (kind === "message" || kind === "text") return value.trim().toWellFormed();
  const values = kind === "person" ? [...stage.people].map(([id, one]) => [id, one.name] as const) : pairs(kind.choice);
  const wanted = value.trim().toLowerCase();
  const found = values.find((names) => names.some((one) => one.toLowerCase() === wanted));
  if (found) return found[0];
  return { fault: "arguments", message: `expected as ${name} one of ${values.map(([, shown]) => shown).join(", ")}` };
}

function checkPath({ does }: StageTool, value: string): string | CallFault {
  const path = sandboxPath(value);
  if (path === null) return { fault: "path", message: "expected a path such as folder/name.txt" };
  if (does === "save-note" && !path.startsWith(NOTES))
    return { fault: "path", message: `expected a path in ${NOTES}, nothing else can be written` };
  return path;
}

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
const LONGEST_PATH = 200;

/**
 * A path within the world's files, without a leading `./`; null where it is absolute, leads upwards or home, is encoded,
 * or holds anything but letters, digits, dots, dashes and underscores between its slashes.
 */
export function sandboxPath(value: string): string | null {
  const path = value.trim().replace(/^\.\//, "");
  if (path.length > LONGEST_PATH) return null;
  return path.split("/").every((segment) => SEGMENT.test(segment)) ? path : null;
}

function pairs(choice: readonly string[]): (readonly [string, string])[] {
  return choice.map((one) => [one, one] as const);
}
