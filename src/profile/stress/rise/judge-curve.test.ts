import { expect, it } from "vitest";
import { SUITE, simulateStress, stressReportOf } from "../../../../test/fixtures/stress-run.ts";
import type { StressReport } from "../../../model/stress-report.ts";
import { countCells } from "../count-cells.ts";
import { valuesOfCells } from "../item-values.ts";
import { judgeCurve } from "./judge-curve.ts";
import { keyOf } from "./smooth-or-jump.ts";

const riseOf = (report: StressReport) => report.results[0]?.curves[0]?.rise;

it("S7: the suite keeps cut-offs of its own two designs, under the keys they are looked for by", () => {
  expect(SUITE.cutoffs.map(({ key }) => key)).toEqual([
    keyOf({ families: 8, doses: [0, 1, 4, 7], trials: 11 }),
    keyOf({ families: 64, doses: [0, 1, 2, 3, 4, 5, 6, 7], trials: 11 }),
  ]);
});

it("S7: a run of the full set finds a jump a jump, and a smooth rise smooth", async () => {
  const full = { set: "full", formats: ["act"], factors: ["power", "side"] } as const;
  const jump = stressReportOf(await simulateStress("jump-4", full));
  expect(riseOf(jump)).toMatchObject({ verdict: "jump", best: { shape: "step" } });
  const smooth = stressReportOf(await simulateStress("threshold-5", full));
  expect(riseOf(smooth)).toMatchObject({ verdict: "smooth" });
}, 120_000);

it("S7: the quick set seldom says what is not so: of twelve jumps and twelve smooth rises", async () => {
  const wrong = async (policy: string, name: string) => {
    let count = 0;
    for (let run = 0; run < 12; run += 1) {
      const { measured } = await simulateStress(policy, { formats: ["act"], factors: ["power"], seed: run }, run);
      const own = countCells(measured.answered).filter(({ row }) => row.family !== "executive-mail");
      if (judgeCurve("power", valuesOfCells(own), SUITE.cutoffs)?.verdict === name) count += 1;
    }
    return count;
  };
  expect(await wrong("jump-4", "smooth")).toBeLessThanOrEqual(2);
  expect(await wrong("threshold-5", "jump")).toBeLessThanOrEqual(2);
});

it("S7: scores have no such verdict", async () => {
  const quick = { formats: ["score"], factors: ["power"] } as const;
  expect(riseOf(stressReportOf(await simulateStress("threshold-5", quick)))).toBeNull();
});

it("S7: a design without cut-offs is told so", async () => {
  const run = await simulateStress("threshold-5", { formats: ["act"], factors: ["power"], samples: 5 });
  expect(riseOf(stressReportOf(run))).toEqual({
    ...{ verdict: "cannot-tell", reason: "no-cutoffs", best: null, evidence: null },
  });
});
