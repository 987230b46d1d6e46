import { createHash } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import { type Asked, type Loopback, startLoopback, type Told } from "../conformance/servers/loopback.ts";

export interface AnsweringOptions {
  readonly delayMs?: number;
  /** Answers in place of the usual ones; undefined leaves a request to them. `count` is of all requests, from 1. */
  readonly instead?: (prompt: string, count: number, asked: Asked) => Told | undefined;
}

/**
 * A server of the OpenAI dialect without log-probabilities that answers every kind of question of a run, to one prompt
 * always the same.
 */
export function startAnsweringServer({ delayMs = 0, instead }: AnsweringOptions = {}): Promise<Loopback> {
  let count = 0;
  return startLoopback(async (asked) => {
    count += 1;
    const prompt = promptOf(asked.body);
    const told = instead?.(prompt, count, asked) ?? usual(asked, prompt);
    await after(delayMs);
    return told;
  });
}

/** A chat completion that says a text. */
export function saying(content: string, more: Readonly<Record<string, unknown>> = {}): Told {
  const choice = { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
  const usage = { prompt_tokens: 20, completion_tokens: 2, total_tokens: 22 };
  return { json: { object: "chat.completion", model: "answering-1", choices: [choice], usage, ...more } };
}

/** OpenAI's wording of an error, "Error codes". */
export function refusing(status: number, message: string, code: string | null = null): Told {
  return { status, json: { error: { message, type: "invalid_request_error", param: null, code } } };
}

function usual({ path, body }: Asked, prompt: string): Told {
  if (path !== "/v1/chat/completions") return { status: 404, json: { detail: "Not Found" } };
  if (body && "prompt_logprobs" in body) return refusing(400, "Unrecognized request argument: prompt_logprobs");
  const place = createHash("sha256").update(prompt).digest().readUInt32BE(0);
  if (/Answer with one letter only: A, B, C, D, E or F/.test(prompt)) return saying("ABCDEF"[place % 6] as string);
  if (/Answer with one digit only/.test(prompt)) return saying(String(1 + (place % 7)));
  if (body?.response_format) return saying('{"act":"give","object":"bread","for":null}');
  return saying("A");
}

function promptOf(body: Asked["body"]): string {
  const messages = (body?.messages ?? []) as readonly { readonly content?: unknown }[];
  return messages.map(({ content }) => String(content)).join("\n");
}

/** Calls of the run itself: the probe asks which letter comes first, and for log-probabilities of a prompt. */
export function callsTo({ asked }: Loopback): number {
  return asked.filter(({ path, body }) => path.endsWith("/chat/completions") && !isProbe(body)).length;
}

function isProbe(body: Record<string, unknown> | undefined): boolean {
  return "prompt_logprobs" in (body ?? {}) || /Which letter comes first/.test(JSON.stringify(body));
}
