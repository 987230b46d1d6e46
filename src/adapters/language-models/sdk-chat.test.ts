import { afterEach, expect, it } from "vitest";
import { chatRequest } from "../../../test/conformance/language-model.ts";
import { startAnthropicServer } from "../../../test/conformance/servers/anthropic.ts";
import { startGoogleServer } from "../../../test/conformance/servers/google.ts";
import { type Loopback, startLoopback } from "../../../test/conformance/servers/loopback.ts";
import type { LanguageModel } from "../../model/language-model.ts";
import { openLanguageModel } from "./open-language-model.ts";

const UNUSED = new AbortController().signal;
const KEY = "loopback-key-0123456789";
const ENVIRONMENT = { ANTHROPIC_API_KEY: KEY, GEMINI_API_KEY: KEY };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(spec: string, server: Loopback, prefix: string): Promise<LanguageModel> {
  const model = await openLanguageModel(spec, { baseUrl: server.origin + prefix, environment: ENVIRONMENT, home: "" });
  closing.push(() => model.close(), server.close);
  return model;
}

it("L8: Anthropic's dialect carries system text, limit, temperature and key as documented", async () => {
  const server = await startAnthropicServer(KEY);
  const model = await opened("anthropic:toy", server, "/v1");
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hi" },
    { role: "assistant", content: "Yes?" },
    { role: "user", content: "hello" },
  ] as const;
  const answer = await model.chat?.(chatRequest("", { messages, maximumTokens: 9, temperature: 0.5 }), UNUSED);
  expect(answer).toMatchObject({ text: "B", usage: { promptTokens: 11, completionTokens: 3 } });
  const [asked] = server.asked;
  expect(asked?.headers).toMatchObject({ "x-api-key": KEY, "anthropic-version": "2023-06-01" });
  expect(asked?.body).toMatchObject({
    model: "toy",
    max_tokens: 9,
    temperature: 0.5,
    system: [{ type: "text", text: "Be brief." }],
  });
  expect(asked?.body?.messages).toMatchObject([{ role: "user" }, { role: "assistant" }, { role: "user" }]);
  expect(model.identity).toMatchObject({ reported: "toy-2026-01-01" });
});

it("L8: Google's dialect carries the schema, the seed and the key as documented", async () => {
  const server = await startGoogleServer(KEY);
  const model = await opened("google:toy", server, "/v1beta");
  const schema = { type: "object", properties: { act: { type: "string", enum: ["give"] } }, required: ["act"] };
  expect(await model.chat?.(chatRequest("object", { schema, seed: 7 }), UNUSED)).toMatchObject({
    text: '{"act":"give"}',
  });
  const [asked] = server.asked;
  expect(asked?.headers["x-goog-api-key"]).toBe(KEY);
  expect(asked?.path).not.toContain(KEY);
  expect(asked?.body?.generationConfig).toMatchObject({
    seed: 7,
    maxOutputTokens: 8,
    responseMimeType: "application/json",
    responseSchema: { type: "object" },
  });
});

it("L8: Google's letters are asked for as documented, and read from the first token", async () => {
  const server = await startGoogleServer(KEY, { logprobs: 20 });
  const model = await opened("google:toy", server, "/v1beta");
  await model.prepare?.(UNUSED);
  expect(model.capabilities.letterLogProbabilities).toBe(true);
  expect(model.capabilities.lacks).not.toHaveProperty("letterLogProbabilities");
  const asked = () =>
    server.asked.map(({ body }) => (body as { generationConfig: { logprobs?: number } }).generationConfig.logprobs);
  expect(asked()).toEqual([20]);
  const answer = await model.chat?.(chatRequest("hello", { letters: ["A", "B", "C"] }), UNUSED);
  expect(answer?.letterLogProbabilities).toEqual({ A: -1.75, B: -0.25, C: -5.5 });
  await model.chat?.(chatRequest("hello"), UNUSED);
  expect(asked()).toEqual([20, 20, undefined]);
  expect(Object.keys(server.asked[0]?.headers ?? {}).filter((name) => name.startsWith("x-dashpot"))).toEqual([]);
});

it.each([
  "Logprobs is not enabled for models/toy",
  "responseLogprobs is not supported by this model",
  "Invalid value at 'generation_config.response_logprobs' (TYPE_BOOL)",
])("L8: a model of Google's that refuses candidates is asked by samples, and says so: %s", async (refusal) => {
  const server = await startGoogleServer(KEY, { refusal });
  const model = await opened("google:toy", server, "/v1beta");
  await model.prepare?.(UNUSED);
  expect(model.capabilities.letterLogProbabilities).toBe(false);
  expect(model.capabilities.lacks.letterLogProbabilities).toContain("letters are sampled");
  const before = server.asked.length;
  const answer = await model.chat?.(chatRequest("hello", { letters: ["A", "B"] }), UNUSED);
  expect(answer).toMatchObject({ text: "B" });
  expect(answer).not.toHaveProperty("letterLogProbabilities");
  expect(server.asked).toHaveLength(before + 1);
});

it("L8: candidates that are refused in the middle of a run, by several calls at once, cost the log-probabilities and no answer, and it is told", async () => {
  const server = await startGoogleServer(KEY, { logprobs: 20, answers: 3 });
  const model = await opened("google:toy", server, "/v1beta");
  await model.prepare?.(UNUSED);
  const request = chatRequest("hello", { letters: ["A", "B", "C"] });
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => model.chat?.(request, UNUSED)));
  expect(answers.map((answer) => answer?.text)).toEqual(["B", "B", "B", "B", "B"]);
  expect(answers.filter((answer) => answer?.letterLogProbabilities)).toHaveLength(2);
  expect(model.capabilities.lacks.letterLogProbabilities).toContain("from then on");
});

it("L8: what the provider does not take is told as lacking", async () => {
  const model = await opened("anthropic:toy", await startAnthropicServer(KEY), "/v1");
  await model.prepare?.(UNUSED);
  await model.chat?.(chatRequest("warm"), UNUSED);
  expect(model.capabilities.lacks).toHaveProperty("seed");
  expect(model.capabilities.lacks).toHaveProperty("temperature");
});

it("L8: an answer without content and reason is malformed, not empty", async () => {
  const model = await opened("google:toy", await startLoopback(() => ({ json: { candidates: [] } })), "/v1beta");
  await expect(model.chat?.(chatRequest("hello"), UNUSED)).rejects.toMatchObject({
    scope: "later",
    code: "malformed-answer",
  });
});

it.each([
  ["anthropic:toy", "/v1", startAnthropicServer, "ANTHROPIC_API_KEY"],
  ["google:toy", "/v1beta", startGoogleServer, "GOOGLE_GENERATIVE_AI_API_KEY"],
] as const)(
  "L9: a key that %s refuses is one coded error that names the variable",
  async (spec, prefix, start, variable) => {
    const model = await opened(spec, await start("another key"), prefix);
    const error = await model.prepare?.(UNUSED).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "DashpotError", code: "key-refused", fix: expect.stringContaining(variable) });
    expect((error as Error).message).toContain(variable);
  },
);
