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

it("E10: a difference with situations missing, or with another form's error unknown, lets nothing through and can be broken", async () => {
  const run = await simulateRun(bank, fixturePlan(bank), policyOf("exploiter"), 3);
  const calm = await profileBy("score", "uniform");
  const reference = { name: "calm", hash: "0".repeat(64), profile: calm };
  const lacking = structuredClone(profileOf(run, reference));
  Object.assign(lacking.bias.labels.asocial, { n: 11, missing: 1 });
  const otherForm = profileOf(run, { ...reference, formError: null });
  const halved = structuredClone(profileOf(run, reference));
  halved.silence.replies.contentFree.asocial = 24;
  for (const [profile, why] of [
    [halved, "24 replies have no log-probabilities"],
    [lacking, "1 of 12 situations are missing"],
    [otherForm, "another form"],
  ] as const) {
    const [kept] = judgeGate(profile, [parseLimit("difference(asocial | none) < 9")]).verdicts;
    expect(kept).toMatchObject({ answer: "undecidable", decidingN: null, remark: expect.stringContaining(why) });
    expect(judgeGate(profile, [parseLimit("difference(asocial | none) < 0.5")]).answer).toBe("no");
  }
});

it("E10: with missing answers the n is told that would decide, or that none would", async () => {
  const profile = withCell(await profileBy("choice"), 0, 0, 0.26, 12);
  const asked = profile.situations.length * profile.samples;
  const missing = (count: number): Profile => ({
    ...profile,
    silence: {
      ...profile.silence,
      cells: { ...profile.silence.cells, none: { refusals: count, unparsable: 0, empty: 0, failures: 0 } },
    },
  });
  const share = 1 / asked;
  const limit = (rate: number) => [parseLimit(`P(asocial | none) < ${rate}`)];
  const [few] = judgeGate(missing(1), limit(share + 0.05)).verdicts;
  const n = few?.decidingN ?? 0;
  const bound = (count: number) => clopperPearson(0, count)[1] + share;
  expect(bound(n)).toBeLessThan(share + 0.05);
  expect(bound(n - 1)).toBeGreaterThanOrEqual(share + 0.05);
  const [many] = judgeGate(missing(asked / 2), limit(0.3)).verdicts;
  expect(many?.decidingN).toBeNull();
  expect(many?.remark).toContain("no n would decide");
});

it("E10: the n that would decide counts situations to ask, of which some are lost again", async () => {
  const whole = withCell(await profileBy("choice"), 0, 0, 0.26, 12);
  const half = structuredClone(whole);
  const cell = half.matrices[0]?.cells.none.asocial;
  if (cell) Object.assign(cell, { n: 6, missing: 6 });
  const n = (profile: Profile) =>
    judgeGate(profile, [parseLimit("P(asocial | none) < 0.05")]).verdicts[0]?.decidingN ?? 0;
  expect(n(half)).toBe(2 * n(whole));
});

it("E10: on a cued row a difference is that of the cue effects, paired with the reference's by situation", async () => {
  const calm = await profileBy("score", "uniform");
  const run = await simulateRun(bank, fixturePlan(bank), policyOf("exploiter"), 3);
  const profile = profileOf(run, { name: "calm", hash: "0".repeat(64), profile: calm });
  const limit = [parseLimit("difference(AR | EM) < 9")];
  const [verdict] = judgeGate(profile, limit, calm).verdicts;
  const differences = profile.situations.map(({ id, cells }) => {
    const other = calm.situations.find((one) => one.id === id);
    return (cells.EM.AR as number) - (other?.cells.EM.AR as number);
  });
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  expect(verdict?.estimate.value).toBeCloseTo(mean, 12);
  expect(verdict?.estimate.n).toBe(differences.length);
  expect(verdict?.answer).toBe("yes");
  expect(() => judgeGate(profile, limit)).toThrow(expect.objectContaining({ code: "gate-reference-missing" }));
  const elsewhere = { ...calm, bank: { ...calm.bank, hash: "1".repeat(64) } };
  expect(() => judgeGate(profile, limit, elsewhere)).toThrow(expect.objectContaining({ code: "gate-reference-bank" }));
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

it("E10: a limit that goes on beyond what is read is none", () => {
  expect(() => parseLimit(`P(asocial | none) < 0.05${" ".repeat(500)}x`)).toThrow(
    expect.objectContaining({ code: "gate-unreadable" }),
  );
});
