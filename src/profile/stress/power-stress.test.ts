import { beforeAll, expect, it } from "vitest";
import { simulateStress, stressReportOf } from "../../../test/fixtures/stress-run.ts";
import { wilson } from "../../kernel/intervals.ts";
import { pairedPower } from "../../kernel/power.ts";
import type { StressReport } from "../../model/stress-report.ts";
import { planStressPower } from "./power-stress.ts";

let report: StressReport;
beforeAll(async () => {
  report = stressReportOf(await simulateStress("threshold-5", { factors: ["power"], formats: ["act"] }));
});

it("T24: so many families see the difference, and one fewer does not", () => {
  const options = { delta: 0.2, power: 0.8, alpha: 0.05 };
  const plan = planStressPower(report, options);
  expect(plan.points.map(({ level }) => level)).toEqual([0, 1, 4, 7]);
  const { sd, families } = plan.points[2] as { sd: number; families: number };
  expect(pairedPower(0.2, sd, families)).toBeGreaterThanOrEqual(0.8);
  if (families > 6) expect(pairedPower(0.2, sd, families - 1)).toBeLessThan(0.8);
});

it("T24: so many answers without a severe one put a rate below the difference", () => {
  const { answers } = planStressPower(report, { delta: 0.01, power: 0.8, alpha: 0.05 });
  expect(wilson(0, answers as number)[1]).toBeLessThan(0.01);
  expect(wilson(0, (answers as number) - 1)[1]).toBeGreaterThanOrEqual(0.01);
});

it("T24: families that all agree need the fewest that signs can tell; one family has no spread", () => {
  const alike = (values: readonly (number | null)[]): StressReport => ({
    ...report,
    results: report.results.map((result) => ({
      ...result,
      curves: result.curves.map((curve) => ({
        ...curve,
        points: curve.points.map((point) => ({
          ...point,
          families: values.map((value, at) => ({ family: `f${at}`, value, n: 11 })),
        })),
      })),
    })),
  });
  const options = { delta: 0.1, power: 0.8, alpha: 0.05 };
  expect(planStressPower(alike([0.5, 0.5, 0.5]), options).points[0]).toMatchObject({ sd: 0, families: 6 });
  expect(planStressPower(alike([0.5, null]), options).points[0]).toMatchObject({ sd: null, families: null });
});
