import { expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan } from "../../test/fixtures/simulate-run.ts";
import { agreementCalls, type ChoiceCall, designCalls } from "./design.ts";

const bank = fixtureBank();

it("A6: with six samples each label stands at each place with each wording over every three situations", () => {
  const calls = designCalls(bank, fixturePlan(bank, { format: "choice", set: "full" })) as ChoiceCall[];
  const ids = bank.situations.map(({ id }) => id);
  for (const start of [0, 3, 6]) {
    const three = new Set(ids.slice(start, start + 3));
    const shown = calls.filter(({ request: { item } }) => three.has(item.situation) && item.arm === "bank");
    const row = shown.filter(({ request: { item } }) => item.row === "EM");
    const seen = row.flatMap(({ order }) => order.map(({ label, wording }, place) => `${label} ${wording} ${place}`));
    expect(new Set(seen).size).toBe(6 * 3 * 6);
    expect(seen).toHaveLength(6 * 3 * 6);
  }
});

it("A11: each format is asked a little beside the other, of every other situation in a quick set", () => {
  const beside = (format: "score" | "choice", set: "quick" | "full") =>
    agreementCalls(bank, fixturePlan(bank, { format, set }));
  expect(new Set(beside("score", "quick").map(({ kind }) => kind))).toEqual(new Set(["chat"]));
  expect(new Set(beside("choice", "quick").map(({ kind }) => kind))).toEqual(new Set(["score"]));
  // Five rows and the content-free prompt; in a full set one situation a domain.
  expect(beside("choice", "quick")).toHaveLength(6 * 6);
  expect(beside("choice", "full")).toHaveLength(12 * 6);
  expect(beside("score", "full")).toHaveLength(bank.situations.length * 5);
  const keys = [...designCalls(bank, fixturePlan(bank, { format: "choice" })), ...beside("choice", "quick")];
  expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
});
