import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { randomStream } from "./random.ts";
import { fitTemperature, logLoss, logSumExp, softmax } from "./softmax.ts";

const { calibration } = reference;
const LOGITS = fc.array(fc.double({ min: -2000, max: 2000, noNaN: true }), { minLength: 1, maxLength: 8 });

it("E14: softmax and log-sum-exp equal SciPy's, log loss scikit-learn's", () => {
  for (const { values, temperature, shares } of calibration.softmax) {
    expectAgreement(softmax(values, temperature), shares, { floor: 1e-300 });
  }
  for (const { values, value } of calibration.logSumExp) expectAgreement(logSumExp(values), value);
  for (const { temperature, loss } of calibration.losses) {
    expectAgreement(logLoss(calibration.logits, calibration.labels, temperature), loss);
  }
});

it("E14: the fitted temperature is the root of the loss's slope found by SciPy", () => {
  const fitted = fitTemperature(calibration.logits, calibration.labels);
  expectAgreement(fitted.temperature, calibration.temperature, { share: 1e-7 });
  expectAgreement(fitted.loss, calibration.loss, { share: 1e-13 });
  expect(fitted.edge).toBeNull();
  expect(fitted.iterations).toBeGreaterThan(40);
});

it("E14: values multiplied by a factor are fitted by a temperature multiplied by it", () => {
  const fitted = fitTemperature(calibration.logits, calibration.labels).temperature;
  const scaled = calibration.logits.map((row) => row.map((value) => value * 7));
  expectAgreement(fitTemperature(scaled, calibration.labels).temperature / 7, fitted, { share: 1e-7 });
});

it("E12: a temperature that made the labels is recovered", () => {
  const stream = randomStream(2, "temperature");
  const rows = Array.from({ length: 4_000 }, () => Array.from({ length: 6 }, () => 5 * stream.normal()));
  const labels = rows.map((row) => {
    let left = stream.uniform();
    return softmax(row, 2.5).findIndex((share) => {
      left -= share;
      return left < 0;
    });
  });
  const { temperature } = fitTemperature(rows, labels);
  expect(temperature).toBeGreaterThan(2.3);
  expect(temperature).toBeLessThan(2.7);
});

it("E15: shares add up to 1 and do not depend on what is added to all values; the loss is that of the shares", () => {
  fc.assert(
    fc.property(LOGITS, fc.double({ min: 0.1, max: 50, noNaN: true }), (values, temperature) => {
      const shares = softmax(values, temperature);
      expect(shares.reduce((total, share) => total + share, 0)).toBeCloseTo(1, 12);
      expectAgreement(
        softmax(
          values.map((value) => value + 512),
          temperature,
        ),
        shares,
        { share: 1e-6 },
      );
      const loss = logLoss([values], [0], temperature);
      expect(loss).toBeGreaterThanOrEqual(0);
      const scaled = values.map((value) => value / temperature);
      expect(Math.abs(loss - (logSumExp(scaled) - (scaled[0] as number)))).toBeLessThan(1e-9);
    }),
    { seed: 3 },
  );
});

it("E15: softmax and log-sum-exp of nothing, ties, infinities and NaN are as stated", () => {
  expect([softmax([]), softmax([4]), softmax([1, 1])]).toEqual([[], [1], [0.5, 0.5]]);
  expect(softmax([0, Number.NEGATIVE_INFINITY])).toEqual([1, 0]);
  expect(softmax([1e308, -1e308], 1e-3)).toEqual([1, 0]);
  for (const broken of [Number.NaN, Number.POSITIVE_INFINITY])
    expect(softmax([0, broken])).toEqual([Number.NaN, Number.NaN]);
  expect(softmax([Number.NEGATIVE_INFINITY])).toEqual([Number.NaN]);
  expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
  expect(logSumExp([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
  expect(logSumExp([0, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  expect(logSumExp([0, Number.NaN])).toBeNaN();
  for (const temperature of [0, -1, Number.NaN]) {
    expect(() => softmax([1], temperature)).toThrow(RangeError);
    expect(() => logLoss([[1]], [0], temperature)).toThrow(RangeError);
  }
});

it("E15: log loss of nothing, ties, infinities, NaN and impossible labels is as stated", () => {
  expect(logLoss([], [])).toBeNaN();
  expect(logLoss([[3, 3]], [1])).toBeCloseTo(Math.LN2, 15);
  expect(logLoss([[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]], [1])).toBeCloseTo(Math.LN2, 15);
  expect(logLoss([[50, 0]], [0])).toBeCloseTo(Math.exp(-50), 30);
  expect(logLoss([[0, Number.NEGATIVE_INFINITY]], [1])).toBe(Number.POSITIVE_INFINITY);
  expect(logLoss([[0, Number.NEGATIVE_INFINITY]], [0])).toBe(0);
  expect(logLoss([[0, Number.NaN]], [0])).toBeNaN();
  for (const label of [-1, 2, 0.5, Number.NaN]) expect(() => logLoss([[1, 2]], [label])).toThrow(RangeError);
  expect(() => logLoss([[1, 2]], [])).toThrow(RangeError);
});

it("E15: separable rows end at the lower edge, rows worse than chance at the upper, and both say so", () => {
  const rows = [
    [5, 0, 1],
    [1, 9, 0],
    [0, 2, 9],
  ];
  expect(fitTemperature(rows, [0, 1, 2])).toMatchObject({ temperature: 1e-3, loss: 0, edge: "lower" });
  expect(
    fitTemperature(
      [
        [0.01, 0],
        [0, 0.02],
      ],
      [0, 1],
    ),
  ).toMatchObject({ temperature: 1e-3, edge: "lower" });
  expect(fitTemperature(rows, [1, 2, 0])).toMatchObject({ temperature: 1e3, edge: "upper" });
  const flat = fitTemperature([[2, 2]], [0]);
  expect(flat).toMatchObject({ temperature: 1e-3, edge: "lower" });
  expect(flat.loss).toBeCloseTo(Math.LN2, 15);
  expect(fitTemperature([], [])).toEqual({ temperature: Number.NaN, loss: Number.NaN, iterations: 0, edge: null });
  expect(fitTemperature([[0, Number.NaN]], [0]).temperature).toBeNaN();
  expect(fitTemperature([[0, Number.NEGATIVE_INFINITY]], [1])).toMatchObject({
    temperature: Number.NaN,
    loss: Number.POSITIVE_INFINITY,
  });
});
