import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { tCdf } from "./distributions.ts";
import { clopperPearson } from "./intervals.ts";
import { detectableDifference, pairedPower, pairedSampleSize, proportionSampleSize } from "./power.ts";
import { randomStream } from "./random.ts";
import { mean, variance } from "./summary.ts";

const { power } = reference;

it("E14: power, sample sizes and detectable differences equal statsmodels'", () => {
  for (const { delta, n, alpha, power: expected } of power.power) {
    expectAgreement(pairedPower(delta, 1, n, alpha), expected);
    expectAgreement(pairedPower(-3 * delta, 3, n, alpha), expected);
  }
  for (const { delta, power: target, n } of power.sampleSize)
    expect(pairedSampleSize(delta, 1, { power: target })).toBe(n);
  for (const { n, delta } of power.detectable) expectAgreement(detectableDifference(1, n), delta);
});

it("E14: the n that keeps a Clopper–Pearson end below a limit is the first that statsmodels finds", () => {
  for (const { limit, rate, n } of power.proportion) expect(proportionSampleSize(limit, { rate })).toBe(n);
});

it("E10: 72 units without an event keep the upper end below 0.05, and 71 do not", () => {
  expect(proportionSampleSize(0.05)).toBe(72);
  expect(clopperPearson(0, 72)[1]).toBeLessThan(0.05);
  expect(clopperPearson(0, 71)[1]).toBeGreaterThan(0.05);
});

it("E11: power is what a simulation of the test finds", () => {
  const stream = randomStream(4, "power");
  const [delta, n, runs] = [0.7, 12, 2_000];
  let found = 0;
  for (let run = 0; run < runs; run += 1) {
    const sample = Array.from({ length: n }, () => delta + stream.normal());
    const t = Math.abs(mean(sample)) / Math.sqrt(variance(sample) / n);
    if (2 * tCdf(-t, n - 1) <= 0.05) found += 1;
  }
  const expected = pairedPower(delta, 1, n);
  expect(Math.abs(found / runs - expected)).toBeLessThan(3 * Math.sqrt((expected * (1 - expected)) / runs));
});

it("E11: power rises with n and with the difference, and sizes and differences undo it", () => {
  const settings = fc.record({
    delta: fc.double({ min: 0.05, max: 3, noNaN: true }),
    n: fc.integer({ min: 2, max: 300 }),
    target: fc.constantFrom(0.5, 0.8, 0.95),
    alpha: fc.constantFrom(0.01, 0.05),
  });
  fc.assert(
    fc.property(settings, ({ delta, n, target, alpha }) => {
      const found = pairedPower(delta, 1, n, alpha);
      expect(found).toBeGreaterThanOrEqual(alpha - 1e-12);
      expect(found).toBeLessThanOrEqual(1 + 1e-12);
      expect(pairedPower(delta, 1, n + 1, alpha)).toBeGreaterThanOrEqual(found - 1e-12);
      expect(pairedPower(delta * 1.1, 1, n, alpha)).toBeGreaterThanOrEqual(found - 1e-12);
      const needed = pairedSampleSize(delta, 1, { power: target, alpha }) as number;
      expect(pairedPower(delta, 1, needed, alpha)).toBeGreaterThanOrEqual(target);
      if (needed > 2) expect(pairedPower(delta, 1, needed - 1, alpha)).toBeLessThan(target);
      const seen = detectableDifference(2, n, { power: target, alpha });
      expect(pairedPower(seen, 2, n, alpha)).toBeCloseTo(target, 10);
    }),
    { seed: 5, numRuns: 25 },
  );
});

it("E15: too few units, no spread, no difference and NaN are as stated", () => {
  expect([pairedPower(1, 1, 0), pairedPower(1, 1, 1)]).toEqual([0, 0]);
  expect([pairedPower(1, 0, 5), pairedPower(0, 0, 5, 0.1), pairedPower(Number.NaN, 1, 5)]).toEqual([
    1,
    0.1,
    Number.NaN,
  ]);
  expect(pairedPower(0, 1, 5)).toBeCloseTo(0.05, 12);
  expect(pairedSampleSize(0, 1)).toBeNull();
  expect(pairedSampleSize(0.1, 1, { maximum: 786 })).toBeNull();
  expect(pairedSampleSize(0.1, 1, { maximum: 787 })).toBe(787);
  expect([pairedSampleSize(1, 0), pairedSampleSize(1, 0, { maximum: 1 })]).toEqual([2, null]);
  expect(detectableDifference(1, 1)).toBe(Number.POSITIVE_INFINITY);
  expect([detectableDifference(0, 9), detectableDifference(1, 9, { power: 0.05 })]).toEqual([0, 0]);
  expect([proportionSampleSize(0), proportionSampleSize(0.2, { rate: 0.2 }), proportionSampleSize(1)]).toEqual([
    null,
    null,
    1,
  ]);
  expect([proportionSampleSize(0.05, { maximum: 71 }), proportionSampleSize(0.05, { maximum: 0 })]).toEqual([
    null,
    null,
  ]);
  expect(() => pairedSampleSize(Number.NaN, 1)).toThrow(RangeError);
  for (const broken of [-1, Number.NaN]) {
    expect(() => pairedPower(1, broken, 5)).toThrow(RangeError);
    expect(() => pairedPower(1, 1, broken)).toThrow(RangeError);
    expect(() => pairedPower(1, 1, 5, broken)).toThrow(RangeError);
    expect(() => detectableDifference(1, 5, { power: broken })).toThrow(RangeError);
    expect(() => proportionSampleSize(broken)).toThrow(RangeError);
    expect(() => proportionSampleSize(0.5, { rate: broken })).toThrow(RangeError);
  }
});
