import { expect, it } from "vitest";
import { apart, echoedTokens } from "./echoed-tokens.ts";

/** As llama-cpp-python 0.3.36 answers "a b c": each row of probabilities stands one token too early. */
const SHIFTED = {
  choices: [
    {
      logprobs: {
        tokens: ["a", " b", " c"],
        token_logprobs: [null, -9.5, -8.25],
        top_logprobs: [{ a: -7, " b": -1.5, " c": -4 }, { " b": -9.5, " c": -0.5 }, { " c": -8.25 }],
      },
    },
  ],
};

it("L12: what the foreign server tells is read as told, and with its shift undone from the row before", () => {
  expect(echoedTokens(SHIFTED)).toEqual([
    { token: "a", told: null, corrected: null },
    { token: " b", told: -9.5, corrected: -1.5 },
    { token: " c", told: -8.25, corrected: -0.5 },
  ]);
  expect(() => echoedTokens({ choices: [] })).toThrow();
});

it("L12: two evaluations are held apart by the mean and the greatest of their differences, and none is no agreement", () => {
  expect(
    apart([
      [-1, -1.5],
      [-2, -2],
      [-3, -2],
    ]),
  ).toEqual({ pairs: 3, mean: 0.5, most: 1 });
  expect(apart([])).toEqual({ pairs: 0, mean: Number.NaN, most: Number.NEGATIVE_INFINITY });
});
