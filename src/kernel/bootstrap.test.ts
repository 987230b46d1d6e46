import { expect, it } from "vitest";
import { bootstrapIntervals } from "./bootstrap.ts";
import { randomStream } from "./random.ts";

const share = (weights: Float64Array) => (weights[0] as number) / ((weights[0] as number) + (weights[1] as number));

it("K3: intervals of a share lie where the binomial's quantiles are, the same for the same stream", () => {
  const once = () =>
    bootstrapIntervals(Float64Array.of(30, 70), [share], { stream: randomStream(1, "bootstrap"), draws: 4000 });
  const [{ interval, undefinedDraws } = { interval: null, undefinedDraws: -1 }] = once();
  expect(undefinedDraws).toBe(0);
  // Quantiles of a binomial of 100 and 0.3 are 21 and 39.
  expect(interval?.[0]).toBeCloseTo(0.21, 1);
  expect(interval?.[1]).toBeCloseTo(0.39, 1);
  expect(once()).toEqual([{ interval, undefinedDraws }]);
});

it("K3: intervals of a share of sixty units cover about 95 % of 400 truths", () => {
  const stream = randomStream(2, "coverage");
  let covered = 0;
  for (let run = 0; run < 400; run += 1) {
    const successes = Array.from({ length: 60 }, () => stream.uniform() < 0.4).filter(Boolean).length;
    const [found] = bootstrapIntervals(Float64Array.of(successes, 60 - successes), [share], { stream, draws: 500 });
    const [low, high] = found?.interval ?? [1, 0];
    if (low <= 0.4 && 0.4 <= high) covered += 1;
  }
  expect(covered / 400).toBeGreaterThan(0.9);
  expect(covered / 400).toBeLessThan(0.98);
});

it("K3: draws without a value are counted; where there are too many, there is no interval", () => {
  const seldom = (weights: Float64Array) => ((weights[1] as number) === 0 ? Number.NaN : 1);
  const intervals = (weights: Float64Array) =>
    bootstrapIntervals(weights, [seldom], { stream: randomStream(3, "seldom"), draws: 1000 })[0];
  expect(intervals(Float64Array.of(9, 1))?.interval).toBeNull();
  expect(intervals(Float64Array.of(5, 5))).toMatchObject({ interval: [1, 1] });
  expect(() => bootstrapIntervals(Float64Array.of(1), [share], { stream: randomStream(1), level: 1 })).toThrow(
    RangeError,
  );
  expect(() => bootstrapIntervals(Float64Array.of(1), [share], { stream: randomStream(1), draws: 0 })).toThrow(
    RangeError,
  );
});
