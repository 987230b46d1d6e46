import { parseStrictJson } from "../../kernel/strict-json.ts";
import { linesOf } from "../text-lines.ts";
import { fieldsOf, type Transcribed } from "./transcript.ts";

/** What was said last, and in which month of which run. */
interface Said {
  readonly month: string;
  readonly words: string;
}

/** Utterances of GovSim's agents (Piatti et al. 2024), from its events; what the framework says and harvests apart. */
export async function* govsimEvents(path: string): AsyncGenerator<Transcribed> {
  let last: Said = { month: "", words: "" };
  for await (const { line, number } of linesOf(path)) {
    if (line.trim() === "") continue;
    const { transcribed, said } = readEvent(parsed(line), last, `${path}:${number}`);
    yield transcribed;
    last = said ?? last;
  }
}

/** What else there is in the data: whatever a file calls its events must not become so many lines of a summary. */
const KNOWN: ReadonlySet<string> = new Set(["harvesting", "conversation_summary", "conversation_resource_limit"]);

type Event = Readonly<Record<string, unknown>>;

function readEvent(event: Event | null, last: Said, where: string): { transcribed: Transcribed; said?: Said } {
  const malformed = (what: string) => ({ transcribed: { kind: "malformed", where, what } as const });
  const apart = (what: string) => ({ transcribed: { kind: "apart", what } as const });
  if (typeof event?.run !== "string" || typeof event.action !== "string")
    return malformed("no event with run and action");
  if (event.action !== "utterance")
    return apart(KNOWN.has(event.action) ? `events of ${event.action}` : "other events");
  const { text, agent } = event;
  if (typeof text !== "string" || typeof agent !== "string") return malformed("an utterance without text and agent");
  const said = { month: `${event.run} ${event.round}`, words: `${event.name ?? agent}: ${text}` };
  if (agent === "framework") return { ...apart("announcements of the framework"), said };
  if (text.trim() === "") return apart("turns without text");
  const before = last.month === said.month ? { context: last.words } : {};
  return { transcribed: { kind: "text", unit: { unit: `${event.run}/${event.seq}`, text, ...before } }, said };
}

function parsed(line: string): Event | null {
  try {
    return fieldsOf(parseStrictJson(line));
  } catch {
    return null;
  }
}
