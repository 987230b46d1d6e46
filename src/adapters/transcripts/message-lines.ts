import { parseStrictJson } from "../../kernel/strict-json.ts";
import { linesOf } from "../text-lines.ts";
import { assistantTexts } from "./chat-messages.ts";
import { fieldsOf, type Transcribed } from "./transcript.ts";

/**
 * Assistants' texts of JSON Lines as OpenAI and Anthropic write them: a conversation a line (`{"messages": […]}`), a
 * single message, a completion, or a line of a batch's results (`custom_id` with `response` or `result`).
 */
export async function* messageLines(path: string): AsyncGenerator<Transcribed> {
  for await (const { line, number } of linesOf(path)) {
    if (line.trim() === "") continue;
    const where = `${path}:${number}`;
    const fields = parsed(line);
    if (fields === null) yield { kind: "malformed", where, what: "no JSON object" };
    else if (typeof fields.unit === "string" && typeof fields.text === "string") yield textRecord(fields, where);
    else yield* assistantTexts(messagesIn(fields), nameOf(fields, number), where);
  }
}

/** `{"unit": …, "text": …, "context"?: …}`, as the CSV table of texts. */
function textRecord({ unit, text, context }: Readonly<Record<string, unknown>>, where: string): Transcribed {
  if (`${unit}`.trim() === "" || `${text}`.trim() === "")
    return { kind: "malformed", where, what: "an empty unit or text" };
  const before = typeof context === "string" && context.trim() !== "" ? { context } : {};
  return { kind: "text", unit: { unit: `${unit}`.trim(), text: `${text}`, ...before } };
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = parseStrictJson(line);
    return Array.isArray(value) ? { messages: value } : fieldsOf(value);
  } catch {
    return null;
  }
}

function nameOf(fields: Readonly<Record<string, unknown>>, number: number): string {
  const named = [fields.custom_id, fields.id].find((id) => typeof id === "string" && id.trim() !== "");
  return typeof named === "string" ? named.trim() : `line-${number}`;
}

/** Wherever the format puts them; undefined where nowhere. */
function messagesIn(fields: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(fields.messages)) return fields.messages;
  if (Array.isArray(fields.choices)) return fields.choices.map((choice) => fieldsOf(choice)?.message);
  if ("role" in fields) return [fields];
  const body =
    fieldsOf(fieldsOf(fields.response)?.body) ?? fieldsOf(fieldsOf(fields.result)?.message) ?? fieldsOf(fields.message);
  return body === null ? undefined : messagesIn(body);
}
