import { expect, it } from "vitest";
import { expectedLogOdds, smoothedLogOdds } from "./expected-log-odds.ts";
import { randomStream } from "./random.ts";

// Direct sums over binomial distributions in Python: of one chance, and of two groups by a double sum.
it("S11: log-odds that trials show in the mean equal direct sums", () => {
  expect(expectedLogOdds([{ n: 11, chance: 0.1 }]).mean).toBeCloseTo(-2.0861993676492956, 13);
  const groups = [
    { n: 3, chance: 0.2 },
    { n: 5, chance: 0.7 },
  ];
  expect(expectedLogOdds(groups).mean).toBeCloseTo(0.04737707872120151, 13);
});

it("S11: counts of the same chances differ from it by nothing in the mean, near 0 too", () => {
  const drawn = randomStream(3, "trials");
  const groups = [
    { n: 11, chance: 0.02 },
    { n: 22, chance: 0.3 },
  ];
  const runs = 20_000;
  let [total, squares] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    let hits = 0;
    for (const { n, chance } of groups)
      for (let trial = 0; trial < n; trial += 1) if (drawn.uniform() < chance) hits += 1;
    const value = smoothedLogOdds(hits, 33 - hits);
    total += value;
    squares += value * value;
  }
  const { mean, variance } = expectedLogOdds(groups);
  expect(Math.abs(total / runs - mean)).toBeLessThan(0.015);
  expect((squares / runs - (total / runs) ** 2) / variance).toBeCloseTo(1, 1);
});

it("S11: no trials have log-odds 0, sure ones those of their counts; what is no chance is refused", () => {
  expect(expectedLogOdds([])).toEqual({ mean: 0, variance: 0 });
  expect(expectedLogOdds([{ n: 4, chance: 1 }])).toEqual({ mean: Math.log(9), variance: 0 });
  expect(() => expectedLogOdds([{ n: 4, chance: 1.2 }])).toThrow("expected a chance from 0 to 1, received 1.2");
  expect(() => expectedLogOdds([{ n: 1.5, chance: 0.2 }])).toThrow("expected a whole number of trials");
});
