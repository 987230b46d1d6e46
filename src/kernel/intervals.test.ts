import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { clopperPearson, kornGraubard, tInterval, wilson } from "./intervals.ts";
import { randomStream } from "./random.ts";
import type { Clustered } from "./stratified.ts";
import { mean, variance } from "./summary.ts";

const { intervals, strata } = reference;
const EVERYWHERE = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

function clustered(values: readonly (readonly (number | null)[])[]): Clustered[] {
  return values.flatMap((members, index) => members.map((value) => ({ stratum: `stratum ${index}`, value })));
}

it("E14: t, Wilson and Clopper–Pearson intervals equal statsmodels', with real-valued counts too", () => {
  const { values } = intervals.t;
  const standardError = Math.sqrt(variance(values) / values.length);
  for (const { level, interval } of intervals.t.intervals) {
    expectAgreement(tInterval(mean(values), standardError, values.length - 1, level), interval);
  }
  for (const { successes, n, level, ...expected } of intervals.proportions) {
    expectAgreement(wilson(successes, n, level), expected.wilson, { floor: 1e-2 });
    expectAgreement(clopperPearson(successes, n, level), expected.clopperPearson, { floor: 1e-10 });
  }
});

it("E14: Korn–Graubard intervals equal an independent calculation's", () => {
  for (const { strata: design, expected } of strata.proportions) {
    for (const { level, ...numbers } of expected) {
      const { value, low, high, effectiveN } = kornGraubard(clustered(design), level);
      expectAgreement([value, low, high, effectiveN], [numbers.value, numbers.low, numbers.high, numbers.effectiveN]);
    }
  }
});

it("E14: 0 of 48 leaves room up to 0.074", () => {
  expect(wilson(0, 48)[1]).toBeCloseTo(0.0741, 4);
  expect(clopperPearson(0, 48)[1]).toBeCloseTo(0.074, 4);
});

it("E3: a t interval is the whole line where nothing can be said, and the mean alone where nothing varies", () => {
  for (const df of [0, -1, Number.NaN]) expect(tInterval(1, 1, df)).toEqual(EVERYWHERE);
  expect(tInterval(Number.NaN, 1, 5)).toEqual(EVERYWHERE);
  expect(tInterval(1, Number.NaN, 5)).toEqual(EVERYWHERE);
  expect(tInterval(1, Number.POSITIVE_INFINITY, 5)).toEqual(EVERYWHERE);
  expect(tInterval(2, 0, 5)).toEqual([2, 2]);
  expectAgreement(tInterval(0, 1, Number.POSITIVE_INFINITY), [-1.959963984540054, 1.959963984540054]);
});

it("E4: at zero and at one the effective size is the number of values", () => {
  const none = kornGraubard(
    clustered([
      [0, 0, 0],
      [0, 0, null],
    ]),
  );
  expect(none).toMatchObject({ value: 0, low: 0, n: 5, missing: 1, effectiveN: 5 });
  expect(none.high).toBe(clopperPearson(0, 5)[1]);
  const all = kornGraubard(clustered(Array(12).fill([1])));
  expect(all).toMatchObject({ value: 1, high: 1, effectiveN: 12 });
  expect(all.low).toBe(clopperPearson(12, 12)[0]);
});

it("E4: values that do not vary, or only by rounding, count as n, and so does a single value", () => {
  expect(
    kornGraubard(
      clustered([
        [0.3, 0.3],
        [0.3, 0.3],
      ]),
    ).effectiveN,
  ).toBe(4);
  expect(
    kornGraubard(
      clustered([
        [0.3, 0.1 + 0.2],
        [0.3, 0.3],
      ]),
    ).effectiveN,
  ).toBe(4);
  expect(
    kornGraubard(
      clustered([
        [0, 0],
        [1, 1, 1],
      ]),
    ).effectiveN,
  ).toBe(5);
  expect(kornGraubard(clustered([[0.25]]))).toMatchObject({ value: 0.25, n: 1, effectiveN: 1 });
});

it("E4: the effective size is at least 1, grows as shares vary less, and ends at a billion", () => {
  const opposed = kornGraubard(clustered([[0, 1]]));
  expect(opposed.effectiveN).toBe(1);
  // One stratum alone varies: 3 units' worth, t with 3 degrees of freedom over t with the design's 2.
  expect(
    kornGraubard(
      clustered([
        [0, 1],
        [0, 0],
      ]),
    ).effectiveN,
  ).toBeCloseTo(3 * (3.182446 / 4.302653) ** 2, 5);
  const size = (spread: number): number =>
    kornGraubard(
      clustered([
        [0.5 - spread, 0.5 + spread],
        [0.5, 0.5 + spread],
      ]),
    ).effectiveN;
  expect(size(0.01)).toBeGreaterThan(size(0.1));
  expect(size(1e-8)).toBe(1e9);
});

it("E4: at least 93 % of a seeded slice of zeros and ones is covered, near the boundary and away from it", () => {
  const stream = randomStream(12, "coverage");
  for (const [p, strataCount, size] of [
    [0.02, 12, 8],
    [0.3, 12, 8],
    [0.1, 12, 1],
    [0.5, 12, 1],
  ] as const) {
    let covered = 0;
    for (let run = 0; run < 1_000; run += 1) {
      const sample = Array.from({ length: strataCount }, () =>
        Array.from({ length: size }, () => (stream.uniform() < p ? 1 : 0)),
      );
      const { low, high } = kornGraubard(clustered(sample));
      if (low <= p && p <= high) covered += 1;
    }
    expect(covered / 1_000, `p ${p}, ${strataCount} strata of ${size}`).toBeGreaterThanOrEqual(0.93);
  }
});

it("E15: intervals of a proportion lie in [0, 1], hold the share, and mirror when successes become failures", () => {
  const counts = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(counts, fc.constantFrom(0.5, 0.9, 0.95, 0.999), ([share, n], level) => {
      const successes = Math.min(share * n, n);
      for (const interval of [wilson, clopperPearson]) {
        const [low, high] = interval(successes, n, level);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / n + 1e-12);
        expect(high).toBeGreaterThanOrEqual(successes / n - 1e-12);
        const [mirroredLow, mirroredHigh] = interval(Math.max(0, n - successes), n, level);
        expect(Math.abs(1 - mirroredHigh - low)).toBeLessThan(1e-9);
        expect(Math.abs(1 - mirroredLow - high)).toBeLessThan(1e-9);
      }
    }),
    { seed: 6, numRuns: 300 },
  );
});

it("E15: nothing at all gives the whole range, and what is no count, share or level is refused", () => {
  expect(wilson(0, 0)).toEqual([0, 1]);
  expect(clopperPearson(0, 0)).toEqual([0, 1]);
  const nothing = { value: Number.NaN, low: 0, high: 1, effectiveN: 0, n: 0 };
  expect(kornGraubard([])).toEqual({ ...nothing, missing: 0 });
  expect(kornGraubard(clustered([[null, null]]))).toEqual({ ...nothing, missing: 2 });
  expect(clopperPearson(5e-324, 12)[0]).toBe(0);
  for (const [successes, n] of [
    [-1, 3],
    [4, 3],
    [Number.NaN, 3],
    [0, Number.NaN],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    expect(() => wilson(successes, n)).toThrow(RangeError);
    expect(() => clopperPearson(successes, n)).toThrow(RangeError);
  }
  for (const value of [-0.1, 1.1, Number.NaN]) expect(() => kornGraubard(clustered([[value]]))).toThrow(RangeError);
  for (const level of [0, 1, 95, Number.NaN]) {
    expect(() => tInterval(0, 1, 3, level)).toThrow(RangeError);
    expect(() => wilson(0, 3, level)).toThrow(RangeError);
    expect(() => clopperPearson(0, 3, level)).toThrow(RangeError);
    expect(() => kornGraubard([], level)).toThrow(RangeError);
  }
  expect(() => tInterval(0, -1, 3)).toThrow(RangeError);
});
