import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { mean, median, quantile, sum, variance } from "./summary.ts";

const VALUES = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });

it("E14: mean and variance equal exact fractions', median and quantiles NumPy's", () => {
  for (const { values, ...expected } of reference.summaries) {
    expectAgreement(mean(values), expected.mean, { share: 1e-15, floor: 1e-300 });
    expectAgreement(median(values), expected.median, { share: 1e-14 });
    if (expected.variance !== null) expectAgreement(variance(values), expected.variance, { share: 1e-14 });
    for (const { p, x } of expected.quantiles) expectAgreement(quantile(values, p), x, { share: 1e-14 });
  }
});

it("E14: sums are compensated", () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  expect(sum(Array(10).fill(0.1))).toBe(1);
  expect(variance([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBe(30);
});

it("E15: variance does not depend on where zero is, and quantiles lie between the extremes and rise", () => {
  fc.assert(
    fc.property(VALUES, fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
      const scale = 1e-9 * (1 + variance(values));
      expect(Math.abs(variance(values.map((value) => value + shift)) - variance(values))).toBeLessThan(scale);
      const quantiles = [0, 0.1, 0.5, 0.8, 1].map((p) => quantile(values, p));
      for (const [index, value] of quantiles.slice(1).entries()) {
        expect(value).toBeGreaterThanOrEqual((quantiles[index] as number) - 1e-9);
      }
      expect(quantiles[0]).toBe(Math.min(...values));
      expect(quantiles[4]).toBe(Math.max(...values));
    }),
    { seed: 1 },
  );
});

it("E15: summaries of nothing, of one value, of ties and of NaN are as stated", () => {
  expect([mean([]), variance([]), variance([3]), median([]), quantile([], 0.5)]).toEqual(Array(5).fill(Number.NaN));
  expect([sum([]), mean([3]), median([3]), quantile([3], 0.9)]).toEqual([0, 3, 3, 3]);
  expect([variance([0.1, 0.1, 0.1]), quantile([2, 2, 2], 0.3)]).toEqual([0, 2]);
  const broken = [1, Number.NaN, 2];
  expect([sum(broken), mean(broken), variance(broken), median(broken)]).toEqual(Array(4).fill(Number.NaN));
  expect(mean([1, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
  expect(mean([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBeNaN();
  expect(variance([1, Number.POSITIVE_INFINITY])).toBeNaN();
  for (const p of [-0.1, 1.1, Number.NaN]) expect(() => quantile([1], p)).toThrow(RangeError);
});
