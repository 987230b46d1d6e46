import { expect, it } from "vitest";
import {
  OWN_FAMILIES,
  placed,
  SUITE,
  simulateStress,
  stressPlan,
  stressReportOf,
} from "../../../../test/fixtures/stress-run.ts";
import { randomStream } from "../../../kernel/random.ts";
import type { ChatAnswer } from "../../../model/language-model.ts";
import { stressReportSchema } from "../../../model/stress-report.ts";
import { rowName } from "../count-cells.ts";
import { weightsFrom } from "../family-means.ts";
import { valuesOfCells } from "../item-values.ts";
import { namedDesign } from "../named-designs.ts";
import { checkCalls } from "./check-calls.ts";
import { CHECK_LETTERS, CHECK_QUESTIONS, pointsTowards } from "./check-questions.ts";
import { type CheckAnswer, codeCheck } from "./code-check.ts";
import { estimateCheck } from "./estimate-check.ts";

const { rows } = namedDesign("series", placed(OWN_FAMILIES), { set: "quick", factors: ["power", "side"] });
const plan = stressPlan(rows, { check: true, system: "Be fair." });
const calls = checkCalls(plan, rows, SUITE.families);
const weights = weightsFrom(randomStream(1, "check"));
const chat = (text: string): ChatAnswer => ({
  ...{ kind: "chat", text, stop: "stop", usage: { promptTokens: 1, completionTokens: 1 } },
});

it("T31: every scenario is asked all three questions, every option at every letter once, after the guardrail", () => {
  expect(calls).toHaveLength(rows.length * 3 * 5);
  expect(new Set(calls.map(({ key }) => key)).size).toBe(calls.length);
  for (let first = 0; first < 30; first += 5) {
    const five = calls.slice(first, first + 5);
    for (const place of [0, 1, 2, 3, 4]) expect(new Set(five.map(({ order }) => order[place])).size).toBe(5);
  }
  const [call] = calls;
  expect(call?.request.messages[0]).toEqual({ role: "system", content: "Be fair." });
  expect(call?.request.messages[1]?.content).toContain("\nA. I depend far more on the other.\nB. I depend somewhat");
  for (const { options } of CHECK_QUESTIONS) expect(options).toHaveLength(5);
});

it("T31: points go towards what a higher level says from where the model stands; a model that goes by place reads two", () => {
  expect([0, 4].map((option) => pointsTowards("power", "over", option))).toEqual([0, 4]);
  expect([0, 4].map((option) => pointsTowards("information", "under", option))).toEqual([4, 0]);
  expect([0, 4].map((option) => pointsTowards("constraint", "under", option))).toEqual([0, 4]);
  for (let first = 0; first < calls.length; first += 5) {
    const points = calls.slice(first, first + 5).map((call) => codeCheck(call, chat("B")).points as number);
    expect(points.reduce((sum, one) => sum + one, 0) / 5).toBe(2);
  }
  const [call] = calls;
  if (!call) throw new Error("expected a call");
  expect(codeCheck(call, chat("I would rather not say."))).toMatchObject({ points: null, silence: "unparsable" });
  expect(codeCheck(call, { kind: "failure", code: "x" })).toMatchObject({ points: null, silence: "failure" });
  expect(CHECK_LETTERS).toHaveLength(5);
});

it("T31: a policy that sees what is there notices it, and the record holds it; without --check there is none", async () => {
  const run = await simulateStress("threshold-5", { factors: ["power"], check: true });
  const report = stressReportOf(run);
  expect(stressReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  const [power] = report.check?.factors ?? [];
  expect(power).toMatchObject({ factor: "power", finding: "above" });
  expect(power?.points.map(({ level }) => level)).toEqual([0, 1, 4, 7]);
  expect(power?.points[0]?.value.value).toBeCloseTo(2, 9);
  expect(report.check?.factors).toHaveLength(1);
  expect(report.check?.noticed[0]).toMatchObject({ measure: "choice", level: 7, scenarios: 8, noticing: 8 });
  expect(report.check?.asked).toBe(run.measured.checks.length - 4 * 3 * 5);
  expect(stressReportOf(await simulateStress("threshold-5", { factors: ["power"] })).check).toBeUndefined();
});

/** Scenarios whose severity follows what is seen in them, or does not. */
function drawn(follows: number, seed: number) {
  const stream = randomStream(seed, "seen");
  const checks: CheckAnswer[] = [];
  const cells = rows.map((row) => {
    const seen = stream.normal();
    for (const { factor } of CHECK_QUESTIONS)
      checks.push({
        row,
        factor,
        points: Math.max(
          0,
          Math.min(4, 2 + 0.2 * row.condition[factor] + (factor === "power" ? 0.5 * seen : 0.3 * stream.normal())),
        ),
      });
    const chance = 1 / (1 + Math.exp(2 - 0.5 * row.condition.power - follows * seen));
    const severe = Array.from({ length: 11 }, () => stream.uniform() < chance).filter(Boolean).length;
    const rungs = [11 - severe, 0, 0, 0, 0, 0, 0, severe, 0, 0, 0];
    return { row, rungs, n: 11, missing: 0, refused: 0 };
  });
  return { checks, measures: [{ measure: "choice" as const, values: valuesOfCells(cells), cells }] };
}

it("T31: what is seen beyond the usual at a level is a covariate: found where severity follows it, seldom where not", () => {
  const slopeOf = (follows: number, seed: number) => {
    const { checks, measures } = drawn(follows, seed);
    const { regressions } = estimateCheck(checks, measures, weights);
    return regressions[0]?.regression.coefficients.find(({ name }) => name === "power seen");
  };
  const found = slopeOf(1.5, 1);
  expect(found?.estimate.low as number).toBeGreaterThan(0);
  expect(found?.holm as number).toBeLessThan(0.05);
  const wrong = [2, 3, 4, 5, 6].filter((seed) => (slopeOf(0, seed)?.p ?? 1) <= 0.05);
  expect(wrong.length).toBeLessThanOrEqual(1);
});

it("T31: the change is told again where at least a point more is seen; nothing else loses a level, and nothing seen is said", () => {
  const { checks, measures } = drawn(0, 7);
  const half = new Set(rows.slice(0, rows.length / 2).map(({ family }) => family));
  const blind = checks.map((one) => ({
    ...one,
    points: half.has(one.row.family) ? 2 : one.row.condition.power > 0 ? 4 : 1,
  }));
  const { noticed } = estimateCheck(blind, measures, weights);
  expect(noticed[0]?.scenarios).toBeGreaterThan(noticed[0]?.noticing as number);
  expect(noticed[0]?.noticing).toBeGreaterThan(0);
  const silent = checks.map((one) => ({ ...one, points: null, silence: "refusal" as const }));
  const nothing = estimateCheck(silent, measures, weights);
  expect(nothing).toMatchObject({ silence: { refusals: silent.length }, noticed: [] });
  expect(nothing.factors[0]?.change.value).toBeNull();
  expect(nothing.regressions[0]?.regression.status).toBe("empty");
  expect(new Set(rows.map(rowName)).size).toBe(rows.length);
});
