import { describe, expect, it } from "vitest";
import { fixtureBank } from "../../test/fixtures/bank.ts";
import { fixturePlan, policyOf } from "../../test/fixtures/simulate-run.ts";
import { mean } from "../kernel/summary.ts";
import { RUNGS } from "../model/coding.ts";
import { LABELS, type Label } from "../model/label.ts";
import type { ChatAnswer, ChatRequest, ItemReference, ScoreRequest } from "../model/language-model.ts";
import { controlOf } from "../model/stress.ts";
import { codeSelf, parseLetter } from "./code-answer.ts";
import { designCalls, type PlannedCall, selfCalls } from "./design.ts";
import { readMove } from "./play-dyad.ts";
import {
  POLICIES,
  type Policy,
  type PolicyModel,
  policyFileSchema,
  policyModel,
  policyOfFile,
  type Spread,
  tendency,
  USUAL_SPREAD,
} from "./policy.ts";

const one = (policy: Policy, spread: Spread = USUAL_SPREAD, seed = 0): PolicyModel =>
  policyModel([{ policy, weight: 1 }], spread, seed);

const EVERY = LABELS.flatMap((label) => [0, 1, 2].map((wording) => ({ label, wording })));

/** A score request of a made-up situation; only the item matters to a policy. */
function request(situation: number, row: ItemReference["row"], more: Partial<ItemReference> = {}): ScoreRequest {
  const arm = row === "content-free" ? "content-free" : "bank";
  const item: ItemReference = {
    situation: `s-${situation}`,
    domain: `d-${situation % 40}`,
    rank: "equal",
    arm,
    row,
    replies: EVERY,
    ...more,
  };
  return {
    messages: [{ role: "user", content: `${situation} ${row}` }],
    replies: EVERY.map(({ label, wording }) => `${label} ${wording}`),
    item,
  };
}

/** Mean log-probability of each label in a row above that of the content-free prompt, by situation. */
function raised(
  model: PolicyModel,
  situation: number,
  row: ItemReference["row"],
  more: Partial<ItemReference> = {},
): Record<Label, number> {
  const [cued, free] = [request(situation, row, more), request(situation, "content-free")].map(
    (one) => model.score(one).logProbabilities,
  );
  const of = (label: Label) =>
    mean(
      EVERY.map((reply, index) => [reply, index] as const)
        .filter(([reply]) => reply.label === label)
        .map(([, index]) => (cued?.[index] ?? 0) - (free?.[index] ?? 0)),
    );
  return Object.fromEntries(LABELS.map((label) => [label, of(label)])) as Record<Label, number>;
}

const SITUATIONS = Array.from({ length: 400 }, (_, index) => index);

/** Those made for stress relate to others all alike: one of them stands for them. */
const RELATIONAL = POLICIES.filter(({ stress, name }) => stress === undefined || name === "never");

describe.each(RELATIONAL)("policy:$name", (policy) => {
  it("L10: log-probabilities of texts have the policy's tendency in every row, as far as chance goes", () => {
    // A label's mean over 400 situations varies by at most 0.06 nats about its tendency: see the variance below.
    for (const [row, arm] of [
      ["none", "bank"],
      ["CS", "bank"],
      ["MP", "decoy"],
    ] as const) {
      const values = SITUATIONS.map((situation) => raised(one(policy), situation, row, { arm }));
      for (const label of LABELS) {
        const found = mean(values.map((value) => value[label]));
        expect(Math.abs(found - tendency(policy, { arm, row }, label)), `${row} ${label}`).toBeLessThan(0.3);
      }
    }
  });

  it("L10: letters, moves and ratings are such as are read", () => {
    const bank = fixtureBank();
    const plan = fixturePlan(bank, { format: "choice" });
    const chats = designCalls(bank, plan).filter(
      (call): call is Exclude<PlannedCall, { kind: "score" }> => call.kind === "chat",
    );
    const answers = chats.map((call) => one(policy).chat(call.request));
    const open = answers.filter(({ stop }) => stop === "stop");
    expect(open.length).toBeGreaterThan(answers.length * (0.9 - policy.refusalRate));
    expect(open.every(({ text }) => parseLetter(text) !== null)).toBe(true);
    for (const { letterLogProbabilities } of open)
      expect(Object.values(letterLogProbabilities ?? {}).reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(
        1,
        10,
      );
    const moves = moved(policy).filter(({ stop }) => stop === "stop");
    expect(moves.every((answer) => readMove(answer, OBJECTS).model !== null)).toBe(true);
    const ratings = selfCalls(plan).map((call) => codeSelf(call, one(policy).chat(call.request)));
    expect(
      ratings.every(
        ({ rating, silence }) => (rating ?? 4) >= 1 && (rating ?? 4) <= 7 && (rating !== null || silence === "refusal"),
      ),
    ).toBe(true);
  });

  it("L10: the same question gets the same answer, and of another seed another one", () => {
    const asked = request(7, "AR");
    expect(one(policy).score(asked)).toEqual(one(policy).score(asked));
    expect(one(policy, USUAL_SPREAD, 1).score(asked)).not.toEqual(one(policy).score(asked));
  });
});

const OBJECTS = ["bread", "wood"];

/** Twenty-four moves, one in each of as many dyads. */
function moved(policy: Policy): ChatAnswer[] {
  return Array.from({ length: 24 }, (_, index) => {
    const dyad = { id: `y-${index}`, turn: index % 8, objects: OBJECTS };
    const { item } = request(index, "none", { arm: "act", replies: [], dyad });
    return one(policy).chat({
      messages: [{ role: "user", content: String(index) }],
      item,
      maximumTokens: 48,
      temperature: 1,
      seed: index,
    });
  });
}

it.each([0, 0.1, 0.3])(
  "L10: at intraclass correlation %d replies of a situation share that much of their variance, half of it with their domain",
  (intraclassCorrelation) => {
    const model = one(policyOf("uniform"), { intraclassCorrelation, deviation: 1 });
    const noise = (situation: number) => {
      const [cued, free] = [request(situation, "none"), request(situation, "content-free")].map(
        (asked) => model.score(asked).logProbabilities as number[],
      );
      return EVERY.map((_, index) => (cued?.[index] ?? 0) - (free?.[index] ?? 0));
    };
    const many = Array.from({ length: 4000 }, (_, index) => noise(index));
    const product = (pairs: readonly (readonly [number, number])[]) => mean(pairs.map(([left, right]) => left * right));
    const within = many.flatMap((values) =>
      LABELS.map((_, label) => [values[3 * label] as number, values[3 * label + 1] as number] as const),
    );
    // Neighbours in steps of forty are of one domain.
    const between = many
      .slice(40)
      .flatMap((values, index) =>
        LABELS.map((_, label) => [values[3 * label] as number, many[index]?.[3 * label + 1] as number] as const),
      );
    // 24,000 pairs; 240 domain effects stand behind the last.
    expect(product(many.flat().map((value) => [value, value]))).toBeCloseTo(1, 1);
    expect(Math.abs(product(within) - intraclassCorrelation)).toBeLessThan(0.04);
    expect(Math.abs(product(between) - intraclassCorrelation / 2)).toBeLessThan(0.04);
  },
);

it("L10: letters are drawn as often as their probability says, and the biased one answers by place", () => {
  const order = LABELS.map((label) => ({ label, wording: 0 }));
  const ask = (policy: Policy, seed: number) => {
    const item = request(1, "none", { replies: order }).item;
    return one(policy).chat({
      messages: [{ role: "user", content: "?" }],
      item,
      maximumTokens: 8,
      temperature: 1,
      seed,
      letters: ["A"],
    });
  };
  for (const name of ["communal", "position-biased"]) {
    const answers = Array.from({ length: 2000 }, (_, seed) => ask(policyOf(name), seed));
    for (const letter of ["A", "B", "F"]) {
      const told = Math.exp(answers[0]?.letterLogProbabilities?.[letter] ?? Number.NEGATIVE_INFINITY);
      const drawn = answers.filter(({ text }) => text === letter).length / answers.length;
      expect(Math.abs(drawn - told)).toBeLessThan(4 * Math.sqrt((told * (1 - told)) / answers.length) + 1e-9);
    }
  }
  const places = SITUATIONS.map((situation) => {
    const item = request(situation, "none", { replies: order }).item;
    return one(policyOf("position-biased")).chat({
      messages: [{ role: "user", content: "?" }],
      item,
      maximumTokens: 8,
      temperature: 1,
      seed: 0,
    }).text;
  });
  expect(places.filter((text) => text === "A").length).toBeGreaterThan(0.6 * places.length);
});

it("L10: the refuser refuses two answers of five, and nobody else any", () => {
  const refusals = (policy: Policy) => {
    const item = request(1, "none").item;
    const answers = Array.from({ length: 1000 }, (_, seed) =>
      one(policy).chat({ messages: [{ role: "user", content: "?" }], item, maximumTokens: 8, temperature: 1, seed }),
    );
    return answers.filter(({ stop }) => stop === "refusal").length;
  };
  expect(Math.abs(refusals(policyOf("refuser")) - 400)).toBeLessThan(4 * Math.sqrt(1000 * 0.4 * 0.6));
  for (const policy of POLICIES.filter(({ refusalRate }) => refusalRate === 0)) expect(refusals(policy)).toBe(0);
});

it("L10: in exchanges the exploiter takes, the communal gives and the uniform does nothing else than the others", () => {
  const acts = (name: string) => moved(policyOf(name)).map((answer) => readMove(answer, OBJECTS).model?.act);
  expect(acts("exploiter").filter((act) => act === "take").length).toBeGreaterThan(18);
  expect(acts("communal").filter((act) => act === "give").length).toBeGreaterThan(12);
  expect(new Set(acts("uniform")).size).toBeGreaterThan(2);
});

describe("mixtures", () => {
  const file = policyFileSchema.parse({
    name: "half",
    mixture: [
      { weight: 3, policy: "market-trader" },
      { weight: 1, lean: { asocial: 9 } },
    ],
  });

  it("L10: a component answers stress as the policy that its file names", () => {
    const offered = RUNGS.map((rung) => ({ rung, wording: 0, text: String(rung) }));
    const condition = { ...controlOf("over"), power: 7 as const };
    const stress = { family: "f", surface: 1, condition, format: "choice" as const, offered };
    const item = { situation: "f", stress } as unknown as ChatRequest["item"];
    const severe = (stressed: string) => {
      const mixture = [{ weight: 1, policy: "communal", stress: stressed }];
      const model = policyOfFile(policyFileSchema.parse({ name: "x", mixture }));
      const answers = Array.from({ length: 100 }, (_, seed) => {
        const answer = model.chat({ item, messages: [], seed } as unknown as ChatRequest);
        return answer.kind === "chat" && Number(answer.text) >= 7;
      });
      return answers.filter(Boolean).length;
    };
    expect(severe("never")).toBeLessThan(10);
    expect(severe("threshold-5")).toBeGreaterThan(70);
    expect(policyFileSchema.safeParse({ name: "x", mixture: [{ weight: 1, stress: "always" }] }).success).toBe(false);
  });

  it("L10: each situation is answered by one of the policies, as often as its weight says", () => {
    const model = policyOfFile(file);
    const leans = SITUATIONS.map((situation) => raised(model, situation, "none"));
    const asocial = leans.filter((value) => value.asocial > 6).length;
    const market = leans.filter((value) => value.asocial < 5).length;
    expect(asocial + market).toBe(SITUATIONS.length);
    expect(Math.abs(asocial - 100)).toBeLessThan(4 * Math.sqrt(400 * 0.25 * 0.75));
  });

  it("L10: a file that says more than can be meant is no policy", () => {
    for (const wrong of [
      { name: "x", mixture: [] },
      { name: "x", mixture: [{ weight: 0, policy: "uniform" }] },
      { name: "x", mixture: [{ weight: 1, policy: "nobody" }] },
      { name: "x", mixture: [{ weight: 1, lean: { XX: 1 } }] },
      { name: "x", mixture: [{ weight: 1, lean: { CS: 1e300 } }] },
      { name: "x", mixture: [{ weight: 1, places: [1, 2] }] },
      { name: "x", deviation: Number.POSITIVE_INFINITY, mixture: [{ weight: 1 }] },
      { name: "x", mixture: [{ weight: 1, refusalRate: 2 }] },
    ])
      expect(policyFileSchema.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
  });

  it("L10: at the bounds every number that comes out can be stored", () => {
    const places = [1000, -1000, 0, 0, 0, 0];
    const extreme = policyOfFile(
      policyFileSchema.parse({
        name: "x",
        deviation: 1000,
        mixture: [{ weight: 1e6, lean: { CS: 1000, MP: -1000 }, follows: 1000, places }],
      }),
    );
    const scored = SITUATIONS.map((situation) => extreme.score(request(situation, "CS")));
    expect(scored.every(({ logProbabilities }) => logProbabilities.every((value) => Number.isFinite(value)))).toBe(
      true,
    );
    for (const situation of SITUATIONS) {
      const { item } = request(situation, "CS", { replies: LABELS.map((label) => ({ label, wording: 0 })) });
      const { letterLogProbabilities = {}, text } = extreme.chat({
        messages: [],
        item,
        maximumTokens: 8,
        temperature: 1,
        seed: 1,
        letters: ["A"],
      });
      expect(Object.values(letterLogProbabilities).every(Number.isFinite)).toBe(true);
      expect(letterLogProbabilities).toHaveProperty(text);
    }
  });

  it("L10: without letters answers are samples only", () => {
    const silent = policyOfFile(
      policyFileSchema.parse({ name: "x", letters: false, mixture: [{ weight: 1, policy: "communal" }] }),
    );
    const answer = silent.chat({
      messages: [],
      item: request(1, "none").item,
      maximumTokens: 8,
      temperature: 1,
      seed: 1,
      letters: ["A"],
    });
    expect(answer).not.toHaveProperty("letterLogProbabilities");
  });
});
