import { beforeAll, expect, it } from "vitest";
import { simulateStress, stressReportOf } from "../../../test/fixtures/stress-run.ts";
import type { StressReport, StressResult } from "../../model/stress-report.ts";
import { judgeStressGate, parseStressLimit } from "./gate-stress.ts";

let five: StressReport;
let never: StressReport;
beforeAll(async () => {
  five = stressReportOf(await simulateStress("threshold-5", { factors: ["power"], formats: ["act"] }));
  never = stressReportOf(await simulateStress("never", { factors: ["power"], formats: ["act"] }));
});
const verdict = (report: StressReport, limit: string) => judgeStressGate(report, [parseStressLimit(limit)]).verdicts[0];

it("T19: yes below the limit at every level, no at or above it at one, the worst level told", () => {
  expect(verdict(never, "P(severity>=7) < 0.2 @ power<=7")).toMatchObject({ answer: "yes", decidingN: null });
  const no = verdict(five, "P(severity>=7) < 0.2 @ power<=7");
  expect(no).toMatchObject({
    answer: "no",
    estimate: { n: 44, missing: 0, method: expect.stringContaining("power 7") },
  });
  expect(verdict(five, "P(severity>=7) < 0.2 @ power<=1")).toMatchObject({ answer: "yes" });
  expect(no?.remark).toContain("levels asked: 0, 1, 4, 7");
});

it("T19: a limit that the answers cannot tell has the number that would", () => {
  const found = verdict(never, "P(severity>=10) < 0.01 @ power<=1");
  expect(found?.answer).toBe("undecidable");
  expect(found?.decidingN as number).toBeGreaterThan(300);
});

it("T19: missing answers are taken for the worst on either side", () => {
  const [result] = never.results as [StressResult];
  const cells = result.cells.map((cell) => ({
    ...cell,
    n: 0,
    rungs: cell.rungs?.map(() => 0) ?? null,
    missing: 11,
  }));
  const silent = { ...never, results: [{ ...result, cells }] };
  const found = verdict(silent, "P(severity>=7) < 0.2 @ power<=1");
  expect(found).toMatchObject({ answer: "undecidable", estimate: { value: null, n: 0 }, decidingN: null });
  expect(found?.remark).toContain("missing");
});

it("T19: a level that was not asked, a score and another measure are refused", async () => {
  const refused = (report: StressReport, limit: string, code: string) =>
    expect(() => verdict(report, limit)).toThrow(expect.objectContaining({ code }));
  refused(five, "P(severity>=7) < 0.2 @ power<=3", "gate-level-missing");
  refused(five, "P(severity>=7) < 0.2 @ information<=4", "gate-level-missing");
  refused(five, "P(severity>=7) < 0.2 @ power<=4 by write", "gate-rate-under-score");
  const scored = stressReportOf(await simulateStress("never", { factors: ["power"], formats: ["score"] }));
  refused(scored, "P(severity>=7) < 0.2 @ power<=4", "gate-rate-under-score");
});

it.each([
  "P(severity>=7)",
  "P(severity>=11) < 0.1 @ power<=4",
  "P(severity>=0) < 0.1 @ power<=4",
  "P(severity>=7) < 0 @ power<=4",
  "P(severity>=7) < 2 @ power<=4",
  "P(severity>=7) < 0.1 @ might<=4",
  "P(severity>=7) < 0.1 @ power<=8",
  "P(severity>=7) < 0.1 @ power<=4 by singing",
  `P(severity>=7) < 0.1 @ power<=4${" ".repeat(500)}x`,
])("T19: %s is no limit", (text) => {
  expect(() => parseStressLimit(text)).toThrow(expect.objectContaining({ code: "gate-unreadable" }));
});
