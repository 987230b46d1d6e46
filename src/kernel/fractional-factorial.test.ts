import { expect, it } from "vitest";
import { aliasesOf, fractionalFactorial } from "./fractional-factorial.ts";

const letters = (text: string) => [...text].map((letter) => "ABCDEFGHJ".indexOf(letter));
const named = (factors: readonly number[]) => factors.map((factor) => "ABCDEFGHJ"[factor]).join("");
/** Nine factors in 32 runs, of resolution IV, as the tables of Box, Hunter and Hunter give it. */
const nine = fractionalFactorial(5, ["BCDE", "ACDE", "ABDE", "ABCE"].map(letters));

it("S6: a fraction's columns are balanced and orthogonal to each other", () => {
  expect(nine.runs).toHaveLength(32);
  for (let one = 0; one < 9; one += 1) {
    expect(nine.runs.reduce((sum, run) => sum + (run[one] as number), 0)).toBe(0);
    for (let other = 0; other < one; other += 1)
      expect(nine.runs.reduce((sum, run) => sum + (run[one] as number) * (run[other] as number), 0)).toBe(0);
  }
});

it("S6: the defining relation holds in every run, and its shortest word is the resolution", () => {
  expect(nine.words).toHaveLength(15);
  for (const word of nine.words)
    expect(new Set(nine.runs.map((run) => word.reduce((sign, factor) => sign * (run[factor] as number), 1)))).toEqual(
      new Set([1]),
    );
  expect(nine.resolution).toBe(4);
  expect(fractionalFactorial(3, [letters("ABC")]).resolution).toBe(4);
  expect(fractionalFactorial(3, [letters("AB")]).resolution).toBe(3);
  expect(fractionalFactorial(3, [])).toMatchObject({ resolution: Number.POSITIVE_INFINITY, words: [] });
});

it("S6: aliases are what the runs cannot tell apart, by their columns", () => {
  const column = (effect: readonly number[]) =>
    nine.runs.map((run) => effect.reduce((sign, factor) => sign * (run[factor] as number), 1)).join();
  const pairs = Array.from({ length: 9 }, (_, one) => Array.from({ length: one }, (_, other) => [other, one])).flat();
  for (const effect of pairs) {
    const same = pairs.filter((one) => one !== effect && column(one) === column(effect)).map(named);
    expect(aliasesOf(effect, nine, 2).map(named).sort()).toEqual(same.sort());
  }
  for (let factor = 0; factor < 9; factor += 1) expect(aliasesOf([factor], nine, 2)).toEqual([]);
  // Of 2^(4−1) with D = ABC: AB is CD.
  expect(aliasesOf(letters("AB"), fractionalFactorial(3, [letters("ABC")]), 2).map(named)).toEqual(["CD"]);
});

it("S6: generators that are none are refused", () => {
  expect(() => fractionalFactorial(3, [[0]])).toThrow(RangeError);
  expect(() => fractionalFactorial(3, [[0, 3]])).toThrow(RangeError);
  expect(() => fractionalFactorial(3, [[0, 0, 1]])).toThrow(RangeError);
  expect(() =>
    fractionalFactorial(3, [
      [0, 1],
      [1, 0],
    ]),
  ).toThrow(RangeError);
  expect(() => fractionalFactorial(17, [])).toThrow(RangeError);
});
