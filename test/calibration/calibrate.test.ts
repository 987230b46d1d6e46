import { expect, it } from "vitest";
import { policyOf } from "../fixtures/simulate-run.ts";
import { type Condition, calibrate } from "./calibrate.ts";
import { fullPath } from "./full-path.ts";
import { truthOf } from "./truth.ts";
import { within } from "./verdicts.ts";

const SPREAD = { intraclassCorrelation: 0.3, deviation: 1 };
const RUNS = 60;

it.each<Condition["domains"]>(["drawn", "fixed"])(
  "E12: a slice of the calibration, domains %s: means cover about 95 %, what lies in [0, 1] at least 93 %, within Monte-Carlo error",
  async (domains) => {
    const condition: Condition = { policy: policyOf("communal"), spread: SPREAD, kind: "score", domains };
    const { coverages, nulls } = await calibrate(condition, RUNS, 20_000);
    const quantities = coverages.map(({ quantity }) => quantity);
    expect(quantities).toEqual(["margin", "win", "normalised", "bias", "cue", "decoy", "responsiveness", "difference"]);
    const count = coverages.reduce((sum, { cells }) => sum + cells.length, 0);
    for (const { continuous, cells } of coverages) {
      const bounds = continuous ? ([0.93, 0.97] as const) : ([0.93, 1] as const);
      const mean = cells.reduce((sum, { held, runs }) => sum + held / runs, 0) / cells.length;
      expect(mean).toBeGreaterThanOrEqual(0.92);
      for (const { held, runs } of cells) expect(within(held, runs, bounds, count)).toBe(true);
    }
    for (const { name, p } of nulls) {
      const found = p.filter((one) => one <= 0.05).length;
      expect(within(found, p.length, [0, 0.05], nulls.length), `${name}: ${found} of ${p.length}`).toBe(true);
    }
  },
);

it("E12: what is outside its bounds by more than chance is told so, and what is inside is not", () => {
  expect(within(900, 1000, [0.93, 0.97], 1000)).toBe(true);
  expect(within(870, 1000, [0.93, 0.97], 1000)).toBe(false);
  expect(within(995, 1000, [0.93, 0.97], 1000)).toBe(false);
  expect(within(1000, 1000, [0.93, 1], 1000)).toBe(true);
  expect(within(60, 500, [0, 0.05], 100)).toBe(false);
  expect(within(30, 500, [0, 0.05], 100)).toBe(true);
});

it("E12: the truth of a margin equals its closed form, also where the domains are fixed", () => {
  const truth = truthOf(policyOf("communal"), SPREAD, "score", 60_000, 3);
  // Row MP, effects: CS, AR, EM −0.3, MP 1.2, limits 0; margin of EM −0.3 − 0.6/5.
  expect(truth.margin[4]?.[2]).toBeCloseTo(-0.42, 1);
  expect(truth.bias[0]).toBeCloseTo(1.2, 1);
  const shifted = [1, 3].map((size) => () => [size, 0, 0, 0, 0, 0]);
  expect(truthOf(policyOf("communal"), SPREAD, "score", 60_000, 3, shifted).bias[0]).toBeCloseTo(3.2, 1);
});

it("E12: one run of the full path gives the profile of the same answers in memory, and a card that verifies", async () => {
  const { calls, faults } = await fullPath("refuser", new AbortController().signal);
  expect(faults).toEqual([]);
  expect(calls).toBeGreaterThan(100);
});
