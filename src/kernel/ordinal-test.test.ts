import { expect, it } from "vitest";
import { logistic } from "./logistic-mass.ts";
import { fitOrdinal, type OrdinalData, type OrdinalEstimate } from "./ordinal-logit.ts";
import { testCoefficient, testProportionality } from "./ordinal-test.ts";
import { randomStream } from "./random.ts";
import { wildWeights } from "./wild-cluster.ts";

const FAMILIES = 8;

/** Eleven rungs on a dose and a switch; from rung 7 on the slope is less by the share `bend`. */
function draw(run: number, bend = 0): { data: OrdinalData; fit: OrdinalEstimate; cluster: Int32Array } {
  const stream = randomStream(7, "ordinal-test", run);
  const rows = Array.from({ length: FAMILIES }, (_, cluster) => {
    const own = 0.3 * stream.normal();
    return Array.from({ length: 40 }, (_, at) => {
      const [dose, on] = [at % 8, Math.floor(at / 8) % 2];
      const share = stream.uniform();
      const chance = (rung: number) => logistic(0.6 * (rung < 7 ? 1 : 1 - bend) * dose - on + own + 3 - 0.75 * rung);
      const rung = Array.from({ length: 10 }, (_, one) => one + 1).filter((one) => share < chance(one)).length;
      return { cluster, dose, on, rung };
    });
  }).flat();
  const data = {
    x: Float64Array.from(rows.flatMap(({ dose, on }) => [dose, on])),
    predictors: 2,
    y: rows.map(({ rung }) => rung),
  };
  const fit = fitOrdinal(data);
  if (fit.status !== "fitted") throw new Error(`expected a fit, received ${fit.status}`);
  return { data, fit, cluster: Int32Array.from(rows, ({ cluster }) => cluster) };
}

const weights = wildWeights(FAMILIES, 499, randomStream(8));

it("S8: the interval holds the estimate and is what the test does not reject", () => {
  const { data, fit, cluster } = draw(1);
  const found = testCoefficient(data, fit, 0, { cluster, clusters: FAMILIES, weights });
  const [low, high] = [found?.low as number, found?.high as number];
  expect(low).toBeLessThan(fit.coefficients[0] as number);
  expect(high).toBeGreaterThan(fit.coefficients[0] as number);
  expect(found?.p).toBeLessThan(0.01);
  // Moved by an offset, the same data has an interval moved as far.
  const offset = Float64Array.from({ length: data.y.length }, (_, row) => 0.25 * (data.x[row * 2] as number));
  const moved = { ...data, offset };
  const again = fitOrdinal(moved) as OrdinalEstimate;
  const other = testCoefficient(moved, again, 0, { cluster, clusters: FAMILIES, weights });
  expect(other?.low).toBeCloseTo(low - 0.25, 3);
  expect(other?.high).toBeCloseTo(high - 0.25, 3);
});

// Families' own levels (sd 0.3) take a little of a slope of 0.6 over all families together.
it("S8: the interval of a slope covers it in nearly all of sixty runs, families shifted", () => {
  const covered = Array.from({ length: 60 }, (_, run) => {
    const { data, fit, cluster } = draw(run);
    const { low, high } = testCoefficient(data, fit, 0, { cluster, clusters: FAMILIES, weights }) ?? {
      low: null,
      high: null,
    };
    return (low ?? -Infinity) <= 0.59 && 0.59 <= (high ?? Infinity);
  }).filter(Boolean).length;
  expect(covered).toBeGreaterThanOrEqual(52);
});

it("S8: one slope for all rungs is seldom rejected where it is so, mostly where it is not", () => {
  const rejected = (bend: number) =>
    Array.from({ length: 100 }, (_, run) => {
      const { data, fit, cluster } = draw(run, bend);
      return testProportionality(data, fit, 0, 7, { cluster, clusters: FAMILIES, weights }) as number;
    }).filter((p) => p <= 0.05).length;
  expect(rejected(0)).toBeLessThanOrEqual(10);
  expect(rejected(0.6)).toBeGreaterThanOrEqual(60);
});

it("S8: clusters that are all alike have no interval, and rounding is no effect", () => {
  const one = Array.from({ length: 22 }, (_, at) => ({ x: at % 2, rung: at % 11 }));
  const rows = Array.from({ length: FAMILIES }, (_, cluster) => one.map((row) => ({ ...row, cluster }))).flat();
  const data = { x: Float64Array.from(rows, ({ x }) => x), predictors: 1, y: rows.map(({ rung }) => rung) };
  const fit = fitOrdinal(data) as OrdinalEstimate;
  const clusters = { cluster: Int32Array.from(rows, ({ cluster }) => cluster), clusters: FAMILIES, weights };
  expect(testCoefficient(data, fit, 0, clusters)).toEqual({ p: 1, low: null, high: null });
});

it("S8: without rungs on both sides of a category nothing is asked about it", () => {
  const { data, fit, cluster } = draw(3);
  expect(testProportionality(data, fit, 0, 11, { cluster, clusters: FAMILIES, weights })).toBeNull();
  expect(testProportionality(data, fit, 0, 0, { cluster, clusters: FAMILIES, weights })).toBeNull();
});

it("S8: of two clusters and few rows an interval is open rather than a number out of reach, and never an error", () => {
  const stream = randomStream(9, "few");
  for (let run = 0; run < 30; run += 1) {
    const rows = Array.from({ length: 24 }, (_, at) => {
      const [dose, on] = [7 * (at % 2), Math.floor(at / 2) % 2];
      return { dose, on, cluster: Math.floor(at / 12), rung: Math.min(10, Math.floor(dose + 4 * stream.uniform())) };
    });
    const data = {
      x: Float64Array.from(rows.flatMap(({ dose, on }) => [dose + 0.1 * stream.normal(), on])),
      predictors: 2,
      y: rows.map(({ rung }) => rung),
    };
    const fit = fitOrdinal(data);
    if (fit.status !== "fitted") continue;
    const cluster = Int32Array.from(rows, (row) => row.cluster);
    const two = { cluster, clusters: 2, weights: wildWeights(2, 199, randomStream(8)) };
    for (const tested of [0, 1]) {
      const found = testCoefficient(data, fit, tested, two);
      for (const end of [found?.low ?? null, found?.high ?? null])
        expect(end === null || Math.abs(end) < 250, `${run} ${end}`).toBe(true);
    }
  }
});
