import { expect, it } from "vitest";
import type { ScoredPrompt } from "./openai-answers.ts";
import { replyScore } from "./reply-tokens.ts";

const prompt = (tokens: [string, number | null][], generated = 0, stopped = false): ScoredPrompt => ({
  tokens: tokens.map(([token, logProbability]) => ({ token, logProbability })),
  generated,
  stopped,
  usage: { promptTokens: tokens.length, completionTokens: generated },
});

it("A1: a reply's log-probability is the sum over its tokens at the end of the prompt", () => {
  expect(
    replyScore(
      prompt([
        ["Say:", null],
        ["\n", -1],
        ["I", -2],
        [" stay", -3],
        [".", -0.5],
      ]),
      "I stay.",
    ),
  ).toEqual({ logProbability: -5.5, tokens: 3 });
});

it("A1: what was generated behind the prompt is left out, though it repeats the reply's last token", () => {
  const tokens: [string, number | null][] = [
    ["x", null],
    ["ha", -1],
    [" ha", -2],
    [" ha", -8],
  ];
  expect(replyScore(prompt(tokens, 1), "ha ha")).toEqual({ logProbability: -3, tokens: 2 });
});

it("A1: a server that stopped at once may count a token that it does not list", () => {
  expect(
    replyScore(
      prompt(
        [
          ["x", null],
          ["I", -1],
          [" go", -2],
        ],
        1,
        true,
      ),
      "I go",
    ),
  ).toEqual({ logProbability: -3, tokens: 2 });
  expect(
    replyScore(
      prompt(
        [
          ["x", null],
          ["I", -1],
          [" go", -2],
        ],
        1,
        false,
      ),
      "I go",
    ),
  ).toEqual({ logProbability: null, tokens: 0 });
});

it("A1: tokens that lost their blanks, or end inside a character, are still the reply's", () => {
  expect(
    replyScore(
      prompt([
        ["x", null],
        ["▁I", -1],
        ["▁go", -2],
      ]),
      "I go",
    ),
  ).toMatchObject({ logProbability: -3 });
  expect(
    replyScore(
      prompt([
        ["x", null],
        ["I", -1],
        ["go", -2],
      ]),
      "I go",
    ),
  ).toMatchObject({ logProbability: -3 });
  expect(
    replyScore(
      prompt([
        ["x", null],
        ["it", -1],
        ["bytes:\\xe2\\x80", -2],
        ["bytes:\\x99", -1],
        ["s à", -1],
      ]),
      "it’s à",
    ),
  ).toMatchObject({ logProbability: -5, tokens: 4 });
});

it("A1: a reply that begins inside a token, or has a token without a value, has no log-probability", () => {
  expect(
    replyScore(
      prompt([
        ["x", null],
        ["yI", -1],
        [" go", -2],
      ]),
      "I go",
    ),
  ).toEqual({ logProbability: null, tokens: 0 });
  expect(
    replyScore(
      prompt([
        ["I", null],
        [" go", -2],
      ]),
      "I go",
    ),
  ).toEqual({ logProbability: null, tokens: 2 });
  expect(
    replyScore(
      prompt([
        ["x", null],
        ["I", -1],
        [" stay", -2],
      ]),
      "I go",
    ),
  ).toEqual({ logProbability: null, tokens: 0 });
  expect(replyScore(prompt([["x", null]]), "")).toEqual({ logProbability: null, tokens: 0 });
});
