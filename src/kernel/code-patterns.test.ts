import { expect, it } from "vitest";
import { codePatterns, countsIn } from "./code-patterns.ts";

it("K2: units of like codes are one pattern, whose weight is their number; order of coders counts", () => {
  const coded = codePatterns(
    [
      [0, 1, null],
      [1, 0, null],
      [0, 1, null],
      [null, null, null],
    ],
    2,
  );
  expect(coded.patterns.map((pattern) => [...pattern])).toEqual([
    [0, 1, -1],
    [1, 0, -1],
    [-1, -1, -1],
  ]);
  expect([...coded.weights]).toEqual([2, 1, 1]);
  expect(countsIn(Int32Array.of(2, -1, 2, 0))).toEqual([
    [2, 2],
    [0, 1],
  ]);
});

it("K2: no unit makes no pattern; rows of unequal length and codes out of range are refused", () => {
  expect(codePatterns([], 3)).toMatchObject({ coders: 0, patterns: [] });
  expect(() => codePatterns([[0], [0, 1]], 2)).toThrow(RangeError);
  for (const code of [2, -1, 0.5, Number.NaN]) expect(() => codePatterns([[code]], 2)).toThrow(RangeError);
});
