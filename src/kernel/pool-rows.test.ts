import { describe, expect, it } from "vitest";
import { fitOrdinal, type OrdinalData, type OrdinalEstimate } from "./ordinal-logit.ts";
import { poolRows } from "./pool-rows.ts";
import { randomStream } from "./random.ts";

const drawn = randomStream(5, "rows");
const n = 400;
const DATA: OrdinalData = {
  x: Float64Array.from({ length: 2 * n }, () => drawn.integer(3)),
  predictors: 2,
  y: Array.from({ length: n }, () => drawn.integer(4)),
  weights: Float64Array.from({ length: n }, () => drawn.integer(3)),
  offset: Float64Array.from({ length: n }, () => drawn.integer(2) / 2),
};

describe("poolRows", () => {
  it("S1: fewer rows of the same weight give the same fit", () => {
    const pooled = poolRows(DATA);
    expect(pooled.y.length).toBeLessThanOrEqual(3 * 3 * 4 * 2);
    const total = (weights: Float64Array | undefined) => weights?.reduce((sum, one) => sum + one, 0);
    expect(total(pooled.weights)).toBe(total(DATA.weights));
    const [one, other] = [fitOrdinal(DATA), fitOrdinal(pooled)] as [OrdinalEstimate, OrdinalEstimate];
    expect(other.logLikelihood).toBeCloseTo(one.logLikelihood, 9);
    for (const [j, coefficient] of one.coefficients.entries())
      expect(other.coefficients[j]).toBeCloseTo(coefficient, 9);
  });

  it("S1: rows without weights count once each, rows of unlike offset stay apart, and no row is none", () => {
    const x = Float64Array.of(1, 1, 1);
    expect(poolRows({ x, predictors: 1, y: [2, 2, 2] }).weights).toEqual(Float64Array.of(3));
    const offset = Float64Array.of(0, 1, 0);
    expect(poolRows({ x, predictors: 1, y: [2, 2, 2], offset })).toMatchObject({
      ...{ y: [2, 2], weights: Float64Array.of(2, 1), offset: Float64Array.of(0, 1) },
    });
    expect(poolRows({ x: new Float64Array(0), predictors: 1, y: [] }).y).toEqual([]);
  });
});
