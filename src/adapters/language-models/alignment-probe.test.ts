import { expect, it } from "vitest";
import { SCORE_REQUEST } from "../../../test/conformance/language-model.ts";
import { type Dealing, type Flavour, startOpenAiServer } from "../../../test/conformance/servers/openai.ts";
import { toyLogProbabilities, toyTokens } from "../../../test/conformance/servers/toy-model.ts";
import { probeAlignment } from "./alignment-probe.ts";
import { openLanguageModel } from "./open-language-model.ts";
import type { TokenScore } from "./openai-answers.ts";

const UNUSED = new AbortController().signal;

async function prepared(flavour: Flavour, dealing: Dealing) {
  const server = await startOpenAiServer({ flavour, key: "k", dealing });
  const model = await openLanguageModel("openai:toy", {
    baseUrl: `${server.origin}/v1`,
    environment: {},
    home: "",
    chatTemplate: flavour === "echo" ? "chatml" : undefined,
  });
  try {
    await model.prepare?.(UNUSED);
    const scored = await model.score?.(SCORE_REQUEST, UNUSED).catch((error: unknown) => error);
    return { capabilities: model.capabilities, scored };
  } finally {
    await model.close();
    await server.close();
  }
}

const WAYS: readonly Flavour[] = ["echo", "llama.cpp proposed", "vllm"];

it.each(WAYS)("L7: %s that deals its log-probabilities out rightly is trusted", async (flavour) => {
  const { capabilities, scored } = await prepared(flavour, "right");
  expect(capabilities).toMatchObject({ score: true, lacks: {} });
  expect(scored).toMatchObject({ kind: "score" });
});

const WRONG: readonly Dealing[] = ["one early", "one late", "own next", "constant", "token missing", "first dropped"];

it.each(WAYS.flatMap((flavour) => WRONG.map((dealing) => [flavour, dealing] as const)))(
  "L7: %s that deals them out wrongly (%s) is refused, and chat goes on",
  async (flavour, dealing) => {
    const { capabilities, scored } = await prepared(flavour, dealing);
    expect(capabilities).toMatchObject({ score: false, chat: true, letterLogProbabilities: true });
    expect(capabilities.lacks.score).toMatch(/^score-misaligned: /);
    expect(scored).toMatchObject({ name: "CallError", scope: "run", code: "score-misaligned" });
  },
);

/** A server's answer for a text, each token's text and value put through a change. */
function answering(change: (token: TokenScore, index: number) => TokenScore) {
  return async (text: string) => {
    const values = toyLogProbabilities(toyTokens(text));
    const tokens = toyTokens(text).map((token, index) => ({ token, logProbability: values[index] ?? null }));
    return {
      tokens: tokens.map(change),
      generated: 0,
      stopped: false,
      usage: { promptTokens: 0, completionTokens: 0 },
    };
  };
}

it("L7: the probe passes the right values, also with the noise of batching", async () => {
  await probeAlignment(answering((token) => token));
  const noise = (value: number | null, index: number) => (value === null ? null : value - 0.2 * (index % 2));
  await probeAlignment(
    answering(({ token, logProbability }, index) => ({ token, logProbability: noise(logProbability, index) })),
  );
});

it("L7: values that fall at the right places are refused where nothing is ever likely", async () => {
  const lower = answering(({ token, logProbability }) => ({
    token,
    logProbability: logProbability === null ? null : logProbability - 5,
  }));
  await expect(probeAlignment(lower)).rejects.toMatchObject({ code: "score-misaligned" });
});

it("L7: right values under the tokens of another text are refused", async () => {
  const other = answering(({ token, logProbability }) => ({ token: token.replace("dog", "cat"), logProbability }));
  await expect(probeAlignment(other)).rejects.toMatchObject({ code: "score-misaligned" });
});

it.each([Number.POSITIVE_INFINITY, 0.5, Number.NaN, null])("L7: the value %s is no log-probability", async (wrong) => {
  const one = answering(({ token, logProbability }, index) => ({
    token,
    logProbability: index === 3 ? wrong : logProbability,
  }));
  await expect(probeAlignment(one)).rejects.toMatchObject({ code: "score-misaligned" });
});
