import { expect, it } from "vitest";
import { letterLogProbabilities } from "./letters.ts";

const top = (...pairs: [string, number | null][]) =>
  pairs.map(([token, p]) => ({ token, logprob: p === null ? null : Math.log(p) }));

it("A7: a letter's probability is summed over the tokens that say it", () => {
  const found = letterLogProbabilities(
    top(["A", 0.25], [" A", 0.125], ["(A", 0.0625], ["**A", 0.03125], ["▁B", 0.25], ["C.", 0.125]),
    ["A", "B", "C", "D"],
  );
  expect(Math.exp(found?.A ?? 0)).toBeCloseTo(0.46875, 12);
  expect(Math.exp(found?.B ?? 0)).toBeCloseTo(0.25, 12);
  expect(Math.exp(found?.C ?? 0)).toBeCloseTo(0.125, 12);
  expect(found).not.toHaveProperty("D");
});

it("A7: words that begin with a letter, small letters and letters not offered count for nothing", () => {
  expect(
    letterLogProbabilities(top(["a", 0.4], ["Answer", 0.3], ["AB", 0.1], ["G", 0.1], ["", 0.1]), ["A", "B"]),
  ).toBeUndefined();
});

it("A7: what is no log-probability is passed over", () => {
  expect(
    letterLogProbabilities(
      [
        { token: "A", logprob: null },
        { token: "A", logprob: 3 },
        { token: "A", logprob: Number.NaN },
      ],
      ["A"],
    ),
  ).toBeUndefined();
  expect(letterLogProbabilities([{ token: "A", logprob: -9999 }], ["A"])).toBeUndefined();
  expect(letterLogProbabilities(top(["A", 1]), ["A"])).toEqual({ A: 0 });
});
