import { z } from "zod";
import { CallError } from "../../model/call-error.ts";
import type { ChatAnswer, StopReason, Usage } from "../../model/language-model.ts";
import { letterLogProbabilities } from "./letters.ts";

/** One token and the log-probability that the server says it had, nats; null where there can be none. */
export interface TokenScore {
  readonly token: string;
  readonly logProbability: number | null;
}

export interface ParsedChat {
  readonly answer: ChatAnswer;
  /** The version that the server says answered. */
  readonly reported: string | undefined;
  /** Whether the server said what was used. */
  readonly counted: boolean;
}

export interface ScoredPrompt {
  /** Tokens of the prompt, and behind them what was generated where `generated` is not 0. */
  readonly tokens: readonly TokenScore[];
  readonly generated: number;
  /** The server ended by itself, so that what was generated may be a token without text. */
  readonly stopped: boolean;
  readonly usage: Usage;
}

const usageSchema = z
  .object({
    prompt_tokens: z.number().int().nonnegative().nullish(),
    completion_tokens: z.number().int().nonnegative().nullish(),
  })
  .nullish();

const textSchema = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.string().nullish() }))]).nullish();

const alternativeSchema = z.object({ token: z.string(), logprob: z.number().nullable() });

const chatCompletionSchema = z.object({
  model: z.string().nullish(),
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        message: z.object({ content: textSchema, refusal: z.string().nullish() }),
        logprobs: z
          .object({
            content: z
              .array(
                z.object({
                  token: z.string(),
                  logprob: z.number().nullish(),
                  top_logprobs: z.array(alternativeSchema).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish()
          .catch(null),
      }),
    )
    .min(1),
  usage: usageSchema,
});

/**
 * The answer in a Chat Completion (OpenAI API reference, "The chat completion object"; Ollama, llama.cpp and vLLM leave
 * fields out). Throws a {@link CallError} `malformed-answer`, scope later, on anything else.
 */
export function parseChatCompletion(value: unknown, letters?: readonly string[]): ParsedChat {
  const { choices, usage, model } = parsedAs(chatCompletionSchema, value, "a chat completion");
  const choice = choices[0] as (typeof choices)[number];
  const refusal = choice.message.refusal || undefined;
  const top = choice.logprobs?.content?.[0]?.top_logprobs ?? undefined;
  const byLetter = letters && top ? letterLogProbabilities(top, letters) : undefined;
  const answer: ChatAnswer = {
    kind: "chat",
    text: textOf(choice.message.content) || refusal || "",
    stop: refusal ? "refusal" : stopReason(choice.finish_reason),
    ...(byLetter ? { letterLogProbabilities: byLetter } : {}),
    usage: usageOf(usage),
  };
  return {
    answer,
    reported: model ?? undefined,
    counted: usage?.prompt_tokens != null && usage.completion_tokens != null,
  };
}

const completionSchema = z.object({
  choices: z
    .array(
      z.object({
        finish_reason: z.string().nullish(),
        logprobs: z.object({ tokens: z.array(z.string()), token_logprobs: z.array(z.number().nullable()) }),
      }),
    )
    .min(1),
  usage: usageSchema,
});

/**
 * Tokens of prompt and completion in a Completion asked for with `echo` and `logprobs` (OpenAI API reference, legacy
 * Completions: `logprobs.tokens`, `logprobs.token_logprobs`).
 */
export function parseCompletionLogprobs(value: unknown): ScoredPrompt {
  const { choices, usage } = parsedAs(completionSchema, value, "a completion with log-probabilities");
  const { logprobs, finish_reason } = choices[0] as (typeof choices)[number];
  if (logprobs.tokens.length !== logprobs.token_logprobs.length) {
    throw malformed(
      "a completion with one log-probability a token",
      `${logprobs.tokens.length} tokens and ${logprobs.token_logprobs.length} log-probabilities`,
    );
  }
  const tokens = logprobs.tokens.map((token, index) => ({
    token,
    logProbability: logprobs.token_logprobs[index] ?? null,
  }));
  return { tokens, generated: usage?.completion_tokens ?? 1, stopped: finish_reason === "stop", usage: usageOf(usage) };
}

const promptLogprobsSchema = z.object({
  prompt_logprobs: z.array(
    z.record(z.string(), z.object({ logprob: z.number(), decoded_token: z.string().nullish() })).nullable(),
  ),
  usage: usageSchema,
});

/**
 * Tokens of the prompt in a vLLM chat completion asked for with `prompt_logprobs: 0`: one entry a token, keyed by its
 * identity, null for the first (vllm/entrypoints/openai, `ChatCompletionResponse.prompt_logprobs`).
 */
export function parsePromptLogprobs(value: unknown): ScoredPrompt {
  const { prompt_logprobs, usage } = parsedAs(promptLogprobsSchema, value, "a chat completion with prompt_logprobs");
  const tokens = prompt_logprobs.map((entry, index) => {
    if (entry === null) return { token: "", logProbability: null };
    const candidates = Object.values(entry);
    const only = candidates[0];
    // JSON objects with whole numbers as keys lose their order, so that of several candidates the real one is unknown.
    if (!only || candidates.length > 1)
      throw malformed("one entry a prompt token", `${candidates.length} at token ${index}`);
    return { token: only.decoded_token ?? "", logProbability: only.logprob };
  });
  return { tokens, generated: 0, stopped: false, usage: usageOf(usage) };
}

const appliedSchema = z.object({ prompt: z.string() });

/** The prompt that llama.cpp's `/apply-template` rendered. */
export function parseAppliedTemplate(value: unknown): string {
  return parsedAs(appliedSchema, value, "a rendered prompt").prompt;
}

function parsedAs<Schema extends z.ZodType>(schema: Schema, value: unknown, expected: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw malformed(
    expected,
    `${issue?.code ?? "nothing"} at ${issue?.path.map(String).join(".").slice(0, 80) || "its root"}`,
  );
}

function malformed(expected: string, received: string): CallError {
  return new CallError("later", "malformed-answer", `expected ${expected}, received ${received}`);
}

function usageOf(usage: z.output<typeof usageSchema>): Usage {
  return { promptTokens: usage?.prompt_tokens ?? 0, completionTokens: usage?.completion_tokens ?? 0 };
}

function textOf(content: z.output<typeof textSchema>): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => (part.type === "text" ? (part.text ?? "") : "")).join("");
}

function stopReason(reason: string | null | undefined): StopReason {
  if (reason === "stop" || reason === "length") return reason;
  return reason === "content_filter" ? "filtered" : "other";
}
