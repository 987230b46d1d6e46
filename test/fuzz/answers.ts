import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import fc from "fast-check";
import { systemClock } from "../../src/adapters/clock.ts";
import { storable } from "../../src/adapters/journal-records.ts";
import { probeAlignment } from "../../src/adapters/language-models/alignment-probe.ts";
import { errorInside, httpFailure } from "../../src/adapters/language-models/http-failure.ts";
import type { HttpTransport } from "../../src/adapters/language-models/http-transport.ts";
import { letterLogProbabilities } from "../../src/adapters/language-models/letters.ts";
import {
  parseAppliedTemplate,
  parseChatCompletion,
  parseCompletionLogprobs,
  parsePromptLogprobs,
  type ScoredPrompt,
} from "../../src/adapters/language-models/openai-answers.ts";
import { replyScore } from "../../src/adapters/language-models/reply-tokens.ts";
import { retryAfterMs } from "../../src/adapters/language-models/retry-after.ts";
import { SdkChatModel, transportFetch } from "../../src/adapters/language-models/sdk-chat.ts";
import type { Answer, ChatAnswer, ChatRequest, ModelIdentity } from "../../src/model/language-model.ts";
import { shownText } from "../../src/model/shown-text.ts";
import { codeChoice, codeSelf, parseLetter } from "../../src/profile/code-answer.ts";
import { designCalls, selfCalls } from "../../src/profile/design.ts";
import { readMove } from "../../src/profile/play-dyad.ts";
import { fixtureBank } from "../fixtures/bank.ts";
import { fixturePlan } from "../fixtures/simulate-run.ts";
import { mutatedJson, mutatedJsonText, mutatedText, ODD_TEXTS } from "./mutations.ts";
import { target } from "./target.ts";

const bank = fixtureBank({ domains: 1, dyads: 0 });
const plan = fixturePlan(bank, { format: "choice" });
const choiceCall = designCalls(bank, plan).find((call) => call.kind === "chat");
const selfCall = selfCalls(plan)[0];
if (!choiceCall || !selfCall) throw new Error("expected a choice and a self-report call in the design");

/** What a run does with an answer: stores it, and reads letter, rating and move from it. */
function used(answer: Answer): Answer {
  const stored = storable(answer, "fuzz");
  if (JSON.stringify(stored) !== JSON.stringify(JSON.parse(JSON.stringify(stored))))
    throw new Error("expected an answer that JSON keeps");
  if (stored.kind === "chat") readAs(stored);
  return stored;
}

function readAs(answer: ChatAnswer): void {
  const { probability } = codeChoice(choiceCall as Extract<typeof choiceCall, { kind: "chat" }>, answer);
  if (probability && !(Math.abs(probability.reduce((sum, one) => sum + one, 0) - 1) < 1e-9))
    throw new Error(`expected probabilities, received ${probability}`);
  codeSelf(selfCall as NonNullable<typeof selfCall>, answer);
  const { model } = readMove(answer, ["bread", "wood"]);
  if (model && model.object !== null && !["bread", "wood"].includes(model.object))
    throw new Error(`expected a listed object, received ${model.object}`);
}

const CHAT = {
  id: "chatcmpl-1",
  model: "toy-1",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "B", refusal: null },
      finish_reason: "stop",
      logprobs: {
        content: [
          {
            token: "B",
            logprob: -0.1,
            top_logprobs: [
              { token: "B", logprob: -0.1 },
              { token: " A", logprob: -3 },
            ],
          },
        ],
      },
    },
  ],
  usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
};
const PARTS = {
  choices: [
    {
      message: { content: [{ type: "text", text: '{"act":"give","object":"bread","for":null}' }] },
      finish_reason: "length",
    },
  ],
};

export const chatCompletions = target({
  name: "chat-completions",
  parsers: "`parseChatCompletion`, `storable`, `codeChoice`, `codeSelf`, `readMove`",
  input: mutatedJson([CHAT, PARTS]),
  put: (value) => used(parseChatCompletion(value, ["A", "B", "C", "D", "E", "F"]).answer),
});

const TOKENS = ["One", " reply", " of", " four", " words", "."];
const VALUES = [null, -3, -2.5, -0.25, -1, -0.5];
const ECHO = {
  choices: [{ finish_reason: "length", logprobs: { tokens: TOKENS, token_logprobs: VALUES } }],
  usage: { prompt_tokens: 5, completion_tokens: 1 },
};
const PROMPT = {
  prompt_logprobs: TOKENS.map((decoded_token, index) =>
    index === 0 ? null : { [String(index)]: { logprob: VALUES[index], decoded_token } },
  ),
  usage: { prompt_tokens: 5, completion_tokens: 1 },
};
const ODD_TOKENS = ["bytes:\\xe2\\x80", "\u2581of", "Ġof", "\ud83d", "bytes:\\x", ...ODD_TEXTS];

export const promptLogProbabilities = target({
  name: "prompt-logprobs",
  parsers: "`parseCompletionLogprobs`, `parsePromptLogprobs`, `parseAppliedTemplate`, `replyScore`, `probeAlignment`",
  input: fc.tuple(
    mutatedJson([ECHO, PROMPT, { prompt: "x" }]),
    fc.constantFrom(" of four words", "words.", ...ODD_TOKENS),
  ),
  put: async ([value, reply]) => {
    const scored = parsedAny(value);
    if (typeof scored === "string") return scored;
    const { logProbability, tokens } = replyScore(scored, reply);
    if (logProbability !== null && !Number.isFinite(logProbability))
      throw new Error(`expected a finite sum, received ${logProbability}`);
    used({ kind: "score", logProbabilities: [logProbability], tokens: [tokens], usage: scored.usage });
    return probeAlignment(async () => scored);
  },
});

function parsedAny(value: unknown): ScoredPrompt | string {
  if (typeof value === "object" && value !== null && "prompt_logprobs" in value) return parsePromptLogprobs(value);
  if (typeof value === "object" && value !== null && "prompt" in value) return parseAppliedTemplate(value);
  return parseCompletionLogprobs(value);
}

export const letters = target({
  name: "letters",
  parsers: "`letterLogProbabilities`",
  input: fc.array(
    fc.record({
      token: fc.oneof(fc.constantFrom("A", " B", "(C)", "**D", "E.", "▁F", ...ODD_TOKENS), fc.string({ maxLength: 5 })),
      logprob: fc.option(fc.double()),
    }),
    { maxLength: 20 },
  ),
  put: (candidates) => {
    const found = letterLogProbabilities(candidates, ["A", "B", "C", "D", "E", "F"]);
    if (Object.values(found ?? {}).some((log) => !(log <= 0 && log > Number.NEGATIVE_INFINITY)))
      throw new Error(`expected log-probabilities, received ${JSON.stringify(found)}`);
    return found;
  },
});

const SECRET = "sk-secret-in-the-fuzz-0123456789";
const ENDPOINT = { address: "http://localhost/v1", model: "m", keyVariable: "OPENAI_API_KEY", secrets: [SECRET] };
const FAILURES = [
  {
    error: {
      message: `Incorrect API key provided: ${SECRET}`,
      type: "invalid_request_error",
      param: null,
      code: "invalid_api_key",
    },
  },
  { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
  {
    error: {
      code: 429,
      message: "exhausted",
      status: "RESOURCE_EXHAUSTED",
      details: [{ "@type": "RetryInfo", retryDelay: "34s" }],
    },
  },
  { detail: [{ loc: ["body", "messages"], msg: "field required", type: "value_error" }] },
];
const pause = fc.constantFrom(
  "2",
  "0.5",
  "-1",
  "1e9",
  "soon",
  "Wed, 21 Oct 2026 07:28:00 GMT",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  ...ODD_TEXTS,
);

export const httpFailures = target({
  name: "http-failures",
  parsers: "`httpFailure`, `errorInside`, `retryAfterMs`",
  input: fc.record({
    status: fc.oneof(
      fc.constantFrom(400, 401, 402, 403, 404, 408, 422, 429, 500, 503),
      fc.integer({ min: 100, max: 999 }),
    ),
    headers: fc.record({ "retry-after": pause, "retry-after-ms": pause }, { requiredKeys: [] }),
    text: fc.oneof(
      mutatedJsonText(FAILURES),
      mutatedText([`<html>${SECRET}</html>`, JSON.stringify(FAILURES[0])], [SECRET, `Bearer ${SECRET}`]),
    ),
  }),
  put: (answer) => {
    const waitMs = retryAfterMs(answer.headers, 0);
    if (waitMs !== undefined && !(waitMs >= 0 && waitMs <= 3_600_000))
      throw new Error(`expected a pause of up to an hour, received ${waitMs}`);
    const inside = errorInside(jsonOf(answer.text), ENDPOINT, 0);
    for (const failure of [inside, httpFailure(answer, ENDPOINT, 0)]) if (failure) harmless(failure.message);
    throw httpFailure(answer, ENDPOINT, 0);
  },
});

function harmless(message: string): void {
  if (message.includes(SECRET) || message.length > 600 || shownText(message, 600) !== message)
    throw new Error(`expected a short harmless message without the key, received ${JSON.stringify(message)}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ANTHROPIC = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "toy-1",
  content: [{ type: "text", text: "B" }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 2, cache_creation_input_tokens: 1, cache_read_input_tokens: 8, output_tokens: 3 },
};
const LOGPROBS = { topCandidates: [{ candidates: [{ token: "B", tokenId: 1, logProbability: -0.5 }] }] };
const GOOGLE = {
  candidates: [
    { index: 0, content: { role: "model", parts: [{ text: "B" }] }, finishReason: "STOP", logprobsResult: LOGPROBS },
  ],
  usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 2, thoughtsTokenCount: 1, totalTokenCount: 14 },
  modelVersion: "toy-1",
};
const request: ChatRequest = {
  messages: [{ role: "user", content: "?" }],
  item: choiceCall.request.item,
  maximumTokens: 8,
  temperature: 1,
  seed: 1,
  letters: ["A", "B"],
};

let said = "";
/** Answers with what a case says, in place of a server. */
const transport = {
  exchange: async () => ({ status: 200, headers: {}, text: said }),
  close: async () => {},
} as unknown as HttpTransport;
const fetched = transportFetch(transport);
const native = (provider: ModelIdentity["provider"], model: ConstructorParameters<typeof SdkChatModel>[0]["model"]) =>
  new SdkChatModel({
    identity: { spec: `${provider}:toy`, provider, name: "toy", endpoint: "http://localhost" },
    transport,
    model,
    clock: systemClock,
    stopOf: () => undefined,
  });
const MODELS = {
  anthropic: native(
    "anthropic",
    createAnthropic({ apiKey: "k", baseURL: "http://localhost/v1", fetch: fetched })("toy"),
  ),
  google: native(
    "google",
    createGoogleGenerativeAI({ apiKey: "k", baseURL: "http://localhost/v1beta", fetch: fetched })("toy"),
  ),
};

export const nativeAnswers = target({
  name: "native-answers",
  parsers: "Anthropic's and Google's answers: `SdkChatModel.chat`, `storable`",
  input: fc.oneof(
    mutatedJsonText([ANTHROPIC]).map((text) => ({ dialect: "anthropic" as const, text })),
    mutatedJsonText([GOOGLE, { promptFeedback: { blockReason: "SAFETY" } }]).map((text) => ({
      dialect: "google" as const,
      text,
    })),
  ),
  put: async ({ dialect, text }) => {
    said = text;
    return used(await MODELS[dialect].chat(request, new AbortController().signal));
  },
});

const MOVES = [
  '{"act":"give","object":"bread","for":null}',
  'I will {"act": "take", "object": "WOOD", "for": "bread"} now',
  '```json\n{"act":"nothing"}\n```',
  "B",
  "Answer: (B).",
  "5 out of 7",
  "I cannot do that.",
];
const MOVE_WORDS = [
  "{",
  "}",
  '"',
  "\\",
  '{"',
  '"act"',
  '"object":',
  "[",
  "give",
  "(A)",
  "**",
  "answer is ",
  "7/7",
  "i can't ",
];

export const moves = target({
  name: "moves",
  parsers: "`readMove`, `parseLetter`, `codeSelf`",
  input: fc.record({
    text: fc.oneof(
      mutatedText(MOVES, MOVE_WORDS),
      fc.array(fc.constantFrom(...MOVE_WORDS, ...MOVES), { maxLength: 400 }).map((parts) => parts.join("")),
    ),
    stop: fc.constantFrom<ChatAnswer["stop"]>("stop", "length", "refusal", "filtered", "other"),
  }),
  put: ({ text, stop }) => {
    parseLetter(text);
    return used({ kind: "chat", text, stop, usage: { promptTokens: 1, completionTokens: 1 } });
  },
});
