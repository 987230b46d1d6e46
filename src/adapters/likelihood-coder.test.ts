import { expect, it } from "vitest";
import type { Answer } from "../model/language-model.ts";
import type { CallFailure } from "../model/run.ts";
import type { Call } from "../profile/ask.ts";
import { scoresOf } from "./likelihood-coder.ts";

const DESCRIPTIONS = ["neutral", "mode/CS/0"].map((key) => ({ key, prompt: `say ${key}` }));

/** A model that gives a text minus its length, and whose context a long one does not fit. */
function asking(longest: number, asked: Call[] = []) {
  const answer = (call: Call): Answer | CallFailure => {
    asked.push(call);
    const texts = call.kind === "score" ? call.request.replies : [];
    if (texts.some((text) => text.length > longest)) return { kind: "failure", code: "request-refused" };
    const usage = { promptTokens: 1, completionTokens: 1 };
    return { kind: "score", logProbabilities: texts.map((text) => -text.length), tokens: texts.map(() => 2), usage };
  };
  return { ask: async (calls: readonly Call[]) => calls.map(answer) };
}

it("K27: a text that does not fit is missing and spoils no other", async () => {
  const found = await scoresOf(asking(5), DESCRIPTIONS, ["a", "much too long", "abc"]);
  expect(found.map((one) => one?.logProbabilities.get("mode/CS/0"))).toEqual([-1, null, -3]);
  expect(found.map((one) => one?.tokens)).toEqual([2, 0, 2]);
});

it("K27: texts are scored many a call, each description's prompt once for them", async () => {
  const asked: Call[] = [];
  const texts = Array.from({ length: 40 }, (_, at) => `text ${at}`);
  const found = await scoresOf(asking(50, asked), DESCRIPTIONS, texts);
  expect(found).toHaveLength(40);
  expect(asked).toHaveLength(4);
  expect(new Set(asked.map(({ key }) => key)).size).toBe(4);
});

it("K23: a model that was down before it had given all gives none of a text", async () => {
  const down = { ask: async (calls: readonly Call[]) => calls.map(() => null) };
  expect(await scoresOf(down, DESCRIPTIONS, ["a", "b"])).toEqual([null, null]);
});
