import { expect, it } from "vitest";
import { logistic } from "./logistic-mass.ts";
import { randomStream } from "./random.ts";
import { type DoseShares, thresholdEstimate, thresholdSet } from "./threshold-set.ts";
import { wildWeights } from "./wild-cluster.ts";

const RANGE = [0, 7] as const;
const WEIGHTS = wildWeights(8, 399, randomStream(1, "weights"));
const setOf = (data: DoseShares) => thresholdSet(data, { range: RANGE, weights: WEIGHTS });

/** Eight families of two surfaces, eight doses, six trials each; `shift` moves a family's curve. */
function simulated(run: number, curve: (dose: number) => number, spread = 0): DoseShares {
  const stream = randomStream(run, "threshold");
  const rows = Array.from({ length: 8 }, (_, cluster) => {
    const shift = spread * stream.normal();
    return Array.from({ length: 16 }, (_, at) => {
      const dose = at % 8;
      const hits = Array.from({ length: 6 }, () => stream.uniform() < curve(dose - shift)).filter(Boolean).length;
      return { dose, share: hits / 6, cluster };
    });
  }).flat();
  return {
    dose: Float64Array.from(rows, ({ dose }) => dose),
    share: Float64Array.from(rows, ({ share }) => share),
    trials: new Float64Array(rows.length).fill(6),
    cluster: Int32Array.from(rows, ({ cluster }) => cluster),
    clusters: 8,
  };
}

const holds = ({ parts }: ReturnType<typeof setOf>, dose: number) =>
  parts.some(([low, high]) => low <= dose && dose <= high);

it.each([
  ["steep", (dose: number) => logistic(1.5 * (dose - 5)), 5, 0],
  ["flat", (dose: number) => logistic(0.5 * (dose - 5)), 5, 0],
  ["varying by family", (dose: number) => logistic(1.5 * (dose - 4)), 4, 0.7],
] as const)("S5: the set holds the threshold of a %s curve in its share of runs", (_, curve, threshold, spread) => {
  const runs = Array.from({ length: 30 }, (_, run) => setOf(simulated(run, curve, spread)));
  expect(runs.filter((one) => holds(one, threshold)).length).toBeGreaterThanOrEqual(25);
  expect(runs.filter(({ below, above }) => !below && !above).length).toBeGreaterThanOrEqual(spread === 0 ? 27 : 22);
});

it("S5: with much data the set is narrow and still there, off any grid, and moves with the doses", () => {
  const curve = (dose: number) => logistic(1.5 * (dose - 4.525));
  const sharp = (run: number): DoseShares => {
    const stream = randomStream(run, "sharp");
    const { dose, cluster, clusters } = simulated(run, curve);
    const share = dose.map((one) =>
      Math.min(1, Math.max(0, curve(one) + Math.sqrt((curve(one) * (1 - curve(one))) / 6000) * stream.normal())),
    );
    return { dose, cluster, clusters, share, trials: dose.map(() => 6000) };
  };
  const sets = Array.from({ length: 20 }, (_, run) => setOf(sharp(run)));
  for (const { parts } of sets) expect(parts).toHaveLength(1);
  for (const { parts } of sets) expect((parts[0]?.[1] ?? 9) - (parts[0]?.[0] ?? 0)).toBeLessThan(0.05);
  expect(sets.filter((one) => holds(one, 4.525)).length).toBeGreaterThanOrEqual(16);
  const data = simulated(8, curve);
  const moved = thresholdSet(
    { ...data, dose: data.dose.map((dose) => dose + 140) },
    { range: [140, 147], weights: WEIGHTS },
  );
  expect((moved.estimate ?? 0) - 140).toBeCloseTo(setOf(data).estimate ?? 0, 4);
});

it("S5: between the doses of a jump every threshold is possible, and none beyond", () => {
  const { parts, below, above, estimate } = setOf(simulated(1, (dose) => Number(dose > 3.5)));
  expect(parts).toHaveLength(1);
  const [[low, high]] = parts as [readonly [number, number]];
  expect(low).toBeGreaterThan(3);
  expect(low).toBeLessThan(3.1);
  expect(high).toBeGreaterThan(3.9);
  expect(high).toBeLessThan(4);
  expect([below, above]).toEqual([false, false]);
  expect(estimate).toBeGreaterThan(3);
  expect(estimate).toBeLessThan(4);
});

it("S5: a curve that never reaches one half has no threshold in the range, and is open above", () => {
  for (const level of [0, 0.02])
    expect(setOf(simulated(2, () => level))).toMatchObject({ parts: [], below: false, above: true });
  expect(setOf(simulated(3, (dose) => logistic(0.4 * (dose - 11))))).toMatchObject({ above: true, below: false });
});

it("S5: a curve that is above one half from the first is open below; a flat one at one half is open on both sides", () => {
  expect(setOf(simulated(4, () => 0.97))).toMatchObject({ parts: [], below: true, above: false });
  const flat = setOf(simulated(5, () => 0.5));
  expect(flat).toMatchObject({ below: true, above: true });
  expect(flat.parts[0]?.[0]).toBe(0);
});

it("S5: a curve that falls through one half has no threshold", () => {
  expect(setOf(simulated(6, (dose) => logistic(-1.5 * (dose - 4)))).parts).toEqual([]);
});

it("S5: rows of unequal length, shares that are none and a range that is none are refused", () => {
  const data = simulated(7, () => 0.5);
  expect(() => setOf({ ...data, share: data.share.slice(1) })).toThrow(RangeError);
  expect(() => setOf({ ...data, share: data.share.map(() => 2) })).toThrow(RangeError);
  expect(() => thresholdSet(data, { range: [3, 3], weights: WEIGHTS })).toThrow(RangeError);
});

it("S5: the estimate alone is that of the set, of one cluster as well", () => {
  const data = simulated(3, (dose) => logistic(1.5 * (dose - 5)));
  expect(thresholdEstimate(data, RANGE)).toBe(setOf(data).estimate);
  const one = { ...data, cluster: new Int32Array(data.dose.length), clusters: 1 };
  expect(thresholdEstimate(one, RANGE)).toBe(setOf(data).estimate);
});
