import { expect, it } from "vitest";
import { invertTest } from "./invert-test.ts";
import { randomStream } from "./random.ts";
import { wildScoreTest, wildWeights } from "./wild-cluster.ts";
import { wildMean } from "./wild-mean.ts";

const weights = wildWeights(8, 999, randomStream(1, "wild-mean"));

it("S9: the interval is what the test does not reject, with the mean within", () => {
  const values = [0.1, 0.4, -0.2, 0.7, 0.3, 0.9, 0.2, 0.5];
  const { mean, low, high, p, n } = wildMean(values, weights);
  const chance = (at: number) =>
    wildScoreTest(
      Float64Array.from(values, (one) => one - at),
      weights,
    );
  expect([mean, n]).toEqual([expect.closeTo(0.3625), 8]);
  expect(p).toBe(chance(0));
  for (const [end, out] of [
    [low as number, -1e-3],
    [high as number, 1e-3],
  ] as const) {
    expect(chance(end - out)).toBeGreaterThan(0.05);
    expect(chance(end + out)).toBeLessThanOrEqual(0.05);
  }
});

it("S9: covers the mean of eight families in 93 to 97 % of runs, normal and skewed", () => {
  for (const [name, draw, truth] of [
    ["normal", (stream: ReturnType<typeof randomStream>) => stream.normal(), 0],
    ["uniform", (stream: ReturnType<typeof randomStream>) => stream.uniform(), 0.5],
  ] as const) {
    const covered = Array.from({ length: 1000 }, (_, run) => {
      const stream = randomStream(2, name, run);
      const { low, high } = wildMean(
        Array.from({ length: 8 }, () => draw(stream)),
        weights,
      );
      return (low as number) <= truth && truth <= (high as number);
    }).filter(Boolean).length;
    expect(covered, name).toBeGreaterThanOrEqual(925);
    expect(covered, name).toBeLessThanOrEqual(975);
  }
});

it("S9: no interval where all are the same, of one family, and of two; no NaN", () => {
  expect(wildMean([0.25, 0.25, 0.25], wildWeights(3, 999, randomStream(3)))).toMatchObject({
    mean: 0.25,
    low: null,
    high: null,
  });
  expect(wildMean([2], wildWeights(2, 99, randomStream(3)))).toEqual({ mean: 2, low: null, high: null, p: 1, n: 1 });
  expect(wildMean([1, 2], wildWeights(2, 999, randomStream(3)))).toMatchObject({ low: null, high: null });
  expect(wildMean([0, 0], wildWeights(2, 99, randomStream(3))).p).toBe(1);
  expect(() => wildMean([], weights)).toThrow(RangeError);
  expect(() => wildMean([1, Number.NaN], weights)).toThrow(RangeError);
});

it("S9: ends are found to a thousandth of the step, and open ones told", () => {
  const [low, high] = invertTest(1, 0.5, (value) => value >= -3 && value <= 1.25);
  expect(low).toBeCloseTo(-3, 2);
  expect(high).toBeCloseTo(1.25, 3);
  expect(invertTest(0, 1, (value) => value <= 2)[0]).toBeNull();
  expect(() => invertTest(0, 0, () => true)).toThrow(RangeError);
});
