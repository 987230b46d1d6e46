import { fieldsOf, type Transcribed } from "./transcript.ts";

/** Roles that speak to the model about its task, not to the other party. */
const SCENE: ReadonlySet<string> = new Set(["system", "developer"]);

/** Characters of context that a text is given: what was said last before it. */
const CONTEXT = 2000;

/**
 * Texts of an assistant in a conversation, each with what was said last before it as context. Content is a text or a
 * list of parts, as OpenAI, Anthropic and Inspect write it; what tools are called is passed over, never followed.
 */
export function* assistantTexts(messages: unknown, unit: string, where: string): Generator<Transcribed> {
  if (!Array.isArray(messages)) {
    yield { kind: "malformed", where, what: "no list of messages" };
    return;
  }
  let before = "";
  for (const [place, message] of messages.entries()) {
    const role = fieldsOf(message)?.role;
    const text = textOf(message);
    if (typeof role !== "string" || text === null) {
      yield {
        kind: "malformed",
        where: `${where}, message ${place + 1}`,
        what: typeof role === "string" ? "no content" : "no role",
      };
      continue;
    }
    if (role === "assistant" && text.trim() === "") yield { kind: "apart", what: "turns without text" };
    else if (role === "assistant")
      yield {
        kind: "text",
        unit: { unit: `${unit}#${place + 1}`, text, ...(before === "" ? {} : { context: before }) },
      };
    // What sets the scene names models and conditions, which nobody who codes may know.
    if (text.trim() !== "" && !SCENE.has(role)) before = `${role}: ${text}`.slice(-CONTEXT);
  }
}

/** A message's words; null where it has no content at all, neither words nor calls. */
function textOf(message: unknown): string | null {
  const fields = fieldsOf(message);
  if (fields === null) return null;
  const { content, refusal } = fields;
  if (typeof content === "string") return content;
  if (Array.isArray(content)) return content.map(partText).join("\n").trim();
  if (typeof refusal === "string") return refusal;
  return content === null || "tool_calls" in fields ? "" : null;
}

function partText(part: unknown): string {
  if (typeof part === "string") return part;
  const fields = fieldsOf(part);
  for (const name of ["text", "refusal"]) if (typeof fields?.[name] === "string") return fields[name];
  return "";
}
