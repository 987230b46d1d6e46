import type { Token } from "node-llama-cpp";
import { expect, it } from "vitest";
import { type Evaluator, scoreTexts } from "../src/adapters/language-models/score-texts.ts";
import type { ScoreAnswer } from "../src/model/language-model.ts";
import { assertSame, benchmark, REQUEST } from "./scenarios/embedded-score.ts";

it("B5: the benchmark is of a row with eighteen replies and stands under its name with its target", () => {
  expect(benchmark).toMatchObject({ name: "embedded-score", stage: "profile", target: ">= 2.5" });
  expect(REQUEST.replies).toHaveLength(18);
  for (const reply of REQUEST.replies) {
    expect(reply.split(" ").length).toBeGreaterThanOrEqual(12);
    expect(reply.split(" ").length).toBeLessThanOrEqual(15);
  }
});

it("B5: answers that are not equal bit for bit, or are none, are refused before anything is timed", () => {
  const answer = (...logProbabilities: (number | null)[]): ScoreAnswer => ({
    kind: "score",
    logProbabilities,
    tokens: [],
    usage: { promptTokens: 0, completionTokens: 0 },
  });
  const right = answer(...REQUEST.replies.map((_, place) => -1 - place));
  expect(() => assertSame(right, right)).not.toThrow();
  const off = answer(-1 - Number.EPSILON, ...right.logProbabilities.slice(1));
  const none = answer(null, ...right.logProbabilities.slice(1));
  for (const wrong of [off, none, answer()]) expect(() => assertSame(right, wrong)).toThrow("expected equal");
  for (const wrong of [none, answer()]) expect(() => assertSame(wrong, wrong)).toThrow("expected equal");
});

it("B5: with the prompt kept a row evaluates less than a third of the tokens", async () => {
  let evaluated = 0;
  const count = (tokens: readonly Token[]) => {
    evaluated += tokens.length;
  };
  const evaluator: Evaluator = {
    eraseFrom: async () => true,
    advance: async (tokens) => count(tokens),
    logProbabilities: async (tokens, targets) => {
      count(tokens);
      return targets.map(() => -1);
    },
    close: async () => {},
  };
  const [prompt, reply] = [tokens(88), tokens(15)];
  const replies = REQUEST.replies.map(() => reply);
  const cost = async (keepPrefix: boolean) => {
    evaluated = 0;
    await scoreTexts(evaluator, prompt, replies, new AbortController().signal, { keepPrefix });
    return evaluated;
  };
  expect(await cost(true)).toBe(87 + 18 * 15);
  expect(await cost(false)).toBe(18 * (87 + 15));
});

function tokens(count: number): Token[] {
  return Array.from({ length: count }, (_, place) => place as Token);
}
