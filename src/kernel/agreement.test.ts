import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import {
  cohenKappa,
  kappaAgainstRest,
  pearson,
  percentAgreement,
  spearman,
  spearmanBrown,
  standardErrorOfMeasurement,
} from "./agreement.ts";

const { agreement } = reference;

it("E14: κ, κ of a label against the rest and agreement equal scikit-learn's, with missing units left out and counted", () => {
  const { a, b, n, kappa, observed, rest } = agreement;
  const found = cohenKappa(a, b);
  expect(found).toMatchObject({ n, missing: a.length - n });
  expectAgreement([found.kappa, found.observed], [kappa, observed]);
  expectAgreement((found.observed - found.expected) / (1 - found.expected), kappa);
  expect(percentAgreement(a, b)).toBe(found.observed);
  for (const { label, kappa: wanted } of rest) expectAgreement(kappaAgainstRest(a, b, label).kappa, wanted);
});

it("E14: Cohen's κ of 25 yes, 10 and 15 split and 50 no is 0.47", () => {
  const pairs = [
    ...Array(25).fill(["yes", "yes"]),
    ...Array(10).fill(["yes", "no"]),
    ...Array(15).fill(["no", "yes"]),
    ...Array(50).fill(["no", "no"]),
  ] as [string, string][];
  const { kappa, observed, expected } = cohenKappa(
    pairs.map(([a]) => a),
    pairs.map(([, b]) => b),
  );
  expectAgreement([observed, expected, kappa], [0.75, 0.35 * 0.4 + 0.65 * 0.6, 0.22 / 0.47]);
});

it("E14: correlations equal SciPy's, ties sharing ranks", () => {
  expectAgreement(pearson(agreement.x, agreement.y), agreement.pearson);
  expectAgreement(spearman(agreement.x, agreement.y), agreement.spearman);
});

it("E14: halves that correlate at 0.6 make a whole of reliability 0.75, whose error of measurement is half of sd", () => {
  expect(spearmanBrown(0.6)).toBeCloseTo(0.75, 14);
  expect(spearmanBrown(0.75, 0.5)).toBeCloseTo(0.6, 14);
  expect(standardErrorOfMeasurement(3, 0.75)).toBe(1.5);
});

it("E15: κ is symmetric, at most 1, 1 for complete agreement, and the same whatever labels are called", () => {
  const coding = fc.array(fc.tuple(fc.constantFrom("x", "y", "z", null), fc.constantFrom("x", "y", "z", null)));
  fc.assert(
    fc.property(coding, (pairs) => {
      const [a, b] = [pairs.map(([left]) => left), pairs.map(([, right]) => right)];
      const found = cohenKappa(a, b);
      expect(cohenKappa(b, a)).toEqual(found);
      expect(found.n + found.missing).toBe(pairs.length);
      expect(
        cohenKappa(
          a.map((label) => label && `${label}!`),
          b.map((label) => label && `${label}!`),
        ),
      ).toEqual(found);
      expect(Number.isNaN(found.kappa) || found.kappa <= 1).toBe(true);
      const itself = cohenKappa(a, a);
      const kinds = new Set(a.filter((label) => label !== null)).size;
      if (kinds > 1) expect(itself.kappa).toBe(1);
      else expect(itself.kappa).toBeNaN();
    }),
    { seed: 1 },
  );
});

it("E15: agreement on nothing, or on one label alone, is NaN; codings of unlike length are refused", () => {
  const nothing = { kappa: Number.NaN, observed: Number.NaN, expected: Number.NaN, n: 0 };
  expect(cohenKappa([], [])).toEqual({ ...nothing, missing: 0 });
  expect(cohenKappa(["a", null], [null, "a"])).toEqual({ ...nothing, missing: 2 });
  expect(cohenKappa(["a", "a"], ["a", "a"])).toMatchObject({ kappa: Number.NaN, observed: 1, expected: 1 });
  expect(kappaAgainstRest(["a", "b"], ["a", "b"], "c").kappa).toBeNaN();
  // A label spelt as one of the two kinds it is told apart by is a label like any other.
  expect(kappaAgainstRest(["rest", "b", "b"], ["rest", "b", "b"], "rest").kappa).toBe(1);
  expect(percentAgreement([null], ["a"])).toBeNaN();
  expect(() => cohenKappa(["a"], [])).toThrow(RangeError);
});

it("E15: correlations lie in [−1, 1] and keep under change of unit; without variation, with NaN, or of one pair they are NaN", () => {
  const list = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(list, list, (x, y) => {
      for (const correlation of [pearson, spearman]) {
        const r = correlation(x, y);
        if (new Set(x).size === 1 || new Set(y).size === 1) {
          expect(r).toBeNaN();
          continue;
        }
        expect(Math.abs(r)).toBeLessThanOrEqual(1);
        expect(correlation(y, x)).toBeCloseTo(r, 12);
        expect(
          correlation(
            x.map((value) => 3 - 2 * value),
            y,
          ),
        ).toBeCloseTo(-r, 12);
        expect(correlation(x, x)).toBeCloseTo(1, 12);
      }
    }),
    { seed: 2 },
  );
  for (const correlation of [pearson, spearman]) {
    expect([correlation([], []), correlation([1], [2]), correlation([1, 2], [3, 3])]).toEqual(
      Array(3).fill(Number.NaN),
    );
    expect(correlation([1, Number.NaN, 2], [1, 2, 3])).toBeNaN();
    expect(correlation([1, Number.POSITIVE_INFINITY, 2], [1, 2, 3])).toBeNaN();
    expect(correlation([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
    expect(correlation([0, 1e-200, 3e-200], [0, 1, 3])).toBeCloseTo(1, 14);
    expect(() => correlation([1], [])).toThrow(RangeError);
  }
});

it("E15: reliabilities outside their range are NaN, negative ones measure nothing", () => {
  expect([spearmanBrown(0), spearmanBrown(1), spearmanBrown(-0.5)]).toEqual([0, 1, -2]);
  expect([spearmanBrown(-1), spearmanBrown(1.1), spearmanBrown(Number.NaN), spearmanBrown(-0.5, 3)]).toEqual(
    Array(4).fill(Number.NaN),
  );
  for (const factor of [0, -1, Number.NaN]) expect(() => spearmanBrown(0.5, factor)).toThrow(RangeError);
  expect([standardErrorOfMeasurement(2, -0.3), standardErrorOfMeasurement(0, 0.5)]).toEqual([2, 0]);
  const broken = [
    standardErrorOfMeasurement(2, 1.1),
    standardErrorOfMeasurement(-1, 0.5),
    standardErrorOfMeasurement(2, Number.NaN),
  ];
  expect(broken).toEqual(Array(3).fill(Number.NaN));
});
