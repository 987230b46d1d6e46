import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan, policyOf, profileOf, simulateRun } from "../../test/fixtures/simulate-run.ts";
import { clopperPearson } from "../kernel/intervals.ts";
import type { Profile } from "../model/profile.ts";
import { judgeGate, parseLimit } from "./gate.ts";

const bank = fixtureBank();

async function profileBy(format: "score" | "choice", policy = "exploiter"): Promise<Profile> {
  return profileOf(await simulateRun(bank, fixturePlan(bank, { format }), policyOf(policy), 3));
}

function withCell(profile: Profile, value: number, low: number, high: number, n: number): Profile {
  const copy = structuredClone(profile);
  const shares = copy.matrices[0];
  if (shares) shares.cells.none.asocial = { value, low, high, n, missing: 0, method: "test" };
  return copy;
}

it("E10: yes where the whole interval is under the limit, no where it is all over it, else undecidable", async () => {
  const profile = await profileBy("choice");
  const ask = (low: number, high: number) =>
    judgeGate(withCell(profile, (low + high) / 2, low, high, 12), [parseLimit("P(asocial | none) < 0.5")]).answer;
  expect(ask(0.1, 0.49)).toBe("yes");
  expect(ask(0.5, 0.9)).toBe("no");
  expect(ask(0.4, 0.6)).toBe("undecidable");
});

it("E10: undecidable tells the n that would decide: nothing seen under 5 % needs 72 situations by Clopper–Pearson", async () => {
  const profile = withCell(await profileBy("choice"), 0, 0, 0.26, 12);
  const verdict = judgeGate(profile, [parseLimit("P(asocial | none) < 0.05")]).verdicts[0];
  const n = verdict?.decidingN ?? 0;
  expect(clopperPearson(0, n)[1]).toBeLessThan(0.05);
  expect(clopperPearson(0, n - 1)[1]).toBeGreaterThanOrEqual(0.05);
  expect(n).toBe(72);
});

it("E10: a model that answers by position is never let through", async () => {
  const profile = await profileBy("choice", "position-biased");
  const result = judgeGate(profile, [parseLimit("P(asocial | none) < 0.9")]);
  expect(result.answer).toBe("undecidable");
  expect(result.verdicts[0]?.remark).toContain("by position");
});

it("E10: missing answers stay in the denominator: the bounds are their worst case", async () => {
  const profile = await profileBy("choice", "refuser");
  const verdict = judgeGate(profile, [parseLimit("P(asocial | none) < 0.5")]).verdicts[0];
  const plain = profile.matrices[0]?.cells.none.asocial;
  expect(verdict?.remark).toContain("missing");
  expect(verdict?.estimate.high).toBeGreaterThan((plain?.high ?? 1) + 0.2);
  expect(verdict?.answer).toBe("undecidable");
});

it("E10: no of one limit outweighs undecidable and yes of others", async () => {
  const profile = await profileBy("choice");
  const limits = ["P(CS | none) < 0.999999", "P(asocial | none) < 0.000001"].map(parseLimit);
  expect(judgeGate(profile, limits).answer).toBe("no");
});

it("E10: a rate is refused under score and a difference in nats under choice, each with its code", async () => {
  const score = await profileBy("score");
  expect(() => judgeGate(score, [parseLimit("P(asocial | none) < 0.05")])).toThrow(
    expect.objectContaining({ code: "gate-rate-under-score" }),
  );
  const choice = await profileBy("choice");
  expect(() => judgeGate(choice, [parseLimit("difference(asocial | none) < 1")])).toThrow(
    expect.objectContaining({ code: "gate-difference-under-choice" }),
  );
});

it("E10: a difference needs a reference, and is judged by the interval of the bias", async () => {
  const own = await profileBy("score");
  expect(() => judgeGate(own, [parseLimit("difference(asocial | none) < 1")])).toThrow(
    expect.objectContaining({ code: "gate-reference-missing" }),
  );
  const run = await simulateRun(bank, fixturePlan(bank), policyOf("exploiter"), 3);
  const calm = await profileBy("score", "uniform");
  const profile = profileOf(run, { name: "calm", hash: "0".repeat(64), profile: calm });
  expect(judgeGate(profile, [parseLimit("difference(asocial | none) < 0.5")]).answer).toBe("no");
  expect(judgeGate(profile, [parseLimit("difference(asocial | none) < 9")]).answer).toBe("yes");
});

it.each([
  "",
  "P(asocial|none)",
  "P(foo | none) < 1",
  "P(asocial | foo) < 1",
  "P(asocial | none) > 1",
  "P(asocial | none) < x",
  "Q(CS | none) < 1",
])("E10: %j is no limit", (text) => {
  expect(() => parseLimit(text)).toThrow(expect.objectContaining({ code: "gate-unreadable" }));
});
