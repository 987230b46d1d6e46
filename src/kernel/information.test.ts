import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { effectiveNumber, entropy, jensenShannon, mutualInformation } from "./information.ts";

const { information } = reference;
const WEIGHTS = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 6, maxLength: 6 })
  .filter((weights) => weights.some((weight) => weight > 0));

it("E14: entropy and Jensen–Shannon divergence equal SciPy's, mutual information scikit-learn's", () => {
  for (const { p, q, ...expected } of information.pairs) {
    expectAgreement(entropy(p), expected.entropy);
    expectAgreement(effectiveNumber(p), Math.exp(expected.entropy));
    expectAgreement(jensenShannon(p, q), expected.jensenShannon);
  }
  for (const { table, value } of information.mutualInformation) expectAgreement(mutualInformation(table), value);
});

it("E5: entropy, effective number and divergence keep to their ranges, and do not depend on the unit", () => {
  fc.assert(
    fc.property(WEIGHTS, WEIGHTS, fc.constantFrom(1e-3, 7), (p, q, unit) => {
      expect(entropy(p)).toBeGreaterThanOrEqual(0);
      expect(entropy(p)).toBeLessThanOrEqual(Math.log(6) + 1e-12);
      expect(effectiveNumber(p)).toBeGreaterThanOrEqual(1);
      expect(Math.abs(entropy(p.map((weight) => weight * unit)) - entropy(p))).toBeLessThan(1e-12);
      const divergence = jensenShannon(p, q);
      expect(divergence).toBeGreaterThanOrEqual(0);
      expect(divergence).toBeLessThanOrEqual(Math.LN2);
      expect(Math.abs(jensenShannon(q, p) - divergence)).toBeLessThan(1e-12);
      expect(jensenShannon(p, p)).toBeLessThan(1e-15);
    }),
    { seed: 1 },
  );
});

it("E5: mutual information is 0 without dependence, and the entropy of the rows with complete dependence", () => {
  fc.assert(
    fc.property(WEIGHTS, WEIGHTS, (p, q) => {
      expect(mutualInformation(p.map((row) => q.map((column) => row * column)))).toBeLessThan(1e-12);
      const diagonal = p.map((weight, row) => p.map((_, column) => (column === row ? weight : 0)));
      expect(Math.abs(mutualInformation(diagonal) - entropy(p))).toBeLessThan(1e-12);
    }),
    { seed: 2 },
  );
});

it("E15: weights that are none, all zero, negative, infinite or NaN give NaN, and ragged input is refused", () => {
  for (const broken of [[], [0, 0], [1, -1], [1, Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
    const right = broken.map(() => 1);
    const results = [
      entropy(broken),
      effectiveNumber(broken),
      jensenShannon(broken, right),
      jensenShannon(right, broken),
    ];
    expect(results).toEqual(Array(4).fill(Number.NaN));
    expect(mutualInformation([broken])).toBeNaN();
  }
  expect(mutualInformation([])).toBeNaN();
  expect([entropy([3]), effectiveNumber([0, 2, 0]), entropy([5, 5])]).toEqual([0, 1, Math.LN2]);
  expect(entropy([5e-324, 5e-324])).toBe(Math.LN2);
  expect(entropy([1e308, 1e308])).toBe(Math.LN2);
  expect(
    mutualInformation([
      [2, 0],
      [0, 0],
      [0, 2],
    ]),
  ).toBeCloseTo(Math.LN2, 14);
  expect(() => jensenShannon([1], [1, 2])).toThrow(RangeError);
  expect(() => mutualInformation([[1, 2], [3]])).toThrow(RangeError);
});
