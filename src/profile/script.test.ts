import { describe, expect, it } from "vitest";
import { randomStream } from "../kernel/random.ts";
import type { Act } from "../model/act.ts";
import { type Dyad, SCRIPTS, type ScriptName } from "../model/bank.ts";
import type { Label } from "../model/label.ts";
import { alwaysGives, categoriesOf, type MovePolicy, neverGives, playPolicy } from "./dyad-excess.ts";
import { type Move, PARTNERS, partnerMove } from "./script.ts";

const OBJECTS = ["x", "y"];
const act = (verb: Act["act"], object: string | null = null, expected: string | null = null): Act => ({
  act: verb,
  object,
  for: expected,
});
const byModel = (...acts: Act[]): Move[] => acts.map((one) => ({ by: "model", act: one }));
const turnOf = (history: readonly Move[]) => history.filter(({ by }) => by === "model").length;

/** Ten models that know nothing but the last move and the count of moves. */
const MODELS: Readonly<Record<string, MovePolicy>> = {
  "always gives x": alwaysGives,
  "always gives y": () => act("give", "y"),
  never: neverGives,
  mirrors: ({ history }) => {
    const last = history.findLast(({ by }) => by === "partner")?.act;
    return last?.act === "give" || last?.act === "take" ? last : act("nothing");
  },
  obeys: ({ history }) => {
    const last = history.findLast(({ by }) => by === "partner")?.act;
    return last?.act === "ask" || last?.act === "command" ? act("give", last.object) : act("nothing");
  },
  "trades x for y": () => act("give", "x", "y"),
  "trades both ways": ({ history }) => (turnOf(history) % 2 === 0 ? act("give", "x", "y") : act("give", "y", "x")),
  "takes y": () => act("take", "y"),
  "gives and takes x": ({ history }) => act(turnOf(history) % 2 === 0 ? "give" : "take", "x"),
  "now y, now x, now nothing": ({ history }) => {
    const turn = turnOf(history);
    return [0, 3, 4].includes(turn) ? act("give", "y") : [1, 6].includes(turn) ? act("give", "x") : act("nothing");
  },
};

const dyadOf = (script: ScriptName): Dyad => ({
  id: `dyad-${script}`,
  domain: "trade",
  rank: "equal",
  self: "one",
  other: "another",
  setting: "Two meet.",
  script,
  objects: OBJECTS,
  moves: 8,
});

function outcome(script: ScriptName, model: MovePolicy): string {
  return categoriesOf(playPolicy(dyadOf(script), model), randomStream(1, script)).join("+");
}

describe("I11: no script fixes the answer: ten simple models come to at least three categories", () => {
  it.each(SCRIPTS)("%s", (script) => {
    const seen = new Set(Object.values(MODELS).flatMap((model) => outcome(script, model).split("+") as Label[]));
    expect(seen.size).toBeGreaterThanOrEqual(3);
  });
});

it("I11: the scripts differ: no two of them come to the same with all ten models", () => {
  const rows = SCRIPTS.map((script) =>
    Object.values(MODELS)
      .map((model) => outcome(script, model))
      .join(" "),
  );
  expect(new Set(rows).size).toBe(SCRIPTS.length);
});

it("I11: what each partner does first, and who begins", () => {
  const openings = Object.fromEntries(SCRIPTS.map((script) => [script, partnerMove(script, [], OBJECTS)]));
  expect(openings["gives-first"]).toEqual(act("give", "y"));
  expect(openings.takes).toEqual(act("take", "x"));
  expect(openings.commands).toEqual(act("command", "x"));
  expect(openings["sets-price"]).toEqual(act("ask", "x", "y"));
  expect(openings.shares).toEqual(act("give", "y"));
  expect(openings.asks).toEqual(act("ask", "x"));
  expect(SCRIPTS.filter((script) => PARTNERS[script].first === "model")).toEqual(["mirrors", "does-nothing"]);
});

it("I11: partners answer what was done to them", () => {
  const answer = (script: ScriptName, ...acts: Act[]) => partnerMove(script, byModel(...acts), OBJECTS);
  expect(answer("mirrors", act("take", "y"))).toEqual(act("take", "y"));
  expect(answer("mirrors", act("give", "x", "y"))).toEqual(act("give", "y", "x"));
  expect(answer("takes", act("refuse", "x"))).toEqual(act("nothing"));
  expect(answer("commands", act("do", "x"))).toEqual(act("give", "y"));
  expect(answer("commands", act("give", "y"))).toEqual(act("command", "x"));
  expect(answer("sets-price", act("give", "x"))).toEqual(act("give", "y", "x"));
  expect(answer("sets-price", act("give", "y"))).toEqual(act("give", "x", "y"));
  expect(answer("shares", act("ask", "x"))).toEqual(act("give", "x"));
  expect(answer("asks", act("give", "x"))).toEqual(act("ask", "x"));
  expect(answer("asks", act("give", "x"), act("give", "x"))).toEqual(act("give", "y"));
  expect(answer("does-nothing", act("give", "x"))).toEqual(act("nothing"));
});

it("I11: partners are pure: the same history gives the same move and is left as it was", () => {
  const history = byModel(act("give", "x"), act("ask", "y"));
  const before = structuredClone(history);
  for (const script of SCRIPTS) {
    expect(partnerMove(script, history, OBJECTS)).toEqual(partnerMove(script, history, OBJECTS));
  }
  expect(history).toEqual(before);
});
