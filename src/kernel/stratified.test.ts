import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { tInterval } from "./intervals.ts";
import { type RandomStream, randomStream } from "./random.ts";
import { type Clustered, stratifiedMean } from "./stratified.ts";

const { strata } = reference;

function clustered(values: readonly (readonly (number | null)[])[]): Clustered[] {
  return values.flatMap((members, index) => members.map((value) => ({ stratum: `stratum ${index}`, value })));
}

/** Share of intervals that hold the truth, over seeded samples of strata of unlike means and spreads. */
function coverage(sizes: readonly number[], between: number, runs: number, stream: RandomStream): number {
  let covered = 0;
  for (let run = 0; run < runs; run += 1) {
    const sample = sizes.map((size, index) => {
      const centre = between === 0 ? index : between * stream.normal();
      return Array.from({ length: size }, () => centre + (1 + (index % 3)) * stream.normal());
    });
    const truth = between === 0 ? (sizes.length - 1) / 2 : 0;
    const { mean, standardError, degreesOfFreedom } = stratifiedMean(clustered(sample));
    const [low, high] = tInterval(mean, standardError, degreesOfFreedom);
    if (low <= truth && truth <= high) covered += 1;
  }
  return covered / runs;
}

it("E14: stratified mean, standard error and degrees of freedom equal exact fractions'", () => {
  for (const { strata: design, expected } of strata.means) {
    const { mean, standardError, degreesOfFreedom, ...rest } = stratifiedMean(clustered(design));
    expectAgreement(
      [mean, standardError, degreesOfFreedom],
      [expected.mean, expected.standardError, expected.degreesOfFreedom],
      { share: 1e-12 },
    );
    const { n, missing, strata: used, variance } = expected;
    expect(rest).toEqual({ n, missing, strata: used, variance });
  }
});

it("E2: with two values in every stratum the variance is within strata, with a single one in any it is between and says so", () => {
  const within = stratifiedMean(
    clustered([
      [1, 3],
      [10, 10, 13],
    ]),
  );
  expect(within).toMatchObject({ mean: 6.5, n: 5, strata: 2, variance: "within domains" });
  expectAgreement(within.standardError, Math.sqrt((2 / 2 + 3 / 3) / 4));
  const between = stratifiedMean(clustered([[1, 3], [11], [null, 5]]));
  expect(between).toMatchObject({
    mean: 6,
    n: 4,
    missing: 1,
    strata: 3,
    degreesOfFreedom: 2,
    variance: "between domains",
  });
  expectAgreement(between.standardError, Math.sqrt((16 + 25 + 1) / 2 / 3));
});

it("E2: strata weigh the same whatever their size, and differences between them are no error within", () => {
  const sample = [
    [0, 0, 0, 0, 0, 1],
    [100, 101],
  ];
  expect(stratifiedMean(clustered(sample)).mean).toBeCloseTo((1 / 6 + 100.5) / 2, 12);
  expect(stratifiedMean(clustered(sample)).standardError).toBeLessThan(0.5);
});

it("E3: t intervals with these degrees of freedom cover 93 to 97 % of a seeded slice, within strata and between", () => {
  const stream = randomStream(11, "coverage");
  for (const [sizes, between] of [
    [Array(12).fill(8), 0],
    [Array(12).fill(2), 0],
    [[2, 2, 3, 5], 0],
    [Array(12).fill(1), 2],
  ] as const) {
    const share = coverage(sizes, between, 2_000, stream);
    expect(share).toBeGreaterThan(0.935);
    expect(share).toBeLessThan(0.975);
  }
});

it("E15: the order of values changes nothing, and nulls only the count of what is missing", () => {
  const unit = fc.record({
    stratum: fc.constantFrom("a", "b", "c"),
    value: fc.option(fc.integer({ min: -50, max: 50 }).map((value) => value / 4)),
  });
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 30 }), fc.integer(), (values, seed) => {
      const forwards = stratifiedMean(values);
      const shuffled = stratifiedMean(randomStream(seed).shuffle(values));
      const measured = stratifiedMean(values.filter(({ value }) => value !== null));
      expect(measured).toEqual({ ...forwards, missing: 0 });
      expect(forwards.n + forwards.missing).toBe(values.length);
      for (const key of ["mean", "standardError", "degreesOfFreedom"] as const) {
        if (Number.isNaN(forwards[key])) expect(shuffled[key]).toBeNaN();
        else expectAgreement(shuffled[key], forwards[key]);
      }
    }),
    { seed: 4 },
  );
});

it("E15: empty, all missing, single, tied and NaN values are as stated", () => {
  const empty = { mean: Number.NaN, standardError: Number.NaN, degreesOfFreedom: 0, n: 0, strata: 0 };
  expect(stratifiedMean([])).toEqual({ ...empty, missing: 0, variance: "between domains" });
  expect(stratifiedMean(clustered([[null], [null, null]]))).toEqual({
    ...empty,
    missing: 3,
    variance: "between domains",
  });
  expect(stratifiedMean(clustered([[4]]))).toMatchObject({
    mean: 4,
    standardError: Number.NaN,
    degreesOfFreedom: 0,
    n: 1,
  });
  expect(
    stratifiedMean(
      clustered([
        [0.1, 0.1],
        [0.7, 0.7, 0.7],
      ]),
    ),
  ).toMatchObject({ standardError: 0, degreesOfFreedom: 3 });
  // Variances whose squares would underflow still give degrees of freedom.
  const tiny = stratifiedMean(
    clustered([
      [0, 1e-90],
      [0, 1e-90],
    ]),
  );
  expect(tiny.degreesOfFreedom).toBeCloseTo(2, 10);
  expect(
    stratifiedMean(
      clustered([
        [1, Number.NaN],
        [1, 2],
      ]),
    ).mean,
  ).toBeNaN();
});
