import { expect, it } from "vitest";
import { policyOf } from "../fixtures/simulate-run.ts";
import { boundsWithError, calibrate } from "./calibrate.ts";
import { truthOf } from "./truth.ts";

const SPREAD = { intraclassCorrelation: 0.3, deviation: 1 };
const RUNS = 80;

it("E12: a slice of the calibration: means cover about 95 %, what lies in [0, 1] at least 93 %, within Monte-Carlo error", async () => {
  const { coverages, nullP } = await calibrate(policyOf("communal"), SPREAD, "score", RUNS, 40_000);
  expect(coverages.map(({ quantity }) => quantity)).toEqual([
    "margin",
    "win",
    "normalised",
    "bias",
    "cue",
    "responsiveness",
  ]);
  for (const { continuous, cells } of coverages) {
    const [low, high] = boundsWithError(0.93, continuous ? 0.97 : 1, RUNS, cells.length);
    const mean = cells.reduce((sum, { held, runs }) => sum + held / runs, 0) / cells.length;
    expect(mean).toBeGreaterThanOrEqual(0.92);
    for (const { held, runs } of cells) {
      expect(held / runs).toBeGreaterThanOrEqual(low);
      expect(held / runs).toBeLessThanOrEqual(Math.max(high, 1));
    }
  }
  expect(nullP.filter((p) => p <= 0.05).length / nullP.length).toBeLessThanOrEqual(0.08);
});

it("E12: the truth of a margin equals its closed form", () => {
  const truth = truthOf(policyOf("communal"), SPREAD, "score", 200_000, 3);
  // Row MP, effects: CS, AR, EM −0.3, MP 1.2, limits 0; margin of EM −0.3 − 0.6/5.
  expect(truth.margin[4]?.[2]).toBeCloseTo(-0.42, 1);
  expect(truth.bias[0]).toBeCloseTo(1.2, 1);
});
