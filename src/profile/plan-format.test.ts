import { expect, it } from "vitest";
import type { Capabilities } from "../model/language-model.ts";
import { chooseFormat } from "./plan-format.ts";

const able = (more: Partial<Capabilities>): Capabilities => ({
  score: false,
  chat: false,
  letterLogProbabilities: false,
  lacks: {},
  ...more,
});

it("A11: auto takes score where it can be had, else choice, and says why", () => {
  expect(chooseFormat("auto", able({ score: true, chat: true })).format).toBe("score");
  const lacks = { score: "log-probabilities stand one token off" };
  const { format, reason } = chooseFormat("auto", able({ chat: true, lacks }));
  expect(format).toBe("choice");
  expect(reason).toBe("score cannot be had: log-probabilities stand one token off");
});

it("A11: a format that was asked for is taken where it can be had, and refused with what is lacking elsewhere", () => {
  expect(chooseFormat("choice", able({ score: true, chat: true }))).toEqual({
    format: "choice",
    reason: "choice was asked for",
  });
  const refused = (wanted: "score" | "choice") => () =>
    chooseFormat(wanted, able({ lacks: { score: "no logprobs", chat: "no chat template" } }));
  for (const [wanted, lack] of [["score", "no logprobs"] as const, ["choice", "no chat template"] as const]) {
    expect(refused(wanted)).toThrow(expect.objectContaining({ code: "format-unsupported", exit: 2 }));
    expect(refused(wanted)).toThrow(lack);
  }
});

it("A11: a model that can do neither is refused under auto too", () => {
  expect(() => chooseFormat("auto", able({}))).toThrow(expect.objectContaining({ code: "format-unsupported" }));
});
