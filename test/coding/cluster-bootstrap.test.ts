import { expect, it } from "vitest";
import { LABELS } from "../../src/model/label.ts";
import { STRATEGY_MODES } from "../verify/casino.suite.ts";
import { clusterEstimate, kappaOfPairs } from "./cluster-bootstrap.ts";

it("K28: κ of utterances is given an interval over dialogues, which is wider where a dialogue's utterances are alike", () => {
  const pair = (agree: boolean): readonly [string, string] => (agree ? ["CS", "CS"] : ["MP", "EM"]);
  // Twelve dialogues of ten utterances, half of them all right and half all wrong.
  const alike = Array.from({ length: 12 }, (_, at) => Array.from({ length: 10 }, () => pair(at % 2 === 0)));
  const apart = Array.from({ length: 120 }, (_, at) => [pair(at % 2 === 0)]);
  const [wide, narrow] = [alike, apart].map((clusters) => clusterEstimate(clusters, kappaOfPairs, "test"));
  // By hand: observed 1/2, expected by chance 1/4.
  expect(wide?.value).toBeCloseTo(1 / 3, 12);
  expect(narrow?.value).toBeCloseTo(1 / 3, 12);
  const width = (estimate: typeof wide) => (estimate?.high ?? 0) - (estimate?.low ?? 0);
  expect(width(wide)).toBeGreaterThan(2 * width(narrow));
  expect(kappaOfPairs([])).toBeNull();
  expect(kappaOfPairs([["CS", "CS"]])).toBeNull();
});

it("K28: strategies are mapped to modes by a published table, and what tells no mode is mapped to none", () => {
  for (const mode of Object.values(STRATEGY_MODES)) expect(LABELS).toContain(mode);
  for (const strategy of ["elicit-pref", "uv-part", "non-strategic", "small-talk", "no-need"])
    expect(STRATEGY_MODES).not.toHaveProperty(strategy);
});
