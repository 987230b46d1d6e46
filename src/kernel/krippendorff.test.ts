import fc from "fast-check";
import { expect, it } from "vitest";
import reference from "../../test/peers/agreement-reference.json" with { type: "json" };
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import { codePatterns } from "./code-patterns.ts";
import { krippendorffAlpha, type Metric } from "./krippendorff.ts";

const METRICS: readonly Metric[] = ["nominal", "ordinal", "interval", "ratio"];

/** Rows of coders, `.` missing, as Krippendorff 2011 prints them. */
function unitsOf(rows: readonly string[]): (number | null)[][] {
  const coders = rows.map((row) => row.split(" ").map((code) => (code === "." ? null : Number(code))));
  return (coders[0] ?? []).map((_, unit) => coders.map((codes) => codes[unit] ?? null));
}

function alphaOf(units: readonly (readonly (number | null)[])[], metric: Metric): number {
  const values = [...new Set(units.flat().filter((value) => value !== null))].sort((a, b) => a - b);
  const coded = codePatterns(
    units.map((unit) => unit.map((value) => (value === null ? null : values.indexOf(value)))),
    values.length,
  );
  return krippendorffAlpha(coded, metric, values)(coded.weights).value;
}

const EXAMPLE = unitsOf([
  "1 2 3 3 2 1 4 1 2 . . .",
  "1 2 3 3 2 2 4 1 2 5 . 3",
  ". 3 3 3 2 3 4 2 2 5 1 .",
  "1 2 3 3 2 4 4 1 2 5 1 .",
]);

it.each([
  ["nominal", 0.743421052631579],
  ["ordinal", 0.815387503754881],
  ["interval", 0.849107142857143],
] as const)("K2: Krippendorff's example of four coders and twelve units has %s α %f", (metric, alpha) => {
  expect(Math.abs(alphaOf(EXAMPLE, metric) - alpha)).toBeLessThan(1e-12);
});

it.each(METRICS)("K2: %s α of four coders with gaps equals that of Python's krippendorff", (metric) => {
  const units = (reference.codes[0] ?? []).map((_, unit) => reference.codes.map((codes) => codes[unit] ?? null));
  const coded = codePatterns(units, reference.values.length);
  const { value: alpha } = krippendorffAlpha(coded, metric, reference.values)(coded.weights);
  expectAgreement(alpha, reference.alpha[metric], { share: 1e-12 });
});

it("K2: α of all metrics is that of its definition over every pair of codes", () => {
  const unit = fc.array(fc.option(fc.constantFrom(0, 1, 2, 5, 9)), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(unit, { minLength: 2, maxLength: 12 }), (units) => {
      for (const metric of METRICS) {
        const [found, wanted] = [alphaOf(units, metric), byPairs(units, metric)];
        if (Number.isNaN(wanted)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(wanted, 10);
      }
    }),
    { seed: 1 },
  );
});

/** Straight from the definition: mean difference within units over that of all codes that can be paired. */
function byPairs(units: readonly (readonly (number | null)[])[], metric: Metric): number {
  const pairable = units.map((unit) => unit.filter((value) => value !== null)).filter((codes) => codes.length > 1);
  const all = pairable.flat();
  const rank = (value: number) => {
    const below = all.filter((other) => other < value).length;
    return below + all.filter((other) => other === value).length / 2;
  };
  const difference = (one: number, other: number): number => {
    if (one === other) return 0;
    if (metric === "nominal") return 1;
    if (metric === "ordinal") return (rank(one) - rank(other)) ** 2;
    return metric === "interval" ? (one - other) ** 2 : ((one - other) / (one + other)) ** 2;
  };
  const pairs = (codes: readonly number[]) =>
    codes.flatMap((one, first) => codes.filter((_, second) => second !== first).map((other) => difference(one, other)));
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const observed = total(pairable.map((codes) => total(pairs(codes)) / (codes.length - 1))) / all.length;
  const expected = total(pairs(all)) / (all.length * (all.length - 1));
  return 1 - observed / expected;
}

it("K2: far from zero α of intervals keeps its digits", () => {
  const far = EXAMPLE.map((unit) => unit.map((value) => (value === null ? null : value + 1e9)));
  expect(Math.abs(alphaOf(far, "interval") - 0.849107142857143)).toBeLessThan(1e-12);
});

it("K3: α is NaN where nothing can be paired or nothing varies; numbers that a metric needs are asked for", () => {
  expect(alphaOf([], "nominal")).toBeNaN();
  expect(
    alphaOf(
      [
        [1, null],
        [null, 2],
      ],
      "interval",
    ),
  ).toBeNaN();
  expect(
    alphaOf(
      [
        [3, 3],
        [3, 3],
      ],
      "ordinal",
    ),
  ).toBeNaN();
  const coded = codePatterns([[0, 1]], 2);
  expect(() => krippendorffAlpha(coded, "interval", [1])).toThrow(RangeError);
  expect(() => krippendorffAlpha(coded, "interval", [1, Number.NaN])).toThrow(RangeError);
  expect(() => krippendorffAlpha(coded, "ratio", [-1, 1])).toThrow(RangeError);
  expect(krippendorffAlpha(coded, "nominal", [])(coded.weights)).toMatchObject({ n: 1 });
});
