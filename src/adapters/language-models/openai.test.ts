import { expect, it } from "vitest";
import { chatRequest, SCORE_REQUEST } from "../../../test/conformance/language-model.ts";
import type { Loopback } from "../../../test/conformance/servers/loopback.ts";
import { startLoopback } from "../../../test/conformance/servers/loopback.ts";
import { type OpenAiServer, startOpenAiServer } from "../../../test/conformance/servers/openai.ts";
import { toyLogProbabilities, toyTokens } from "../../../test/conformance/servers/toy-model.ts";
import type { LanguageModel } from "../../model/language-model.ts";
import { systemClock } from "../clock.ts";
import { renderChat } from "./chat-template.ts";
import { openLanguageModel } from "./open-language-model.ts";

const UNUSED = new AbortController().signal;
const KEY = "sk-loopback-0123456789abcdef";

interface Used {
  readonly model: LanguageModel;
  readonly server: Loopback;
}

async function using(
  flavour: OpenAiServer["flavour"],
  work: (used: Used) => Promise<void>,
  chatTemplate?: string,
): Promise<void> {
  const server = await startOpenAiServer({ flavour, key: KEY });
  const model = await openLanguageModel("openai:toy", {
    baseUrl: `${server.origin}/v1`,
    environment: { OPENAI_API_KEY: KEY },
    home: "",
    chatTemplate,
  });
  try {
    await work({ model, server });
  } finally {
    await model.close();
    await server.close();
  }
}

it.each(["vllm", "llama.cpp proposed", "echo"] as const)(
  "L6: scores over %s are the model's own, to the bit",
  (flavour) =>
    using(
      flavour,
      async ({ model }) => {
        await model.prepare?.(UNUSED);
        const answer = await model.score?.(SCORE_REQUEST, UNUSED);
        const prefix = renderChat("chatml", SCORE_REQUEST.messages);
        const expected = SCORE_REQUEST.replies.map((reply) => {
          const values = toyLogProbabilities(toyTokens(prefix + reply)).slice(-toyTokens(reply).length);
          return values.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0);
        });
        expect(answer?.logProbabilities).toEqual(expected);
        expect(answer?.tokens).toEqual(SCORE_REQUEST.replies.map((reply) => toyTokens(reply).length));
        const prompts = SCORE_REQUEST.replies.map((reply) => toyTokens(prefix + reply).length);
        expect(answer?.usage).toEqual({
          promptTokens: prompts.reduce((a, b) => a + b),
          completionTokens: SCORE_REQUEST.replies.length,
        });
      },
      flavour === "echo" ? "chatml" : undefined,
    ),
);

it("L6: letters are summed over the first token's candidates", () =>
  using("ollama", async ({ model }) => {
    const answer = await model.chat?.(chatRequest("hello", { letters: ["A", "B", "C"] }), UNUSED);
    expect(answer?.letterLogProbabilities).toEqual({ A: Math.log(0.25), B: Math.log(0.625) });
  }));

it("L6: what a server refuses is asked for once more without, and never again", () =>
  using("bare", async ({ model, server }) => {
    await model.chat?.(chatRequest("hello", { letters: ["A"], schema: { type: "object" } }), UNUSED);
    const before = server.asked.length;
    await model.chat?.(chatRequest("hello", { letters: ["A"], schema: { type: "object" } }), UNUSED);
    expect(server.asked).toHaveLength(before + 1);
    expect(server.asked.at(-1)?.body).toEqual({
      model: "toy",
      messages: [{ role: "user", content: "hello" }],
      max_tokens: 8,
    });
    await model.prepare?.(UNUSED);
    expect(Object.keys(model.capabilities.lacks).sort()).toEqual([
      "letterLogProbabilities",
      "response_format",
      "score",
      "seed",
      "temperature",
    ]);
  }));

it.each(["bare", "openai"] as const)(
  "L6: calls that were under way when %s first refused a parameter are put again too",
  (flavour) =>
    using(flavour, async ({ model }) => {
      const ask = () => model.chat?.(chatRequest("hello", { letters: ["A"] }), UNUSED);
      const answers = await Promise.all(Array.from({ length: 8 }, ask));
      expect(answers.map((answer) => answer?.text)).toEqual(Array(8).fill("B"));
    }),
);

it("L6: a server that refuses max_tokens gets max_completion_tokens", () =>
  using("openai", async ({ model, server }) => {
    await model.chat?.(chatRequest("hello"), UNUSED);
    expect(server.asked.at(-1)?.body).toMatchObject({ max_completion_tokens: 8, seed: 1, temperature: 1 });
    expect(server.asked.at(-1)?.body).not.toHaveProperty("max_tokens");
  }));

it("L6: a model that reasons before it answers is given room to, and the user is told", () =>
  using("reasoning", async ({ model, server }) => {
    await model.prepare?.(UNUSED);
    expect(await model.chat?.(chatRequest("hello"), UNUSED)).toMatchObject({ text: "B", stop: "stop" });
    expect(server.asked.at(-1)?.body).toMatchObject({ max_completion_tokens: 8 + 4096 });
    expect(model.capabilities.lacks).toHaveProperty("short answers");
    // What a budget reserves for each call in flight.
    expect(model.capabilities.reasoningTokens).toBe(4096);
  }));

it("L6: a schema is sent as response_format", () =>
  using("ollama", async ({ model, server }) => {
    const schema = { type: "object", properties: { act: { enum: ["give"] } } };
    expect(await model.chat?.(chatRequest("object", { schema }), UNUSED)).toMatchObject({ text: '{"act":"give"}' });
    expect(server.asked.at(-1)?.body?.response_format).toEqual({
      type: "json_schema",
      json_schema: { name: "answer", strict: true, schema },
    });
  }));

it("L9: the key goes in the Authorization header and nowhere else", () =>
  using("ollama", async ({ model, server }) => {
    await model.chat?.(chatRequest("hello"), UNUSED);
    const [asked] = server.asked;
    expect(asked?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(JSON.stringify([asked?.path, asked?.body, { ...asked?.headers, authorization: "" }])).not.toContain(KEY);
    expect(JSON.stringify([model.identity, model.capabilities])).not.toContain(KEY);
  }));

it("F3: an endpoint that refuses the harmless probe ends the run before it begins", async () => {
  const server = await startLoopback(() => ({ status: 400, json: { error: { message: "no chat template" } } }));
  const model = await openLanguageModel("openai:toy", { baseUrl: server.origin, environment: {}, home: "" });
  await expect(model.prepare?.(UNUSED)).rejects.toMatchObject({
    name: "DashpotError",
    code: "request-refused",
    exit: 2,
  });
  await model.close();
  await server.close();
});

it.each([
  [401, { error: { message: "bad key" } }, "key-refused", "OPENAI_API_KEY"],
  [404, { error: { message: "model not found" } }, "model-unknown", "toy"],
  [404, { detail: "Not Found" }, "address-wrong", "http://127.0.0.1"],
  [503, { error: { message: "Loading model" } }, "endpoint-unavailable", "503"],
])("F3: status %i with %j to the probe is one coded error", async (status, json, code, named) => {
  const server = await startLoopback(() => ({ status, json }));
  const hasty = { ...systemClock, after: (_: number, callback: () => void) => systemClock.after(0, callback) };
  const environment = { OPENAI_API_KEY: KEY };
  const model = await openLanguageModel("openai:toy", { baseUrl: server.origin, environment, home: "", clock: hasty });
  const error = await model.prepare?.(UNUSED).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "DashpotError", code, exit: 2, message: expect.stringContaining(named) });
  await model.close();
  await server.close();
});

it("F2, F3: a page in the place of the first answer may pass; where it stays, the error names the address to correct", async () => {
  const page = { headers: { "content-type": "text/html; charset=utf-8" }, text: "<html>Bad gateway</html>" };
  const hasty = { ...systemClock, after: (_: number, callback: () => void) => systemClock.after(0, callback) };
  for (const [pages, outcome] of [
    [2, undefined],
    [99, { code: "endpoint-unavailable", exit: 2, fix: expect.stringContaining("--base-url") }],
  ] as const) {
    let asked = 0;
    const server = await startLoopback(() => {
      asked += 1;
      const choice = { index: 0, message: { role: "assistant", content: "A" }, finish_reason: "stop" };
      return asked <= pages ? page : { json: { choices: [choice] } };
    });
    const model = await openLanguageModel("openai:toy", {
      baseUrl: server.origin,
      environment: {},
      home: "",
      clock: hasty,
    });
    const error = await model.prepare?.(UNUSED).catch((thrown: unknown) => thrown);
    if (outcome) expect(error).toMatchObject(outcome);
    else expect(error).toBeUndefined();
    await model.close();
    await server.close();
  }
});

it("F2: an error inside an answer of status 200 is an error", async () => {
  const server = await startLoopback(() => ({ json: { error: { code: 429, message: "slow down" } } }));
  const model = await openLanguageModel("openai:toy", { baseUrl: server.origin, environment: {}, home: "" });
  await expect(model.chat?.(chatRequest("hello"), UNUSED)).rejects.toMatchObject({
    scope: "later",
    code: "rate-limited",
  });
  await model.close();
  await server.close();
});
