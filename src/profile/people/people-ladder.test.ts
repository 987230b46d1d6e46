import { expect, it } from "vitest";
import { policyOf } from "../../../test/fixtures/simulate-run.ts";
import { simulateLadder } from "../../../test/fixtures/simulated-ladder.ts";
import { randomStream } from "../../kernel/random.ts";
import { stressReportSchema } from "../../model/stress-report.ts";
import { compareStress } from "../stress/compare-stress.ts";
import type { StressTendency } from "../stress/stress-policy.ts";

const { sheets, calls, answers: answersOf, report: reportOf } = simulateLadder(40, ["power"]);
const five = policyOf("threshold-5").stress as StressTendency;

it("K14: a person's ladder is one family on one surface and side, all of its scenarios in random order, families by turns", () => {
  for (const { key } of sheets) {
    const own = [...key.values()].map((about) => calls.get(about)?.row);
    expect(new Set(own.map((row) => `${row?.family}/${row?.surface}/${row?.condition.side}`)).size).toBe(1);
    expect(own).toHaveLength(4);
  }
  const families = sheets.map(({ key }) => calls.get([...key.values()][0] as string)?.row.family);
  expect(new Set(families.slice(0, 8)).size).toBe(8);
  expect(new Set(families.slice(8, 16)).size).toBe(8);
  expect(JSON.stringify(sheets.map(({ questions }) => questions))).not.toMatch(/stress\/|power=|rung/);
});

it("K18: simulated people who turn at five give a report whose set holds five, and that compares with a model's", () => {
  const report = reportOf(answersOf(five, 0.7, 3));
  expect(stressReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  expect(report.people).toEqual({ sheets: 40, people: 40, asked: 160, answers: 160, preferredNot: 0 });
  const [choice] = report.results;
  expect(choice?.curves.map(({ factor }) => factor)).toEqual(["power"]);
  for (const { threshold, points, rise } of choice?.curves ?? []) {
    const { parts = [], above, estimate } = threshold?.index ?? {};
    expect(above || parts.some(([low, high]) => low <= 5 && 5 <= high)).toBe(true);
    expect(Math.abs((estimate ?? 0) - 5)).toBeLessThan(1.5);
    // One answer a person at a level.
    expect(points.map(({ value }) => value.n)).toEqual([40, 40, 40, 40]);
    expect(rise).toMatchObject({ verdict: "cannot-tell", reason: "no-cutoffs" });
  }
  const never = reportOf(answersOf(policyOf("never").stress as StressTendency, 0.7, 4));
  const { people: _, ...model } = { ...never, temperature: 0.5 };
  const [compared] = compareStress([report, model], randomStream(1, "compare"));
  const at = compared?.differences.find(({ condition }) => condition === "power=7");
  expect(at).toMatchObject({ finding: "differs", difference: { n: 8 } });
});

it("K18: sheets that did not come back are not asked; empty and withheld answers are missing", () => {
  const answers = answersOf(five, 0.7, 3)
    .filter(({ person }) => person !== "person-1")
    .map((one, at) => (at % 13 === 0 ? { ...one, answer: at % 2 === 0 ? ("no-answer" as const) : null } : one));
  const report = reportOf(answers);
  const lost = answers.filter(({ answer }) => typeof answer !== "number").length;
  expect(report.people).toMatchObject({ sheets: 39, asked: 156, answers: 156 - lost });
  const { refusals = 0, empty = 0 } = report.results[0]?.silence ?? {};
  expect(refusals + empty).toBe(lost);
  expect(refusals).toBe(report.people?.preferredNot);
});
