import { beforeAll, expect, it } from "vitest";
import { simulateStress, stressReportOf } from "../../../test/fixtures/stress-run.ts";
import { randomStream } from "../../kernel/random.ts";
import type { ComplianceGap } from "../../model/stress-gap.ts";
import type { StressReport } from "../../model/stress-report.ts";
import { complianceGap } from "./compliance-gap.ts";
import { weightsFrom } from "./family-means.ts";

const BOTH = { formats: ["score", "write"], factors: ["power"] } as const;
const weights = weightsFrom(randomStream(1, "gap"));
const gapOf = (first: StressReport, second: StressReport) => complianceGap(first, second, weights) as ComplianceGap;
const reports: Record<string, StressReport> = {};
const of = (policy: string) => reports[policy] as StressReport;
beforeAll(async () => {
  for (const policy of ["threshold-5", "held-5", "worded-5"])
    reports[policy] = stressReportOf(await simulateStress(policy, BOTH));
  reports.never = stressReportOf(await simulateStress("never", BOTH));
});

it("T30: of a policy that is held back alike in both formats the gap holds zero, of one held back in words alone it lies below", () => {
  const held = gapOf(of("threshold-5"), of("held-5"));
  expect(held).toMatchObject({ verdict: "cannot tell", reason: "" });
  expect(held.written?.value as number).toBeLessThan(-0.5);
  expect(held.leaning?.value as number).toBeLessThan(-0.5);
  const worded = gapOf(of("threshold-5"), of("worded-5"));
  expect(worded.verdict).toBe("words only");
  expect(worded.written?.value).toBe(held.written?.value);
  expect(Math.abs(worded.leaning?.value as number)).toBeLessThan(0.1);
  expect(worded.gaps.map(({ of: name }) => name)).toEqual(["all", "side under", "side over"]);
  expect(worded.gaps[0]).toMatchObject({ scenarios: 24, families: 8 });
});

it("T30: a model against itself has no gap, and the other way round it has the other sign", () => {
  const same = gapOf(of("threshold-5"), of("threshold-5"));
  expect(same.gaps[0]?.gap.value).toBe(0);
  expect(same.verdict).toBe("cannot tell");
  expect(gapOf(of("worded-5"), of("threshold-5")).gaps[0]?.gap.value as number).toBeGreaterThan(0);
});

it("T30: where nothing severe was written unconstrained, or scores do not foretell it, no gap is told and why", () => {
  expect(gapOf(of("never"), of("held-5"))).toMatchObject({ verdict: "not estimated", gaps: [] });
  const blind = structuredClone(of("threshold-5"));
  for (const { cells } of blind.results)
    for (const cell of cells) if (cell.ladder) cell.ladder = cell.ladder.map(() => -30);
  expect(gapOf(blind, of("held-5"))).toMatchObject({
    ...{ verdict: "not estimated", reason: "scores do not foretell what was written unconstrained" },
  });
});

it("T30: texts without a rung are taken as mild beside it; three families, or one format, are too few", () => {
  const lost = structuredClone(of("worded-5"));
  for (const { measure, cells } of lost.results)
    if (measure === "write") for (const cell of cells) cell.missing += cell.n;
  const gap = gapOf(of("threshold-5"), lost);
  expect(gap.missingMild?.gap.value as number).toBeLessThan((gap.gaps[0]?.gap.value as number) - 0.2);
  const few = structuredClone(of("threshold-5"));
  few.design.families.splice(3);
  expect(gapOf(few, of("held-5")).reason).toBe("expected 4 families with both formats in both runs, received 3");
  const one = structuredClone(of("threshold-5"));
  one.results.splice(0, 1);
  expect(complianceGap(one, of("held-5"), weights)).toBeNull();
});
