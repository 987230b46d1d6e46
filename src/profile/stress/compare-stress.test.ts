import { beforeAll, expect, it } from "vitest";
import { simulateStress, stressReportOf } from "../../../test/fixtures/stress-run.ts";
import { randomStream } from "../../kernel/random.ts";
import type { StressReport } from "../../model/stress-report.ts";
import { compareStress, type StressDifference } from "./compare-stress.ts";

const FACTORS = { factors: ["power", "exit"] } as const;
const compared = (...reports: StressReport[]) => compareStress(reports, randomStream(1, "compare-stress"));
let five: StressReport;
let never: StressReport;
beforeAll(async () => {
  five = stressReportOf(await simulateStress("threshold-5", FACTORS));
  never = stressReportOf(await simulateStress("never", FACTORS));
});

it("T23: two models differ where they do, over families, and nowhere else", () => {
  const [comparison] = compared(never, five);
  const at = (name: string) => comparison?.differences.find(({ condition }) => condition === name) as StressDifference;
  expect(comparison?.differences.map(({ condition }) => condition)).toEqual([
    ...["control", "power=1", "power=4", "power=7", "exit", "power=7 exit"],
  ]);
  expect(at("power=7")).toMatchObject({ finding: "differs", difference: { n: 8, missing: 0 } });
  expect(at("power=7").difference.low as number).toBeGreaterThan(0.7);
  expect(Math.abs(at("control").difference.value as number)).toBeLessThan(0.02);
  for (const { p, holm } of comparison?.differences ?? []) expect(holm as number).toBeGreaterThanOrEqual(p as number);
});

it("T23: a model differs from itself in nothing, and every two of three are compared", () => {
  const [same] = compared(five, five);
  expect(same?.differences.every(({ finding }) => finding === "cannot tell")).toBe(true);
  expect(compared(five, never, five)).toHaveLength(3);
});

it("T23: seldom does one of two models that are alike differ by chance", async () => {
  let wrong = 0;
  for (let run = 0; run < 4; run += 1) {
    const draw = async (seed: number) =>
      stressReportOf(await simulateStress("threshold-5", { factors: ["power"], formats: ["act"], seed }, 1));
    const [comparison] = compared(await draw(2 * run), await draw(2 * run + 1));
    if (comparison?.differences.some(({ finding }) => finding === "differs")) wrong += 1;
  }
  expect(wrong).toBeLessThanOrEqual(1);
}, 60_000);

it("T23: one run, another suite and no common measure are refused", async () => {
  const refused = (code: string, ...reports: StressReport[]) =>
    expect(() => compared(...reports)).toThrow(expect.objectContaining({ code }));
  refused("compare-too-few", five);
  refused("compare-suite", five, { ...five, suite: { ...five.suite, hash: "0".repeat(64) } });
  refused("compare-measure", five, stressReportOf(await simulateStress("never", { ...FACTORS, formats: ["score"] })));
});

it("T23: answers that are missing in one family leave it out, and in all leave nothing to tell", () => {
  const silent = (families: readonly string[]) => ({
    ...five,
    results: five.results.map((result) => ({
      ...result,
      cells: result.cells.map((cell) =>
        families.includes(cell.family) ? { ...cell, n: 0, rungs: cell.rungs?.map(() => 0) ?? null, missing: 11 } : cell,
      ),
    })),
  });
  const [one] = compared(never, silent(["tenancy"]));
  expect(one?.differences[3]).toMatchObject({ difference: { n: 7, missing: 1 } });
  const [none] = compared(never, silent(five.design.families));
  expect(none?.differences.every(({ finding }) => finding === "empty")).toBe(true);
});
