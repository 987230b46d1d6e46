import { describe, expect, it } from "vitest";
import type { Dyad, ScriptName } from "../model/bank.ts";
import type { Answer, ChatAnswer, ChatRequest } from "../model/language-model.ts";
import type { CallFailure } from "../model/run.ts";
import type { Ask } from "./ask.ts";
import { dyadRows, playDyad, readMove } from "./play-dyad.ts";

const OPTIONS = { seed: 11, temperature: 0.7 };
const dyadOf = (script: ScriptName): Dyad => ({
  id: `dyad-${script}-1`,
  domain: "trade",
  rank: "below",
  self: "stallholder",
  other: "the stallholder next to you",
  setting:
    "You and Anton keep neighbouring stalls at the harbour market and see each other every week. You bring mainly pears, they bring mainly walnuts, and each carries a few of the other kind.",
  script,
  objects: ["pears", "walnuts"],
  moves: 8,
});

const chat = (text: string, stop: ChatAnswer["stop"] = "stop"): ChatAnswer => ({
  kind: "chat",
  text,
  stop,
  usage: { promptTokens: 1, completionTokens: 1 },
});
const GIVE = '{"act": "give", "object": "pears", "for": null}';

function recording(answer: (turn: number) => Answer | CallFailure) {
  const asked: { key: string; request: ChatRequest }[] = [];
  const ask: Ask = async (call) => {
    asked.push({ key: call.key, request: call.request as ChatRequest });
    return answer(asked.length - 1);
  };
  return { ask, asked };
}

it("A9: a dyad is asked move by move, as one growing conversation with keys of its own", async () => {
  const { ask, asked } = recording(() => chat(GIVE));
  const played = await playDyad(dyadOf("gives-first"), ask, OPTIONS);
  expect(played.moves).toHaveLength(8);
  expect(asked.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((turn) => `act/dyad-gives-first-1/${turn}`));
  expect(asked[3]?.request.item).toEqual({
    situation: "dyad-gives-first-1",
    domain: "trade",
    rank: "below",
    arm: "act",
    row: "none",
    replies: [],
    dyad: { id: "dyad-gives-first-1", turn: 3, objects: ["pears", "walnuts"] },
  });
  const roles = asked[2]?.request.messages.map(({ role }) => role);
  expect(roles).toEqual(["user", "assistant", "user", "assistant", "user"]);
  expect(asked[2]?.request.messages.slice(0, 3)).toEqual(asked[1]?.request.messages);
  expect(asked[0]?.request.messages[0]?.content).toMatch(
    /The other begins: \{"act":"give","object":"walnuts","for":null\}$/,
  );
});

it("A9: where the model begins, its first move is asked for and the partner's comes after it", async () => {
  const { ask, asked } = recording(() => chat(GIVE));
  const played = await playDyad(dyadOf("mirrors"), ask, OPTIONS);
  expect(asked[0]?.request.messages).toHaveLength(1);
  expect(asked[0]?.request.messages[0]?.content).toMatch(/You begin\.$/);
  expect(played.moves[0]?.partner).toEqual({ act: "give", object: "pears", for: null });
  expect(
    dyadRows(played)
      .slice(0, 2)
      .map(({ actor, act }) => [actor, act]),
  ).toEqual([
    ["model", "give:pears"],
    ["partner", "give:pears"],
  ]);
});

it("A9: answers replayed give the same requests and the same moves", async () => {
  const texts = [GIVE, "no", '{"act":"take","object":"walnuts"}', "", GIVE, GIVE, "{", GIVE];
  const first = recording((turn) => chat(texts[turn] as string));
  const second = recording((turn) => chat(texts[turn] as string));
  expect(await playDyad(dyadOf("shares"), first.ask, OPTIONS)).toEqual(
    await playDyad(dyadOf("shares"), second.ask, OPTIONS),
  );
  expect(first.asked).toEqual(second.asked);
});

it("A9: a move is bound by a schema that lists acts and objects, and short", async () => {
  const { ask, asked } = recording(() => chat(GIVE));
  await playDyad(dyadOf("asks"), ask, OPTIONS);
  const request = asked[1]?.request;
  expect(request?.maximumTokens).toBeLessThanOrEqual(64);
  expect(request).toMatchObject({ temperature: 0.7, seed: 12 });
  expect(request?.schema).toMatchObject({
    properties: { object: { enum: ["pears", "walnuts", null] } },
    additionalProperties: false,
  });
});

it("A9: eight moves fit a small context, whatever the model rambles", async () => {
  const { ask, asked } = recording(() => chat("So I was thinking about it for a long while. ".repeat(100)));
  await playDyad(dyadOf("sets-price"), ask, OPTIONS);
  const characters = asked[7]?.request.messages.reduce((sum, { content }) => sum + content.length, 0) ?? Infinity;
  // JSON runs at some 2.5 to 3 characters a token, prose at more than 4: 3,000 characters stay under 1,200 tokens.
  expect(characters).toBeLessThan(3000);
});

describe("A9: a move that is none is counted for what it is and moves nothing", () => {
  const cases: [string, Answer | CallFailure, string][] = [
    ["text", chat("I would rather talk."), "unparsable"],
    ["an unknown verb", chat('{"act":"steal","object":"pears","for":null}'), "unparsable"],
    ["an unlisted object", chat('{"act":"give","object":"money","for":null}'), "unparsable"],
    ["further keys", chat('{"act":"give","object":"pears","for":null,"why":"x"}'), "unparsable"],
    ["half an object", chat('{"act":"give","object":"pe', "length"), "unparsable"],
    ["nothing", chat("  "), "empty"],
    ["a declining text", chat("I cannot do that."), "refusal"],
    ["a refusal by stop reason", chat("", "refusal"), "refusal"],
    ["a filter", chat(GIVE, "filtered"), "refusal"],
    ["a failed call", { kind: "failure", code: "model-timeout" }, "failure"],
  ];
  it.each(cases)("%s", async (_, answer, silence) => {
    const played = await playDyad(dyadOf("gives-first"), recording(() => answer).ask, OPTIONS);
    expect(played.moves.map(({ model }) => model)).toEqual(Array(8).fill(null));
    expect(played.moves.map((move) => move.silence)).toEqual(Array(8).fill(silence));
    expect(
      dyadRows(played)
        .filter(({ actor }) => actor === "model")
        .map(({ act }) => act),
    ).toEqual(Array(8).fill("nothing"));
  });
});

it("A9: a move is found in a code fence, among other words, and whatever its letter case", () => {
  const objects = ["pears", "walnuts"];
  const move = { model: { act: "give", object: "pears", for: "walnuts" } };
  expect(readMove(chat('```json\n{"act": "give", "object": "Pears", "for": "walnuts"}\n```'), objects)).toEqual(move);
  expect(
    readMove(chat('My move: {"act":"give","object":"pears","for":"WALNUTS"} and {"act":"take"}'), objects),
  ).toEqual(move);
  expect(readMove(chat('{"act":"refuse"}'), objects)).toEqual({ model: { act: "refuse", object: null, for: null } });
  expect(readMove(chat('{"act":"give","object":"pears","for":"a } brace \\" here"}'), objects).model?.for).toBe(
    'a } brace " here',
  );
});

it("I14: an act that names no object moves nothing", () => {
  const bare = { act: "give", object: null, for: null } as const;
  const played = { dyad: dyadOf("mirrors"), moves: [{ model: bare, partner: bare }] };
  expect(dyadRows(played).map(({ act }) => act)).toEqual(["nothing", "nothing"]);
});
