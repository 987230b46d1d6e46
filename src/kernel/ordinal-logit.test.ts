import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/ordinal-reference.json" with { type: "json" };
import { fitOrdinal, type OrdinalData, type OrdinalEstimate } from "./ordinal-logit.ts";
import { randomStream } from "./random.ts";

const DATA: OrdinalData = { x: Float64Array.from(reference.x.flat()), predictors: 3, y: reference.y };

function fitted(data: OrdinalData): OrdinalEstimate {
  const fit = fitOrdinal(data);
  if (fit.status !== "fitted") throw new Error(`expected a fit, received ${fit.status}`);
  return fit;
}

it("S1: coefficients, thresholds, standard errors and log-likelihood equal those of statsmodels' OrderedModel", () => {
  const { coefficients, thresholds, logLikelihood, covariance, categories } = fitted(DATA);
  expectAgreement([...coefficients], reference.coefficients, { share: 1e-6 });
  expectAgreement([...thresholds], reference.thresholds, { share: 1e-6 });
  expectAgreement([logLikelihood], [reference.logLikelihood], { share: 1e-9 });
  expect(categories).toEqual([0, 2, 3, 5, 7, 10]);
  const errors = [5, 6, 7].map((at) => Math.sqrt(covariance.get(at, at)));
  expectAgreement(errors, reference.standardErrors, { share: 1e-4 });
});

it("S1: a weight counts as so many rows, and rows of weight 0 for nothing", () => {
  const stream = randomStream(3, "weights");
  const weights = Float64Array.from(reference.y, () => stream.integer(3));
  const repeated = reference.y.flatMap((_, row) => Array<number>(weights[row] as number).fill(row));
  const written = fitted({
    x: Float64Array.from(repeated.flatMap((row) => reference.x[row] as number[])),
    predictors: 3,
    y: repeated.map((row) => reference.y[row] as number),
  });
  const weighted = fitted({ ...DATA, weights });
  expectAgreement([...weighted.coefficients], [...written.coefficients], { share: 1e-9 });
  expectAgreement([...weighted.thresholds], [...written.thresholds], { share: 1e-9 });
});

it("S1: an offset fixes a coefficient", () => {
  const { coefficients, logLikelihood } = fitted(DATA);
  const fixed = fitted({
    x: Float64Array.from(reference.x.flatMap((row) => row.slice(1))),
    predictors: 2,
    y: reference.y,
    offset: Float64Array.from(reference.x, ([first]) => (first as number) * (coefficients[0] as number)),
  });
  expectAgreement([...fixed.coefficients], [...coefficients.slice(1)], { share: 1e-6 });
  expectAgreement([fixed.logLikelihood], [logLikelihood], { share: 1e-12 });
});

it("S2: no rows, one rung, a predictor that others give and rungs told apart are results, never NaN", () => {
  const line = Float64Array.from({ length: 40 }, (_, row) => row);
  const rungs = (of: (row: number) => number) => Array.from(line, of);
  expect(fitOrdinal({ x: new Float64Array(0), predictors: 1, y: [] })).toEqual({ status: "empty" });
  expect(fitOrdinal({ x: line, predictors: 1, y: rungs(() => 4) })).toEqual({ status: "one-category", category: 4 });
  expect(fitOrdinal({ x: line.map(() => 3), predictors: 1, y: rungs((row) => row % 2) })).toEqual({
    status: "collinear",
    predictor: 0,
  });
  const doubled = Float64Array.from({ length: 80 }, (_, at) => Math.floor(at / 2) * (1 + (at % 2)));
  expect(fitOrdinal({ x: doubled, predictors: 2, y: rungs((row) => row % 3) })).toEqual({
    status: "collinear",
    predictor: 1,
  });
  expect(fitOrdinal({ x: line, predictors: 1, y: rungs((row) => (row < 20 ? 7 : 0)) })).toEqual({
    status: "separated",
    predictors: [0],
    signs: [-1],
  });
});

it("S2: a rung that only one side of a predictor reaches bounds nothing: the predictor is named", () => {
  const stream = randomStream(8, "quasi");
  const x = Float64Array.from({ length: 400 }, (_, at) => (at % 2 === 0 ? Number(at >= 200) : stream.normal()));
  // Where the first is 1 the answer is always the highest rung.
  const y = Array.from({ length: 200 }, (_, row) => (x[row * 2] === 1 ? 9 : stream.integer(9)));
  expect(fitOrdinal({ x, predictors: 2, y })).toEqual({ status: "separated", predictors: [0], signs: [1] });
});

it.each([
  [200, 1],
  [1000, 3],
  [20_000, 10],
])("S2: a mark of few rows that all reach the highest rung is separated, %i rows and %i of them", (n, marked) => {
  const stream = randomStream(n, "rare");
  const x = Float64Array.from({ length: n }, (_, row) => Number(row < marked));
  expect(fitOrdinal({ x, predictors: 1, y: Array.from(x, (mark) => (mark === 1 ? 10 : stream.integer(11))) })).toEqual({
    status: "separated",
    predictors: [0],
    signs: [1],
  });
});

it("S2: what varies only in rows of weight 0 gives nothing, and how far it goes there does not matter", () => {
  const stream = randomStream(7, "weightless");
  const y = Array.from({ length: 100 }, () => stream.integer(4));
  const weights = Float64Array.from(y, (_, row) => Number(row > 0));
  const only = Float64Array.from(y, (_, row) => Number(row === 0));
  expect(fitOrdinal({ x: only, predictors: 1, y, weights })).toEqual({ status: "collinear", predictor: 0 });
  const far = Float64Array.from(y, (_, row) => (row === 0 ? 1e6 : stream.normal()));
  expect(fitOrdinal({ x: far, predictors: 1, y, weights }).status).toBe("fitted");
});

it("S2: strong but finite effects are fitted, not called separated", () => {
  const stream = randomStream(9, "strong");
  const x = Float64Array.from({ length: 300 }, () => stream.normal());
  const y = Array.from(x, (value) => (8 * value + Math.log(1 / (1 - stream.uniform()) - 1) > 0 ? 8 : 1));
  const { coefficients } = fitted({ x, predictors: 1, y });
  expect(coefficients[0]).toBeGreaterThan(5);
  expect(coefficients[0]).toBeLessThan(14);
});

it("S2: numbers that are none are refused", () => {
  const x = Float64Array.of(1, Number.NaN);
  expect(() => fitOrdinal({ x, predictors: 1, y: [0, 1] })).toThrow(RangeError);
  expect(() => fitOrdinal({ x: Float64Array.of(1, 2), predictors: 1, y: [0, 0.5] })).toThrow(RangeError);
  expect(() => fitOrdinal({ x: Float64Array.of(1), predictors: 1, y: [0, 1] })).toThrow(RangeError);
  expect(() =>
    fitOrdinal({ x: Float64Array.of(1, 2), predictors: 1, y: [0, 1], weights: Float64Array.of(1, -1) }),
  ).toThrow(RangeError);
});
