import { expect, it } from "vitest";
import { letterLogProbabilities } from "./letters.ts";

const top = (...pairs: [string, number | null][]) =>
  pairs.map(([token, p]) => ({ token, logprob: p === null ? null : Math.log(p) }));

it("A7: a letter's probability is summed over the tokens that say it", () => {
  const found = letterLogProbabilities(
    top(["A", 0.25], [" A", 0.125], ["(A", 0.0625], ["**A", 0.03125], ["▁B", 0.25], ["C.", 0.125], ["The", 0.15]),
    ["A", "B", "C", "D"],
  );
  expect(Math.exp(found?.A ?? 0)).toBeCloseTo(0.46875, 12);
  expect(Math.exp(found?.B ?? 0)).toBeCloseTo(0.25, 12);
  expect(Math.exp(found?.C ?? 0)).toBeCloseTo(0.125, 12);
  expect(found).not.toHaveProperty("D");
});

it("A7: where a letter that is not among the candidates could weigh, the letters are not told, though the endpoint tells some", () => {
  const letters = ["A", "B", "C", "D", "E", "F"];
  // Five of six letters, nearly even: the sixth may be as likely as the fifth.
  expect(letterLogProbabilities(top(["A", 0.18], ["B", 0.18], ["C", 0.18], ["D", 0.18], ["E", 0.18]), letters)).toEqual(
    {},
  );
  // Nothing is left for it, or the last candidate was unlikely already.
  expect(letterLogProbabilities(top(["A", 0.6], ["B", 0.399]), letters)).toHaveProperty("B");
  expect(letterLogProbabilities(top(["A", 0.6], ["B", 0.2], ["The", 0.001]), letters)).toHaveProperty("B");
  // All letters are there.
  expect(letterLogProbabilities(top(["A", 0.5], ["B", 0.2]), ["A", "B"])).toHaveProperty("B");
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
