import { expect, it } from "vitest";
import reference from "../../test/peers/agreement-reference.json" with { type: "json" };
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import { codePatterns } from "./code-patterns.ts";
import { gwetCoefficient } from "./gwet.ts";

const units = (reference.codes[0] ?? []).map((_, unit) => reference.codes.map((codes) => codes[unit] ?? null));
const coded = codePatterns(units, reference.values.length);

it("K2: Gwet's AC1, and AC2 over equally spaced categories, equal irrCAC's", () => {
  for (const [values, wanted] of [
    [null, reference.ac1],
    [[0, 1, 2, 3, 4], reference.ac2],
  ] as const) {
    const { value: coefficient, observed, expected } = gwetCoefficient(coded, values)(coded.weights);
    expectAgreement([coefficient, observed, expected], [wanted.coefficient, wanted.observed, wanted.expected], {
      share: 1e-12,
    });
  }
});

it("K2: weights follow the categories' numbers: any unit and origin give one AC2", () => {
  const ac2 = (values: readonly number[]) => gwetCoefficient(coded, values)(coded.weights).value;
  expect(ac2([10, 30, 50, 70, 90])).toBeCloseTo(reference.ac2.coefficient, 12);
  expect(Math.abs(ac2([0, 1, 2, 3, 40]) - reference.ac2.coefficient)).toBeGreaterThan(0.01);
});

it("K3: where no unit has two codes, or there is one category, the coefficient is NaN; categories without numbers are refused", () => {
  const apart = codePatterns(
    [
      [0, null],
      [null, 1],
    ],
    2,
  );
  expect(gwetCoefficient(apart, null)(apart.weights)).toMatchObject({ value: Number.NaN, n: 0 });
  const one = codePatterns([[0, 0]], 1);
  expect(gwetCoefficient(one, null)(one.weights).value).toBeNaN();
  expect(gwetCoefficient(one, [3])(one.weights).value).toBeNaN();
  expect(() => gwetCoefficient(apart, [1])).toThrow(RangeError);
  const alike = codePatterns(
    [
      [0, 0],
      [0, 0],
    ],
    2,
  );
  expect(gwetCoefficient(alike, null)(alike.weights).value).toBe(1);
});
