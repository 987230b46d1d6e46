import fc from "fast-check";
import { expect, it } from "vitest";
import reference from "../../test/peers/agreement-reference.json" with { type: "json" };
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import { cohenKappa } from "./agreement.ts";
import { codePatterns } from "./code-patterns.ts";
import { pairKappa } from "./pair-kappa.ts";

const units = (reference.codes[0] ?? []).map((_, unit) => reference.codes.map((codes) => codes[unit] ?? null));
const coded = codePatterns(units, reference.values.length);

it("K2: κ, plain and weighted by squared places, equals scikit-learn's on the units that both coded", () => {
  const { n, plain, quadratic } = reference.kappa;
  const found = pairKappa(coded, [0, 1], null)(coded.weights);
  expect(found.n).toBe(n);
  expectAgreement(found.value, plain, { share: 1e-12 });
  expectAgreement(pairKappa(coded, [0, 1], [0, 1, 2, 3, 4])(coded.weights).value, quadratic, { share: 1e-12 });
});

it("K2: weighted κ is symmetric, keeps under change of unit and origin, and of two categories equals the plain one", () => {
  const code = fc.option(fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(code, code), { minLength: 1, maxLength: 30 }), (pairs) => {
      const some = codePatterns(pairs, 4);
      const kappa = (pair: readonly [number, number], values: readonly number[] | null) =>
        pairKappa(some, pair, values)(some.weights).value;
      const weighted = kappa([0, 1], [0, 1, 3, 7]);
      const mirrored = kappa([1, 0], [0, 1, 3, 7]);
      expect(Number.isNaN(mirrored)).toBe(Number.isNaN(weighted));
      if (Number.isNaN(weighted)) return;
      expect(mirrored).toBeCloseTo(weighted, 10);
      expect(kappa([0, 1], [1e6, 1e6 + 2, 1e6 + 6, 1e6 + 14])).toBeCloseTo(weighted, 9);
      const names = pairs.map((pair) => pair.map((one) => (one === null ? null : String(one))));
      const plain = cohenKappa(
        names.map(([a]) => a as string | null),
        names.map(([, b]) => b as string | null),
      ).kappa;
      expect(kappa([0, 1], null)).toBeCloseTo(plain, 10);
    }),
    { seed: 3 },
  );
  const two = codePatterns(
    [
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 1],
      [1, 0],
    ],
    2,
  );
  expect(pairKappa(two, [0, 1], [2, 9])(two.weights).value).toBeCloseTo(
    pairKappa(two, [0, 1], null)(two.weights).value,
    14,
  );
});

it("K3: κ is NaN without a unit that both coded and where both use one category", () => {
  const apart = codePatterns([[0, null]], 2);
  expect(pairKappa(apart, [0, 1], null)(apart.weights)).toMatchObject({ value: Number.NaN, n: 0 });
  const alike = codePatterns(
    [
      [1, 1],
      [1, 1],
    ],
    2,
  );
  for (const values of [null, [0, 1]]) expect(pairKappa(alike, [0, 1], values)(alike.weights).value).toBeNaN();
  expect(() => pairKappa(alike, [0, 1], [0])).toThrow(RangeError);
});
