import { expect, it } from "vitest";
import { CallError } from "../../model/call-error.ts";
import type { ScoreRequest } from "../../model/language-model.ts";
import { type ScoreWay, scoreReplies } from "./openai-score.ts";

const UNUSED = new AbortController().signal;
const replies = ["one", "two", "three", "four"];
const item = { situation: "s", domain: "d", rank: "equal", arm: "bank", row: "none", replies: [] } as const;
const request = (): ScoreRequest => ({ messages: [{ role: "user", content: "?" }], replies, item });

/** A server that knows one token a reply, and fails at the replies named, once each. */
function serverFailingAt(...failing: string[]) {
  const asked: string[] = [];
  let [now, most] = [0, 0];
  const way: ScoreWay = {
    begin: async () => async (reply) => {
      asked.push(reply);
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      const at = failing.indexOf(reply);
      if (at >= 0) {
        failing.splice(at, 1);
        throw new CallError("later", "server-error", "received HTTP 500");
      }
      const tokens = [
        { token: "?", logProbability: null },
        { token: reply, logProbability: -reply.length },
      ];
      return { tokens, generated: 0, stopped: false, usage: { promptTokens: 2, completionTokens: 1 } };
    },
  };
  return { way, asked, mostAtOnce: () => most };
}

it("R4: replies of a row are asked for one after another, so that calls in flight are requests in flight", async () => {
  const { way, asked, mostAtOnce } = serverFailingAt();
  const { logProbabilities } = await scoreReplies(way, request(), UNUSED);
  expect(logProbabilities).toEqual([-3, -3, -5, -4]);
  expect(asked).toEqual(replies);
  expect(mostAtOnce()).toBe(1);
});

it("R1: a row that failed half-way goes on at the reply that failed, and counts what it used", async () => {
  const { way, asked } = serverFailingAt("three", "four");
  const row = request();
  await expect(scoreReplies(way, row, UNUSED)).rejects.toMatchObject({ code: "server-error" });
  await expect(scoreReplies(way, row, UNUSED)).rejects.toMatchObject({ code: "server-error" });
  const answer = await scoreReplies(way, row, UNUSED);
  expect(answer.logProbabilities).toEqual([-3, -3, -5, -4]);
  expect(answer.usage).toEqual({ promptTokens: 8, completionTokens: 4 });
  expect(asked).toEqual(["one", "two", "three", "three", "four", "four"]);
});
