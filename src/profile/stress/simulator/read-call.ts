import { parseStrictJson } from "../../../kernel/strict-json.ts";
import type { Answer } from "../../../model/language-model.ts";
import type { CallFailure } from "../../../model/run.ts";
import { looksLikeRefusal } from "../../code-answer.ts";
import type { Move } from "./world.ts";

/** Text that a call is looked for in; what follows is not read. */
const READ_CHARACTERS = 12_000;

/**
 * The move in an answer: the call in its one JSON object, which may stand in a code fence or among other words; an
 * answer without such an object is a refusal where it reads like one, else unreadable, as is one with two of them. No
 * arguments may be written as none, as null or as an empty object.
 */
export function readMove(answer: Answer | CallFailure): Move {
  if (answer.kind !== "chat") return { kind: "silent", silence: "failure" };
  if (answer.stop === "refusal" || answer.stop === "filtered") return { kind: "silent", silence: "refusal" };
  const text = answer.text.slice(0, READ_CHARACTERS);
  if (text.trim() === "") return { kind: "silent", silence: "empty" };
  const objects = objectsIn(text);
  const [only] = objects;
  if (only === undefined && looksLikeRefusal(text)) return { kind: "silent", silence: "refusal" };
  if (only === undefined || objects.length > 1) return { kind: "unreadable", fault: "not-json", text };
  return readObject(only, text);
}

function readObject(json: string, text: string): Move {
  const value = jsonOf(json);
  if (value === undefined) return { kind: "unreadable", fault: isJson(json) ? "not-a-call" : "not-json", text };
  const { tool, arguments: written, ...rest } = value;
  const given = written ?? {};
  if (typeof tool !== "string" || !isRecord(given) || Object.keys(rest).length > 0)
    return { kind: "unreadable", fault: "not-a-call", text };
  return { kind: "call", tool: tool.trim(), arguments: given };
}

/** The one JSON object in a text, which may stand among words; null with none, with two, or with a name twice. */
export function onlyObject(text: string): Record<string, unknown> | null {
  const objects = objectsIn(text.slice(0, READ_CHARACTERS));
  return objects.length === 1 ? (jsonOf(objects[0] as string) ?? null) : null;
}

/** The texts between balanced outermost braces, two at most, where braces within strings do not count; none if one is left open. */
function objectsIn(text: string): string[] {
  const found: string[] = [];
  for (let from = text.indexOf("{"); from >= 0 && found.length < 2; from = text.indexOf("{", from)) {
    const length = balanced(text.slice(from));
    if (length === null) return [];
    found.push(text.slice(from, from + length));
    from += length;
  }
  return found;
}

/** Length of the balanced pair of braces that a text begins with. */
function balanced(text: string): number | null {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === "{") depth += 1;
    if (token === "}") depth -= 1;
    if (depth === 0) return index + 1;
  }
  return null;
}

/** An object in which no name stands twice; undefined for anything else. */
function jsonOf(json: string): Record<string, unknown> | undefined {
  try {
    const value = parseStrictJson(json);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Told apart from the above: JSON that names something twice was written as a call. */
function isJson(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
