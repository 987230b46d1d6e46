import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/ridge-reference.json" with { type: "json" };
import { randomStream } from "./random.ts";
import { fitRidge, predictRidge, ridgeBasis, slopesOf } from "./ridge.ts";

const ROWS = reference.y.length;
const COLUMNS = [0, 1, 2, 3].map((j) => Float64Array.from(reference.x, (row) => row[j] as number));
const WEIGHTS = Float64Array.from(reference.weights);
const Y = Float64Array.from(reference.y);
const all = Array.from({ length: ROWS }, (_, row) => row);

it("P5: penalty, slopes and predictions of rows left out equal those of whole covariance matrices in numpy", () => {
  for (const [out, expected] of reference.leftOut.entries()) {
    const basis = ridgeBasis(
      COLUMNS,
      WEIGHTS,
      all.filter((row) => row !== out),
    );
    const fit = fitRidge(basis, Y);
    expect(fit.ratio).toBe(expected.ratio);
    expectAgreement([fit.mean, predictRidge(basis, fit, out)], [expected.mean, expected.predicted], { share: 1e-9 });
  }
  const basis = ridgeBasis(COLUMNS, WEIGHTS, all);
  expectAgreement(slopesOf(basis, fitRidge(basis, Y), 4), reference.whole.slopes, { share: 1e-9 });
});

it("P5: neither outcome nor columns of a row that is left out move what is fitted to the others", () => {
  const train = all.slice(1);
  const changed = COLUMNS.map((column) => Float64Array.from(column, (value, row) => (row === 0 ? 1e6 : value)));
  const fits = [COLUMNS, changed].map((columns) => {
    const basis = ridgeBasis(columns, WEIGHTS, train);
    return fitRidge(
      basis,
      Y.map((value, row) => (row === 0 && columns === changed ? -50 : value)),
    );
  });
  expect(fits[1]).toEqual(fits[0]);
});

it("P5: a change of unit or origin of a column changes no prediction", () => {
  const moved = COLUMNS.map((column, j) => column.map((value) => 1000 * (j + 1) * value - 7));
  const told = [COLUMNS, moved].map((columns) => {
    const basis = ridgeBasis(columns, WEIGHTS, all.slice(1));
    return predictRidge(basis, fitRidge(basis, Y), 0);
  });
  expect(told[1]).toBeCloseTo(told[0] as number, 9);
});

it("P12: columns that do not vary, no columns, columns that repeat each other and equal outcomes give finite numbers", () => {
  const [first] = COLUMNS as [Float64Array];
  const flat = first.map(() => 3);
  const cases = [[], [flat], [first, first, flat], [first, first.map((value) => -2 * value)]];
  for (const columns of cases) {
    const basis = ridgeBasis(columns, WEIGHTS, all);
    const fit = fitRidge(basis, Y);
    expect(Number.isFinite(predictRidge(basis, fit, 3))).toBe(true);
    expect(slopesOf(basis, fit, columns.length).every(Number.isFinite)).toBe(true);
    expect(fitRidge(basis, flat).ratio).toBe(0);
    expect(predictRidge(basis, fitRidge(basis, flat), 3)).toBeCloseTo(3, 12);
  }
  expect(fitRidge(ridgeBasis([flat], WEIGHTS, all), Y).ratio).toBe(0);
  expect(() => ridgeBasis(COLUMNS, WEIGHTS, [1])).toThrow(RangeError);
});

it("P5: outcomes that the columns give whole are predicted nearly whole, and noise not at all", () => {
  const stream = randomStream(5, "ridge");
  const exact = COLUMNS[0]?.map((value) => 2 * value + 1) as Float64Array;
  const basis = ridgeBasis(COLUMNS, WEIGHTS, all.slice(1));
  const fit = fitRidge(basis, exact);
  expect(fit.ratio).toBe(4);
  expect(Math.abs(predictRidge(basis, fit, 0) - (exact[0] as number))).toBeLessThan(0.5);
  const ratios = Array.from(
    { length: 200 },
    () =>
      fitRidge(
        basis,
        Y.map(() => stream.normal()),
      ).ratio,
  );
  expect(ratios.filter((ratio) => ratio === 0).length).toBeGreaterThan(80);
});
