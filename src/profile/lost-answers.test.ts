import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan, policyOf, profileOf, simulateRun } from "../../test/fixtures/simulate-run.ts";
import { LABELS, MODES, ROWS } from "../model/label.ts";
import type { Estimate } from "../model/profile.ts";
import { lostOf, unscoredIn } from "./lost-answers.ts";
import { missingSection } from "./report/missing-section.ts";
import { renderSummary } from "./report/terminal-summary.ts";

const quick = fixtureBank();

it("A12: refusals keep their cell, lower its n nowhere silently, and are counted by row", async () => {
  const profile = profileOf(
    await simulateRun(quick, fixturePlan(quick, { format: "choice", samples: 1 }), policyOf("refuser"), 1),
  );
  const { refusals } = profile.silence.cells.none;
  expect(refusals).toBeGreaterThan(0);
  const cell = profile.matrices[0]?.cells.none.CS;
  expect(cell?.missing).toBe(refusals);
  expect((cell?.n ?? 0) + (cell?.missing ?? 0)).toBe(12);
});

it.each(["score", "choice"] as const)(
  "A12: whatever is lost by %s, n and missing of every estimate are the situations that were asked",
  async (format) => {
    const plan = fixturePlan(quick, { format, samples: 1, set: "full" });
    const { measured } = await simulateRun(quick, plan, policyOf("communal"), 1);
    const silent = { silence: "failure" as const };
    const nothing = Object.fromEntries(LABELS.map((label) => [label, [null, null, null]]));
    const logProbabilities = nothing as unknown as (typeof measured.score)[number]["logProbabilities"];
    // Every seventh answer, of every arm.
    const lost = {
      ...measured,
      score: measured.score.map((one, turn) => (turn % 7 === 0 ? { ...one, logProbabilities, ...silent } : one)),
      choice: measured.choice.map((one, turn) => (turn % 7 === 0 ? { ...one, probability: null, ...silent } : one)),
    };
    const profile = profileOf({ bank: quick, plan, measured: lost });
    const { matrices, bias, responsiveness, summary, validation, effects } = profile;
    const asked = (estimates: readonly Estimate[]) => [...new Set(estimates.map(({ n, missing }) => n + missing))];
    const of12: Estimate[] = [
      ...matrices.flatMap(({ cells }) => ROWS.flatMap((row) => LABELS.map((label) => cells[row][label]))),
      ...LABELS.map((label) => bias.labels[label]),
      ...MODES.flatMap((mode) => Object.values(responsiveness.modes[mode])),
      ...ROWS.flatMap((row) => [summary[row].entropyNats, summary[row].effectiveModes, summary[row].distance.estimate]),
      ...effects.filter(({ factor }) => factor === "order").flatMap(({ levels }) => levels.map((one) => one.estimate)),
    ];
    expect(of12.some(({ missing }) => missing > 0)).toBe(true);
    expect(asked(of12)).toEqual([12]);
    const validated = quick.situations.filter((one) => one.validation).length;
    expect(asked(validation ? [validation.asocial, validation.null] : [])).toEqual(validated > 0 ? [validated] : []);
    for (const { levels, factor } of effects) {
      const sum = levels.reduce((total, { estimate }) => total + estimate.n + estimate.missing, 0);
      if (factor === "rank" || factor === "domain") expect(sum).toBe(12);
    }
  },
);

it("A12: replies without a log-probability in an answered prompt are counted by cell", async () => {
  const plan = fixturePlan(quick, { format: "score" });
  const { measured } = await simulateRun(quick, plan, policyOf("communal"), 1);
  const score = measured.score.map((one) => {
    if (one.arm !== "bank" || one.row !== "AR") return one;
    const [, second, third] = one.logProbabilities.EM;
    return { ...one, logProbabilities: { ...one.logProbabilities, EM: [null, second ?? null, third ?? null] } };
  });
  const profile = profileOf({ bank: quick, plan, measured: { ...measured, score } });
  expect(profile.silence.replies.cells.AR.EM).toBe(12);
  expect(unscoredIn(profile.silence)).toBe(12);
  expect(renderSummary(profile, { colour: false, width: 100 })).toContain("12 replies without log-probabilities");
  expect(missingSection(profile).markup).toContain("Replies without log-probabilities");
});

it("A12: at six samples lost answers are counted by row, though their situations still have others", async () => {
  const profile = profileOf(await simulateRun(quick, fixturePlan(quick, { format: "choice" }), policyOf("refuser"), 1));
  const { lost, asked } = lostOf(profile, "none");
  expect(asked).toBe(72);
  expect(lost).toBeGreaterThan(10);
  expect(renderSummary(profile, { colour: false, width: 100 })).toContain(`none ${lost} of 72`);
});

it("A12: moves without a measurement are in the total", async () => {
  const plan = fixturePlan(quick, { acts: true });
  const { measured } = await simulateRun(quick, plan, policyOf("communal"), 1);
  const dyads = measured.dyads.map((dyad) => ({
    ...dyad,
    moves: dyad.moves.map((move) => ({ ...move, model: null, silence: "unparsable" as const })),
  }));
  const { silence } = profileOf({ bank: quick, plan, measured: { ...measured, dyads } });
  expect(silence.total.unparsable).toBe(silence.dyads.unparsable);
  expect(silence.total.unparsable).toBeGreaterThan(0);
});
