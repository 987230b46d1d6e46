import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { type RandomStream, randomStream } from "./random.ts";
import { holm, signFlip, tost } from "./sign-flip.ts";
import { mean, variance } from "./summary.ts";

const { intervals, tests } = reference;
const stream = randomStream(1, "unused");

function normals(count: number, source: RandomStream): number[] {
  return Array.from({ length: count }, () => source.normal());
}

/** Kolmogorov's distance of p-values from the uniform distribution, in units of its 1 % point. */
function distanceFromUniform(p: readonly number[]): number {
  const sorted = [...p].sort((a, b) => a - b);
  const gaps = sorted.map((value, index) => Math.max(value - index / p.length, (index + 1) / p.length - value));
  return (Math.max(...gaps) * Math.sqrt(p.length)) / 1.63;
}

it("E14: exact sign-flip p equals enumeration in exact fractions, and SciPy's permutation test", () => {
  for (const { differences, p } of tests.signFlip) {
    const found = signFlip(differences, { stream });
    expect(found).toMatchObject({ p, exact: true, n: differences.length });
    expect(found.statistic).toBeCloseTo(
      differences.reduce((total, value) => total + value, 0),
      12,
    );
  }
  expectAgreement(signFlip(tests.signFlipScipy.differences, { stream }).p, tests.signFlipScipy.p);
});

it("E14: drawn sign-flip p is within Monte-Carlo error of the exact one", () => {
  const differences = normals(14, randomStream(3)).map((value) => value + 0.5);
  const exact = signFlip(differences, { stream });
  // Two zeros more change no p, but leave too many signs to enumerate.
  const drawn = signFlip([...differences, 0, 0], { stream: randomStream(4) });
  expect([exact.exact, drawn.exact]).toEqual([true, false]);
  expect(Math.abs(drawn.p - exact.p)).toBeLessThan(4 * Math.sqrt((exact.p * (1 - exact.p)) / 9_999) + 1e-4);
  expect(exact.p).toBeGreaterThan(0.001);
});

it("E14: Holm's adjusted p-values equal statsmodels', equivalence tests too", () => {
  for (const { p, adjusted } of tests.holm) expectAgreement(holm(p), adjusted);
  for (const { values, margin, p } of intervals.tost) {
    const standardError = Math.sqrt(variance(values) / values.length);
    expectAgreement(tost(mean(values), standardError, values.length - 1, margin).p, p);
  }
});

it("E12: under no difference sign-flip p is uniform, and P(p ≤ α) ≤ α", () => {
  const source = randomStream(21, "null");
  const exact = Array.from({ length: 800 }, () => signFlip(normals(11, source), { stream: source }).p);
  const drawn = Array.from({ length: 800 }, () => signFlip(normals(20, source), { stream: source, draws: 199 }).p);
  for (const p of [exact, drawn]) {
    expect(distanceFromUniform(p)).toBeLessThan(1);
    for (const alpha of [0.05, 0.1, 0.5]) {
      const share = p.filter((value) => value <= alpha).length / p.length;
      expect(share).toBeLessThan(alpha + 2.6 * Math.sqrt((alpha * (1 - alpha)) / p.length));
    }
  }
  // Ties make it conservative, never the reverse.
  const tied = Array.from(
    { length: 800 },
    () =>
      signFlip(
        normals(9, source).map((value) => Math.round(value)),
        { stream: source },
      ).p,
  );
  expect(tied.filter((value) => value <= 0.05).length / tied.length).toBeLessThan(0.07);
});

it("E8: a difference in one direction is found, drawn p never is 0, and the same stream gives the same p", () => {
  const differences = normals(40, randomStream(5)).map((value) => value + 2);
  const p = () => signFlip(differences, { stream: randomStream(6), draws: 999 }).p;
  expect(p()).toBe(1 / 1000);
  expect(p()).toBe(p());
  expect(signFlip(Array(14).fill(1), { stream }).p).toBe(2 ** -13);
  // Signs beyond the first word of 32 are drawn like the others: eight equal differences have p 2^−7.
  const last = signFlip([...Array(32).fill(0), ...Array(8).fill(1)], { stream: randomStream(8) });
  expect(Math.abs(last.p - 2 ** -7)).toBeLessThan(0.004);
});

it("E15: sign-flip p lies in (0, 1], ignores order, sign and unit, and zeros change nothing", () => {
  const values = fc.array(fc.integer({ min: -9, max: 9 }), { maxLength: 9 });
  fc.assert(
    fc.property(values, fc.constantFrom(1e-9, 0.1, 3, 1e9), (differences, unit) => {
      const p = signFlip(differences, { stream }).p;
      expect(p > 0 && p <= 1).toBe(true);
      expect(signFlip([...differences].reverse(), { stream }).p).toBe(p);
      expect(
        signFlip(
          differences.map((value) => -value * unit),
          { stream },
        ).p,
      ).toBe(p);
      expect(signFlip([...differences, 0, 0], { stream }).p).toBe(p);
    }),
    { seed: 7 },
  );
});

it("E15: sign-flips of nothing, of zeros, of rounded ties and of NaN are as stated", () => {
  expect(signFlip([], { stream })).toEqual({ statistic: 0, p: 1, exact: true, n: 0 });
  expect(signFlip([0, 0, 0], { stream }).p).toBe(1);
  expect(signFlip(Array(30).fill(0), { stream, draws: 9 })).toEqual({ statistic: 0, p: 1, exact: false, n: 30 });
  expect(signFlip([0.1, 0.2, -0.3], { stream }).p).toBe(1);
  for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(signFlip([1, broken], { stream })).toEqual({ statistic: Number.NaN, p: Number.NaN, exact: true, n: 2 });
  }
  for (const draws of [0, 1.5, Number.NaN]) expect(() => signFlip([1], { stream, draws })).toThrow(RangeError);
});

it("E15: Holm passes NaN through without counting it, is never below p, and keeps order", () => {
  expect(holm([])).toEqual([]);
  expect(holm([0.01, Number.NaN, 0.04])).toEqual([0.02, Number.NaN, 0.04]);
  expect(holm([Number.NaN])).toEqual([Number.NaN]);
  for (const broken of [-0.1, 1.1]) expect(() => holm([broken])).toThrow(RangeError);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (p) => {
      const adjusted = holm(p);
      for (const [i, left] of p.entries()) {
        expect(adjusted[i]).toBeGreaterThanOrEqual(left);
        expect(adjusted[i]).toBeLessThanOrEqual(1);
        for (const [j, right] of p.entries())
          if (left <= right) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] as number);
      }
    }),
    { seed: 8 },
  );
});

it("E15: equivalence is shown only inside the margin, and never from NaN", () => {
  expect(tost(0.1, 0.01, 20, 0.5).equivalent(0.05)).toBe(true);
  expect(tost(-0.6, 0.01, 20, 0.5).equivalent(0.05)).toBe(false);
  expect(tost(0.3, 0.2, 20, 0.5).p).toBe(tost(-0.3, 0.2, 20, 0.5).p);
  expect([tost(0.1, 0, 5, 0.5).p, tost(0.5, 0, 5, 0.5).p, tost(0, 1, 5, 0).p]).toEqual([0, 1, 0.5]);
  for (const test of [
    tost(Number.NaN, 1, 5, 1),
    tost(0, Number.NaN, 5, 1),
    tost(0, 1, 0, 1),
    tost(0, 0, Number.NaN, 1),
  ]) {
    expect(test.p).toBeNaN();
    expect(test.equivalent(1)).toBe(false);
  }
  expect(tost(0, 1, 5, 0).equivalent(0.5)).toBe(true);
  expect(() => tost(0, 1, 5, -1)).toThrow(RangeError);
  expect(() => tost(0, -1, 5, 1)).toThrow(RangeError);
});
