import { expect, it } from "vitest";
import { binomialDraw, multinomialDraw } from "./multinomial.ts";
import { randomStream } from "./random.ts";

/** Pearson's statistic of draws against the exact binomial, neighbours pooled until ten are expected; and its classes. */
function chiSquare(n: number, p: number, draws: number): { statistic: number; classes: number } {
  const stream = randomStream(1, "binomial", n, String(p));
  const seen = new Float64Array(n + 1);
  for (let draw = 0; draw < draws; draw += 1) {
    const k = binomialDraw(stream, n, p);
    seen[k] = (seen[k] as number) + 1;
  }
  let probability = Math.exp(n * Math.log1p(-p));
  let [statistic, classes, observed, expected] = [0, 0, 0, 0];
  for (let k = 0; k <= n; k += 1) {
    observed += seen[k] as number;
    expected += draws * probability;
    probability *= ((n - k) / (k + 1)) * (p / (1 - p));
    if (expected < 10 && k < n) continue;
    statistic += expected === 0 ? 0 : (observed - expected) ** 2 / expected;
    classes += 1;
    [observed, expected] = [0, 0];
  }
  return { statistic, classes };
}

it.each([
  [5, 0.3],
  [40, 0.02],
  [40, 0.97],
  [100, 0.12],
  [100, 0.5],
  [1000, 0.4],
  [300, 0.08],
])("K3: draws of a binomial of %i and %f are distributed as it is", (n, p) => {
  const { statistic, classes } = chiSquare(n, p, 40_000);
  // Four standard deviations above the mean of χ² with as many degrees of freedom.
  expect(statistic).toBeLessThan(classes + 4 * Math.sqrt(2 * classes));
});

it("K3: certain and impossible events, no trials, and what is no probability", () => {
  const stream = randomStream(1, "edges");
  expect([binomialDraw(stream, 7, 0), binomialDraw(stream, 7, 1), binomialDraw(stream, 0, 0.5)]).toEqual([0, 7, 0]);
  for (const [n, p] of [
    [-1, 0.5],
    [0.5, 0.5],
    [3, Number.NaN],
  ] as const)
    expect(() => binomialDraw(stream, n, p)).toThrow(RangeError);
});

it("K3: a multinomial draw has as many as were asked for, none where the weight is 0, and the right means", () => {
  const weights = Float64Array.of(0, 1, 3, 0, 6, 0);
  const [counts, sums] = [new Float64Array(6), new Float64Array(6)];
  const stream = randomStream(2, "multinomial");
  for (let draw = 0; draw < 4000; draw += 1) {
    multinomialDraw(stream, 50, weights, counts);
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(50);
    counts.forEach((count, place) => {
      sums[place] = (sums[place] as number) + count / 4000;
    });
  }
  expect([sums[0], sums[3], sums[5]]).toEqual([0, 0, 0]);
  for (const [place, mean] of [
    [1, 5],
    [2, 15],
    [4, 30],
  ] as const)
    expect(Math.abs((sums[place] as number) - mean)).toBeLessThan(0.3);
  expect(() => multinomialDraw(stream, 3, new Float64Array(2), counts)).toThrow(RangeError);
});
