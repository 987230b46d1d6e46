import { renderChat } from "../../../src/adapters/language-models/chat-template.ts";
import type { ChatMessage } from "../../../src/model/language-model.ts";
import { faultTold } from "./faults.ts";
import { type Asked, type Loopback, startLoopback, type Told } from "./loopback.ts";
import { toyLogProbabilities, toyTokens } from "./toy-model.ts";

/**
 * Servers of the OpenAI dialect as they document themselves.
 *
 * `openai`: refuses `max_tokens`, has no log-probabilities of prompts. `ollama`: chat with log-probabilities, ignores what
 * it does not know. `llama.cpp`: `/apply-template`, `echo` refused as a fault of the server; `llama.cpp proposed`: `echo` with
 * log-probabilities, as pull requests to it have it. `vllm`: `prompt_logprobs`.
 * `reasoning`: refuses temperature and log-probabilities and thinks before it answers. `bare`: refuses all that can be refused.
 */
export type Flavour = "openai" | "ollama" | "llama.cpp" | "llama.cpp proposed" | "vllm" | "reasoning" | "bare" | "echo";

/** How a server with `echo` deals its log-probabilities out: rightly, or in one of the wrong ways. */
export type Dealing = "right" | "one early" | "one late" | "own next" | "constant" | "token missing" | "first dropped";

export interface OpenAiServer {
  readonly flavour: Flavour;
  readonly key: string;
  readonly dealing?: Dealing;
}

export async function startOpenAiServer(server: OpenAiServer): Promise<Loopback> {
  return startLoopback((asked) => tell(server, asked));
}

function tell(server: OpenAiServer, asked: Asked): Told {
  if (asked.path === "/v1/chat/completions") return chat(server, asked.body ?? {});
  if (asked.path === "/v1/completions" && ["llama.cpp proposed", "echo"].includes(server.flavour))
    return completion(server, asked.body ?? {});
  // The program throws "Only no echo is supported", which its server tells as 500.
  if (asked.path === "/v1/completions" && server.flavour === "llama.cpp")
    return { status: 500, json: { error: { code: 500, message: "Only no echo is supported", type: "server_error" } } };
  if (asked.path === "/apply-template" && server.flavour.startsWith("llama.cpp"))
    return { json: { prompt: renderChat("chatml", messagesOf(asked.body ?? {})) } };
  return { status: 404, json: { detail: "Not Found" } };
}

function chat(server: OpenAiServer, body: Record<string, unknown>): Told {
  const messages = messagesOf(body);
  const words = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const fault = faultTold(words, errorBody, server.key);
  if (fault) return fault;
  const refused = REFUSES[server.flavour].find((parameter) => parameter in body);
  if (refused) return { status: 400, json: unsupported(refused) };
  if (server.flavour === "vllm" && "prompt_logprobs" in body)
    return { json: withPromptLogprobs(messages, server.dealing ?? "right") };
  return { json: completionOf(server, words, body) };
}

const REFUSES: Readonly<Record<Flavour, readonly string[]>> = {
  openai: ["max_tokens", "prompt_logprobs", "add_generation_prompt", "continue_final_message"],
  reasoning: ["max_tokens", "temperature", "logprobs", "prompt_logprobs"],
  bare: ["max_completion_tokens", "temperature", "seed", "logprobs", "response_format", "prompt_logprobs"],
  ollama: [],
  "llama.cpp": [],
  "llama.cpp proposed": [],
  vllm: [],
  echo: [],
};

/** OpenAI's wording, "Error codes" and API reference. */
function unsupported(parameter: string): unknown {
  const message = `Unsupported parameter: '${parameter}' is not supported with this model.`;
  return { error: { message, type: "invalid_request_error", param: parameter, code: "unsupported_parameter" } };
}

function errorBody(status: number, message: string): unknown {
  return {
    error: {
      message,
      type: status === 404 ? "invalid_request_error" : "server_error",
      param: null,
      code: status === 404 ? "model_not_found" : null,
    },
  };
}

function completionOf(server: OpenAiServer, words: string, body: Record<string, unknown>): unknown {
  const { message, finish } = SAID[words] ?? { message: { content: "B" }, finish: "stop" };
  const limit = Number(body.max_completion_tokens ?? body.max_tokens);
  const thinks = server.flavour === "reasoning" && limit < 1000;
  const choice = {
    index: 0,
    message: { role: "assistant", refusal: null, ...(thinks ? { content: "" } : message) },
    logprobs: body.logprobs ? { content: [firstToken(Number(body.top_logprobs))] } : null,
    finish_reason: thinks ? "length" : finish,
  };
  const usage = {
    prompt_tokens: 11,
    completion_tokens: 3,
    total_tokens: 14,
    prompt_tokens_details: { cached_tokens: 8 },
  };
  return { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "toy-2026-01-01", choices: [choice], usage };
}

/** What is said to the words of a test. */
const SAID: Readonly<Record<string, { message: Record<string, unknown>; finish: string }>> = {
  empty: { message: { content: null }, finish: "stop" },
  refuse: { message: { content: null, refusal: "I cannot help with that." }, finish: "stop" },
  filter: { message: { content: "" }, finish: "content_filter" },
  "run on": { message: { content: "and so" }, finish: "length" },
  object: { message: { content: '{"act":"give"}' }, finish: "stop" },
  hostile: { message: { content: "\u001b[2J<script>alert(1)</script>" }, finish: "stop" },
  parts: { message: { content: [{ type: "text", text: "B" }] }, finish: "stop" },
};

/** B with 0.5 + 0.125 over two tokens, A with 0.25, and a word that is no letter. */
export const TOP = [
  { token: "B", logprob: Math.log(0.5), bytes: [66] },
  { token: "A", logprob: Math.log(0.25), bytes: [65] },
  { token: " B", logprob: Math.log(0.125), bytes: [32, 66] },
  { token: "a", logprob: Math.log(0.0625), bytes: [97] },
  { token: "\n", logprob: Math.log(0.0615), bytes: [10] },
];

function firstToken(top: number): unknown {
  return { ...TOP[0], top_logprobs: TOP.slice(0, top) };
}

/** vLLM: one entry a prompt token, keyed by its identity; chatml, with the last turn left open. */
function withPromptLogprobs(messages: readonly ChatMessage[], dealing: Dealing): unknown {
  const last = messages.at(-1)?.content ?? "";
  const dealt = deal(toyTokens(renderChat("chatml", messages.slice(0, -1)) + last), dealing);
  const prompt_logprobs = dealt.map(({ token, value }, index) =>
    value === null ? null : { [String(1000 - index)]: { logprob: value, rank: 1, decoded_token: token } },
  );
  const choice = { index: 0, message: { role: "assistant", content: "." }, logprobs: null, finish_reason: "length" };
  return { choices: [choice], prompt_logprobs, usage: { prompt_tokens: dealt.length, completion_tokens: 1 } };
}

/** Completions with `echo`: the prompt's tokens and one generated. */
function completion(server: OpenAiServer, body: Record<string, unknown>): Told {
  const dealt = deal(toyTokens(String(body.prompt)), server.dealing ?? "right");
  const tokens = [...dealt.map(({ token }) => token), "."];
  const token_logprobs = [...dealt.map(({ value }) => value), -1];
  const choice = {
    index: 0,
    text: tokens.join(""),
    logprobs: { tokens, token_logprobs, text_offset: [], top_logprobs: null },
    finish_reason: "length",
  };
  return {
    json: {
      object: "text_completion",
      choices: [choice],
      usage: { prompt_tokens: dealt.length, completion_tokens: 1 },
    },
  };
}

function deal(tokens: readonly string[], dealing: Dealing): { token: string; value: number | null }[] {
  const right = toyLogProbabilities(tokens);
  const value = (index: number): number | null => {
    if (index === 0 && dealing !== "first dropped") return null;
    if (dealing === "one early") return right[index + 1] ?? -1;
    if (dealing === "one late") return right[index - 1] ?? -1;
    // llama-cpp-python: the token's own probability after itself.
    if (dealing === "own next")
      return toyLogProbabilities([...tokens.slice(0, index + 1), tokens[index] as string]).at(-1) ?? -1;
    return dealing === "constant" ? -0.5 : (right[index] ?? null);
  };
  const dealt = tokens.map((token, index) => ({ token, value: value(index) }));
  if (dealing === "token missing") dealt.splice(-3, 1);
  return dealing === "first dropped" ? dealt.slice(1) : dealt;
}

function messagesOf(body: Record<string, unknown>): readonly ChatMessage[] {
  return (body.messages as readonly ChatMessage[] | undefined) ?? [];
}
