import { expect, it } from "vitest";
import { policyOf } from "../../../test/fixtures/simulate-run.ts";
import { OWN_FAMILIES, placed, stressPlan } from "../../../test/fixtures/stress-run.ts";
import { randomStream } from "../../kernel/random.ts";
import { stressReportSchema } from "../../model/stress-report.ts";
import { pickIndex } from "../policy-parts.ts";
import { compareStress } from "../stress/compare-stress.ts";
import type { StressSource } from "../stress/estimate-stress.ts";
import { namedDesign } from "../stress/named-designs.ts";
import { STRESS_LETTERS } from "../stress/stress-calls.ts";
import { coerciveLogit, rungProbabilities, type StressTendency } from "../stress/stress-policy.ts";
import { ladderCalls, ladderSheets } from "./ladder-questions.ts";
import { stressOfPeople } from "./people-ladder.ts";
import type { PersonAnswer } from "./question-sheet.ts";

const { rows } = namedDesign("series", placed(OWN_FAMILIES), { set: "quick", factors: ["power"] });
const PEOPLE = Array.from({ length: 40 }, (_, at) => `person-${at + 1}`);
const plan = stressPlan(rows, { samples: 5 });
const sheets = ladderSheets(plan, rows, OWN_FAMILIES, PEOPLE, randomStream(1, "people"));
const calls = new Map(ladderCalls(plan, rows, OWN_FAMILIES).map((call) => [call.key, call]));
const source: StressSource = {
  ...{ plan, rows, aliases: [], doses: [], cutoffs: [], regressionFamilies: [] },
  model: { spec: "people", provider: "people", name: "people" },
  totals: { calls: 0, promptTokens: 0, completionTokens: 0, cost: null },
};

/** People who turn severe about a level, each with a threshold of their own beside the family's. */
function answersOf(tendency: StressTendency, personal: number, seed: number): PersonAnswer[] {
  return sheets.flatMap(({ person, key }) => {
    const stream = randomStream(seed, "answers", person);
    const lean = personal * stream.normal();
    return [...key.values()].map((about) => {
      const call = calls.get(about);
      if (!call) throw new RangeError(about);
      const rungs = rungProbabilities(coerciveLogit(tendency, call.row, seed) + lean);
      const weights = call.order.map(({ rung }) => rungs[rung] as number);
      return { person, about, answer: pickIndex(weights, stream.uniform()) };
    });
  });
}

const reportOf = (answers: readonly PersonAnswer[]) =>
  stressOfPeople(answers, source, { families: OWN_FAMILIES, letters: STRESS_LETTERS });
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
