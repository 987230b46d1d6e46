import { expect, it } from "vitest";
import { expectedLogOdds, smoothedLogOdds } from "./expected-log-odds.ts";
import { randomStream } from "./random.ts";

// Direct sums over binomial distributions in Python: of one chance, and of two groups by a double sum.
it("S11: log-odds that trials show in the mean equal direct sums", () => {
  expect(expectedLogOdds([{ n: 11, chance: 0.1 }])).toBeCloseTo(-2.0861993676492956, 13);
  const groups = [
    { n: 3, chance: 0.2 },
    { n: 5, chance: 0.7 },
  ];
  expect(expectedLogOdds(groups)).toBeCloseTo(0.04737707872120151, 13);
});

it("S11: counts of the same chances differ from it by nothing in the mean, near 0 too", () => {
  const drawn = randomStream(3, "trials");
  const groups = [
    { n: 11, chance: 0.02 },
    { n: 22, chance: 0.3 },
  ];
  const runs = 20_000;
  let total = 0;
  for (let run = 0; run < runs; run += 1) {
    let hits = 0;
    for (const { n, chance } of groups)
      for (let trial = 0; trial < n; trial += 1) if (drawn.uniform() < chance) hits += 1;
    total += smoothedLogOdds(hits, 33 - hits);
  }
  expect(Math.abs(total / runs - expectedLogOdds(groups))).toBeLessThan(0.015);
});

it("S11: no trials have log-odds 0, sure ones those of their counts; what is no chance is refused", () => {
  expect(expectedLogOdds([])).toBe(0);
  expect(expectedLogOdds([{ n: 4, chance: 1 }])).toBe(Math.log(9));
  expect(() => expectedLogOdds([{ n: 4, chance: 1.2 }])).toThrow("expected a chance from 0 to 1, received 1.2");
  expect(() => expectedLogOdds([{ n: 1.5, chance: 0.2 }])).toThrow("expected a whole number of trials");
});
