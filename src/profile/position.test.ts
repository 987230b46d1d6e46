import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan, policyOf, profileOf, simulateRun } from "../../test/fixtures/simulate-run.ts";
import { randomStream } from "../kernel/random.ts";
import { testPosition } from "./position.ts";

const bank = fixtureBank();
const small = fixtureBank({ domains: 6, decoys: false });
const plan = fixturePlan(bank, { format: "choice" });

it("A8: a model that answers by position is reported as such, not as a flat profile", async () => {
  const { position } = profileOf(await simulateRun(bank, plan, policyOf("position-biased"), 1));
  expect(position?.answersByPosition).toBe(true);
  expect(position?.p).toBeLessThanOrEqual(0.01);
  expect(position?.remark).toContain("no profile");
  expect(position?.byPlace[0]).toBeGreaterThan(0.5);
});

it("A8: a model that answers by content is not called one that answers by position", async () => {
  const { position } = profileOf(await simulateRun(bank, plan, policyOf("communal"), 2));
  expect(position?.answersByPosition).toBe(false);
  expect(position?.contentP).toBeLessThanOrEqual(0.01);
});

it("A8: without dependence p is uniform enough: P(p ≤ 0.1) within its binomial range over 60 runs", async () => {
  let few = 0;
  for (let seed = 0; seed < 60; seed += 1) {
    const { measured } = await simulateRun(small, fixturePlan(small, { format: "choice" }), policyOf("uniform"), seed);
    if ((testPosition(measured.choice, randomStream(seed, "test"))?.p ?? 1) <= 0.1) few += 1;
  }
  // 99.9 % upper end of Binomial(60, 0.1).
  expect(few).toBeLessThanOrEqual(14);
});
