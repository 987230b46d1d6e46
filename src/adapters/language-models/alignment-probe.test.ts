import { expect, it } from "vitest";
import { SCORE_REQUEST } from "../../../test/conformance/language-model.ts";
import { type Dealing, type Flavour, startOpenAiServer } from "../../../test/conformance/servers/openai.ts";
import { openLanguageModel } from "./open-language-model.ts";

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

const WAYS: readonly Flavour[] = ["echo", "llama.cpp", "vllm"];

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
