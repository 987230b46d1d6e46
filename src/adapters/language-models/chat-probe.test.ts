import { expect, it } from "vitest";
import type { ChatAnswer } from "../../model/language-model.ts";
import { probeChat } from "./chat-probe.ts";
import { letterLogProbabilities } from "./letters.ts";

const SAID: ChatAnswer = { kind: "chat", text: "The", stop: "stop", usage: { promptTokens: 1, completionTokens: 1 } };

it.each([
  ["a letter missing that could weigh, as small models answer", { The: 0.6, A: 0.2 }, true],
  ["both letters", { A: 0.9, B: 0.05 }, true],
  ["words alone, as models that reason first answer", { The: 0.6, Well: 0.2 }, false],
])("L6: by a probe with %s (%j) the endpoint gives letters' log-probabilities: %s", async (_name, told, given) => {
  const candidates = Object.entries(told).map(([token, share]) => ({ token, logprob: Math.log(share) }));
  const { letters } = await probeChat(async (request) => {
    const found = letterLogProbabilities(candidates, request.letters ?? []);
    return { ...SAID, ...(found ? { letterLogProbabilities: found } : {}) };
  });
  expect(letters).toBe(given);
});
