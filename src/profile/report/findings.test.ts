import { expect, it } from "vitest";
import { fixtureProfile } from "../../../test/fixtures/profile.ts";
import type { Estimate, Profile } from "../../model/profile.ts";
import { answerSentence, leanings, names, responseTo, standing } from "./findings.ts";

const estimate = (value: number, half: number): Estimate => ({
  value,
  low: value - half,
  high: value + half,
  n: 12,
  missing: 0,
  method: "t",
});
const empty: Estimate = { value: null, low: null, high: null, n: 0, missing: 12, method: "empty" };

function withModes(cue: Estimate, responsiveness: Estimate): Profile {
  const profile = fixtureProfile();
  const modes = { ...profile.responsiveness.modes, CS: { cue, decoy: empty, responsiveness } };
  return { ...profile, responsiveness: { ...profile.responsiveness, modes } };
}

it("C2: an interval stands above, below or across, and a bound on one side only is unknown", () => {
  expect(standing(estimate(1, 0.5))).toBe("above");
  expect(standing(estimate(-1, 0.5))).toBe("below");
  expect(standing(estimate(0.3, 0.5))).toBe("across");
  expect(standing({ ...estimate(1, 0.5), high: null })).toBe("unknown");
  expect(standing(estimate(0.3, 0.1), 1 / 6)).toBe("above");
});

it("A13: a mode is called responded to only where cue and cue minus decoy both lie above zero", () => {
  expect(responseTo("CS", withModes(estimate(2, 1), estimate(1, 0.5)))).toBe("relation");
  expect(responseTo("CS", withModes(estimate(2, 1), estimate(0.2, 0.5)))).toBe("untold");
  expect(responseTo("CS", withModes(estimate(2, 1), empty))).toBe("untold");
  expect(responseTo("CS", withModes(estimate(2, 1), estimate(-1, 0.5)))).toBe("words");
  expect(responseTo("CS", withModes(estimate(0.2, 1), estimate(1, 0.5)))).toBe("none");
  expect(responseTo("CS", withModes(estimate(-2, 1), estimate(1, 0.5)))).toBe("against");
});

it("C2: the answer says what the intervals allow and what cannot be told", () => {
  expect(answerSentence(fixtureProfile())).toMatchInlineSnapshot(
    `"It responds to authority ranking and market pricing beyond the words of the cue; it is moved by the cue of communal sharing and equality matching, but by the relation or by its words cannot be told. Uncued, it leans towards communal sharing and null (no adjustment to the other) and away from market pricing, as far as topic and wording of the replies do not lean themselves."`,
  );
  expect(answerSentence(fixtureProfile({ reference: true, format: "choice" }))).toMatchInlineSnapshot(
    `"It responds to authority ranking and market pricing beyond the words of the cue; it is moved by the cue of communal sharing and equality matching, but by the relation or by its words cannot be told. Uncued compared with the reference, it leans towards communal sharing and null (no adjustment to the other) and away from market pricing."`,
  );
  const flat = fixtureProfile();
  const labels = Object.fromEntries(Object.keys(flat.bias.labels).map((label) => [label, estimate(0.1, 1)]));
  const bias = { ...flat.bias, labels: labels as Profile["bias"]["labels"] };
  const modes = Object.fromEntries(
    ["CS", "AR", "EM", "MP"].map((mode) => [mode, { cue: estimate(0, 1), decoy: empty, responsiveness: empty }]),
  );
  const untold = {
    ...flat,
    bias,
    responsiveness: { unit: "nats", modes: modes as Profile["responsiveness"]["modes"] },
  } satisfies Profile;
  expect(leanings(untold)).toEqual({ towards: [], away: [] });
  expect(answerSentence(untold)).toMatchInlineSnapshot(
    `"Whether it responds to any of the four ways of relating cannot be told from these answers. Uncued, towards which it leans cannot be told."`,
  );
});

it("A12: where much was lost the answer says so", () => {
  const profile = fixtureProfile();
  expect(answerSentence(profile)).not.toContain("no measurement");
  const silence = { ...profile.silence, total: { refusals: 69, unparsable: 0, empty: 0, failures: 0 } };
  expect(answerSentence({ ...profile, silence })).toMatch(/Of 252 answers 69 gave no measurement\.$/);
});

it("A8: a model that answers by position is headed as such", () => {
  expect(answerSentence(fixtureProfile({ format: "choice", byPosition: true }))).toMatch(
    /^This model answers by position/,
  );
  expect(answerSentence(fixtureProfile({ format: "choice" }))).not.toMatch(/by position/);
});

it("C2: labels are named in words", () => {
  expect(names(["MP", "EM", "null"])).toBe("market pricing, equality matching and null (no adjustment to the other)");
});
