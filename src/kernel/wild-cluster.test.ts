import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/ordinal-reference.json" with { type: "json" };
import { fitOrdinal, type OrdinalData } from "./ordinal-logit.ts";
import { efficientScores } from "./ordinal-score.ts";
import { randomStream } from "./random.ts";
import { sumByCluster, wildScoreTest, wildWeights } from "./wild-cluster.ts";

/** Efficient scores by cluster of one predictor that the fit leaves out. */
function clusterScores(tested: number): Float64Array {
  const others = [0, 1, 2].filter((column) => column !== tested);
  const data: OrdinalData = {
    x: Float64Array.from(reference.x.flatMap((row) => others.map((column) => row[column] as number))),
    predictors: 2,
    y: reference.y,
  };
  const fit = fitOrdinal(data);
  if (fit.status !== "fitted") throw new Error(`expected a fit, received ${fit.status}`);
  const column = Float64Array.from(reference.x, (row) => row[tested] as number);
  return sumByCluster(efficientScores(data, fit, { upper: column, lower: column }), reference.cluster, 8);
}

it("S3: efficient scores equal those by complex steps and numerical second derivatives", () => {
  for (const tested of [0, 1, 2])
    expectAgreement([...clusterScores(tested)], reference.scores[tested] as number[], { share: 1e-4 });
});

it("S3: below twelve clusters the weights are Webb's six, else signs; mean 0 and variance 1", () => {
  const few = wildWeights(11, 20_000, randomStream(1));
  expect([...new Set(few)].map((weight) => weight ** 2).sort()).toHaveLength(6);
  const many = wildWeights(12, 20_000, randomStream(1));
  expect([...new Set(many)].sort()).toEqual([-1, 1]);
  for (const weights of [few, many]) {
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    const variance = weights.reduce((sum, weight) => sum + weight ** 2, 0) / weights.length;
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1)).toBeLessThan(0.01);
  }
  expect(() => wildWeights(1, 9, randomStream(1))).toThrow(RangeError);
});

it("S3: p is least where clusters agree, large where they cancel, and never 0", () => {
  const weights = wildWeights(8, 9999, randomStream(2));
  const of = (...scores: number[]) => wildScoreTest(Float64Array.from(scores), weights);
  expect(of(3, 4, 3, 4, 3, 4, 3, 4)).toBeLessThan(0.01);
  expect(of(3, 4, 3, 4, 3, 4, 3, 4)).toBeGreaterThan(0);
  expect(of(3, -4, 3, -4, 3, -2, 3, -2)).toBeGreaterThan(0.5);
  expect(of(0, 0, 0, 0, 0, 0, 0, 0)).toBe(1);
  expect(() => of(1, 2, Number.NaN, 0, 0, 0, 0, 0)).toThrow(RangeError);
});

it("S3: p-values are uniform where clusters are symmetric about 0", () => {
  const stream = randomStream(4, "null");
  const weights = wildWeights(8, 999, randomStream(5));
  const rejected = Array.from({ length: 2000 }, () =>
    wildScoreTest(
      Float64Array.from({ length: 8 }, () => stream.normal()),
      weights,
    ),
  ).filter((p) => p <= 0.05).length;
  expect(rejected / 2000).toBeGreaterThan(0.03);
  expect(rejected / 2000).toBeLessThan(0.07);
});
