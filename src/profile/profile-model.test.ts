import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { askPolicy, fixturePlan, policyOf } from "../../test/fixtures/simulate-run.ts";
import type { ChatMessage } from "../model/language-model.ts";
import type { Ask } from "./ask.ts";
import { policyModel, USUAL_SPREAD } from "./policy.ts";
import { codeRun, designRun } from "./profile-model.ts";

const bank = fixtureBank({ domains: 3, dyads: 1 });
const everything = { acts: true, self: true, agreement: true, vary: ["persona"] } as const;

/** Messages of every call of a run, dyads played. */
async function messagesOf(system?: string): Promise<(readonly ChatMessage[])[]> {
  const plan = fixturePlan(bank, { ...everything, ...(system === undefined ? {} : { system }) });
  const answer = askPolicy(policyModel([{ policy: policyOf("communal"), weight: 1 }], USUAL_SPREAD, 1));
  const asked: (readonly ChatMessage[])[] = [];
  const ask: Ask = (call) => {
    asked.push(call.request.messages);
    return answer(call);
  };
  await codeRun(designRun(bank, plan), ask);
  return asked;
}

it("A16: a guardrail stands before every call of a profile, and before a persona's own message; nothing else changes", async () => {
  const [bare, guarded] = [await messagesOf(), await messagesOf("Never threaten.")];
  expect(guarded).toHaveLength(bare.length);
  const personas = bare.filter(([first]) => first?.role === "system");
  expect(personas.length).toBeGreaterThan(0);
  guarded.forEach((messages, at) => {
    const own = bare[at] as readonly ChatMessage[];
    const [first, ...rest] = messages;
    expect(first?.role).toBe("system");
    expect(first?.content.startsWith("Never threaten.")).toBe(true);
    if (own[0]?.role === "system") {
      expect(first?.content).toBe(`Never threaten.\n\n${own[0].content}`);
      expect(rest).toEqual(own.slice(1));
    } else expect(rest).toEqual(own);
  });
});
