import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan, policyOf, profileOf, simulateRun } from "../../test/fixtures/simulate-run.ts";

const quick = fixtureBank();

it("A11: a model that can do both formats is told how far they agree", async () => {
  const plan = fixturePlan(quick, { agreement: true });
  const { agreement } = profileOf(await simulateRun(quick, plan, policyOf("cue-follower"), 1));
  expect(agreement?.rankCorrelation.value).toBeGreaterThan(0.6);
  expect(agreement?.sameWinner.value).toBeGreaterThan(0.5);
  expect(agreement?.sameWinner.n).toBe(6);
});

it("A11: two formats agree on a model that leans and follows nothing", async () => {
  for (const format of ["score", "choice"] as const) {
    const plan = fixturePlan(quick, { format, agreement: true });
    const { agreement } = profileOf(await simulateRun(quick, plan, policyOf("market-trader"), 1));
    expect(agreement?.rankCorrelation.value).toBeGreaterThan(0.5);
    expect(agreement?.sameWinner.value).toBeGreaterThan(0.6);
  }
});

it("A11: situations that lost answers in one format are missing from the agreement", async () => {
  const plan = fixturePlan(quick, { format: "score", agreement: true });
  const { measured } = await simulateRun(quick, plan, policyOf("cue-follower"), 1);
  const [lost] = measured.choice;
  const choice = measured.choice.map((one) =>
    one === lost ? { ...one, probability: null, silence: "refusal" as const } : one,
  );
  const { agreement } = profileOf({ bank: quick, plan, measured: { ...measured, choice } });
  expect(agreement?.rankCorrelation).toMatchObject({ n: 5, missing: 1 });
  expect(agreement?.sameWinner).toMatchObject({ n: 5, missing: 1 });
});

it("A11: beside choice the replies of a row are scored, and the matrix is that of choice alone", async () => {
  const asked = fixturePlan(quick, { format: "choice", agreement: true });
  const both = profileOf(await simulateRun(quick, asked, policyOf("cue-follower"), 1));
  const alone = profileOf(await simulateRun(quick, { ...asked, agreement: false }, policyOf("cue-follower"), 1));
  expect(both.agreement?.rankCorrelation.value).toBeGreaterThan(0.6);
  expect(both.agreement?.sameWinner.n).toBe(6);
  expect(both.matrices).toEqual(alone.matrices);
  expect(both.effects).toEqual(alone.effects);
  expect(alone.agreement).toBeNull();
});
