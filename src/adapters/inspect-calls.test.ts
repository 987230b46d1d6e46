import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { askPolicy, fixturePlan, policyOf } from "../../test/fixtures/simulate-run.ts";
import type { Ask } from "../profile/ask.ts";
import { policyModel, USUAL_SPREAD } from "../profile/policy.ts";
import { designRun } from "../profile/profile-model.ts";
import { recordedCalls } from "./inspect-calls.ts";
import type { InspectCall } from "./inspect-log.ts";

const bank = fixtureBank({ domains: 2, dyads: 1 });
const ask = askPolicy(policyModel([{ policy: policyOf("communal"), weight: 1 }], USUAL_SPREAD, 1, { letters: true }));

async function all(format: "score" | "choice", recall: Ask = ask) {
  const design = designRun(bank, fixturePlan(bank, { format, acts: true, self: true }));
  const calls: InspectCall[] = [];
  for await (const call of recordedCalls(design, recall)) calls.push(call);
  return { design, calls };
}

it("C7: every call of a run stands in the log once, dyads and self-report included", async () => {
  for (const format of ["score", "choice"] as const) {
    const { design, calls } = await all(format);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(design.total);
    expect(calls).toHaveLength(design.total);
    expect(calls.some(({ id }) => id.startsWith("act/"))).toBe(true);
  }
});

it("C7: a scored call carries means by label, a choice the probability of each label; the target is the cue's", async () => {
  const scored = (await all("score")).calls.find(({ target }) => target === "CS");
  expect(scored?.choices).toHaveLength(18);
  const { answer, scores } = scored as InspectCall;
  const values = answer.kind === "score" ? (answer.logProbabilities as number[]) : [];
  expect(scores?.CS).toBeCloseTo(((values[0] as number) + (values[1] as number) + (values[2] as number)) / 3, 12);
  const chosen = (await all("choice")).calls.find(({ target }) => target === "AR");
  expect(Object.values(chosen?.scores ?? {}).reduce<number>((sum, value) => sum + (value ?? 0), 0)).toBeCloseTo(1, 12);
});

it("A12: a call that failed is in the log without a score", async () => {
  const { calls } = await all("choice", async () => ({ kind: "failure", code: "request-refused" }));
  expect(calls.every(({ scores, answer }) => scores === null && answer.kind === "failure")).toBe(true);
});
