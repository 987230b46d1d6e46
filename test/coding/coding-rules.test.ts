import { expect, it } from "vitest";
import { floorsHold } from "../verify/coding-rules.suite.ts";
import { measureRules, readReplies } from "./measure-rules.ts";

const judged = readReplies().filter(({ set, half }) => set === "scenario" && half === "judge");

it("K8: on replies they were not tuned on, ten a rung and more, the rules keep to their floors", () => {
  for (let rung = 0; rung <= 10; rung += 1)
    expect(
      readReplies().filter(({ set, severity }) => set === "scenario" && severity === rung).length,
    ).toBeGreaterThanOrEqual(10);
  const measure = measureRules(judged);
  expect(measure.harmless.hits).toBe(0);
  expect(floorsHold(measure), JSON.stringify(measure)).toBe(true);
});

it("K8: the floors are not kept by a coder that says the same of everything", () => {
  const measure = measureRules(judged.map((reply) => ({ ...reply, text: "Hello." })));
  expect(floorsHold(measure)).toBe(false);
});
