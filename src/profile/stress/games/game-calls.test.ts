import { expect, it } from "vitest";
import { callsOf, GAMES, gamesPlan, simulateGames } from "../../../../test/fixtures/games-run.ts";
import type { ChatAnswer } from "../../../model/language-model.ts";
import { codeGames } from "./code-games.ts";
import { balanced, type GameCall, type LadderChoiceCall, type LadderScoreCall } from "./game-calls.ts";

const full = callsOf(gamesPlan({ formats: ["score", "choice"], set: "full", wordings: 2, samples: 16 }));
const scored = full.filter((call): call is LadderScoreCall => call.kind === "score");
const chosen = full.filter((call): call is LadderChoiceCall => call.kind === "chat" && call.part === "ladder");
const played = full.filter((call): call is GameCall => call.part === "games");
const textOf = (call: LadderChoiceCall | GameCall) => call.request.messages.at(-1)?.content ?? "";
const exchanges = GAMES.exchanges.length;

it("T26: every exchange is asked from both sides in both roles at four rows, and every frame of every game", () => {
  expect(chosen).toHaveLength(exchanges * 2 * 2 * 4 * 16);
  // A step that is answered is scored in both of its wordings.
  expect(scored).toHaveLength(exchanges * 2 * (4 + 4 * 2));
  expect(played).toHaveLength(6 * (6 * 22 + 16));
  expect(new Set(full.map(({ key }) => key)).size).toBe(full.length);
});

it("T26: the quick set takes one side of each exchange, the two sides equally often", () => {
  const quick = callsOf(gamesPlan({ parts: ["ladder"], samples: 1 })) as LadderChoiceCall[];
  expect(quick).toHaveLength(exchanges * 2 * 4 * 4);
  const sides = [...Map.groupBy(quick, ({ item }) => item.exchange).values()].map(
    (own) => new Set(own.map(({ item }) => item.party)).size,
  );
  expect(sides).toEqual(GAMES.exchanges.map(() => 1));
  expect(quick.filter(({ item }) => item.party === "one")).toHaveLength(quick.length / 2);
});

it("T26: every option stands at every place equally often, and every other stands before it", () => {
  const groups = [
    ...Map.groupBy(chosen, ({ item }) => `${item.exchange}/${item.party}/${item.role}/${item.row}`).values(),
  ].map((own) => own.map(({ order }) => order.map(({ option }) => option)));
  const frames = [...Map.groupBy(played, ({ item }) => `${item.game}/${item.frame}`).values()].map((own) =>
    own.map(({ order }) => order),
  );
  for (const orders of [...groups, ...frames]) {
    const options = (orders[0] as readonly number[]).map((_, option) => option);
    const times = options.flatMap((option) =>
      options.map((place) => orders.filter((order) => order[place] === option).length),
    );
    expect(new Set(times)).toEqual(new Set([orders.length / options.length]));
  }
  for (const orders of groups) {
    const pairs = orders.flatMap((order) => order.slice(1).map((option, at) => `${order[at]}${option}`));
    expect(new Set(pairs).size).toBe(12);
  }
});

it("T26: answers are at least as many as asked for, and whole rounds", () => {
  expect([balanced(1, 11), balanced(11, 11), balanced(12, 11), balanced(11, 4), balanced(1, 2)]).toEqual([
    11, 11, 22, 12, 2,
  ]);
});

it("T26: prompts hold the options in their order and say how to answer; a guardrail stands before them", () => {
  const pair = played.find(({ item }) => item.game === "prisoners-dilemma") as GameCall;
  for (const call of [chosen[0] as LadderChoiceCall, played[0] as GameCall, pair]) {
    const letters = call.request.letters as readonly string[];
    const texts =
      call.part === "ladder" ? call.order.map(({ text }) => text) : call.order.map((at) => call.item.options[at]?.text);
    for (const [place, text] of texts.entries()) expect(textOf(call)).toContain(`\n${letters[place]}. ${text}\n`);
    expect(textOf(call).endsWith(`${letters.slice(0, -1).join(", ")} or ${letters.at(-1)}.`)).toBe(true);
  }
  const [guarded] = callsOf(gamesPlan({ system: "Be brief." }));
  expect(guarded?.request.messages[0]).toEqual({ role: "system", content: "Be brief." });
});

it("T26: under score a prompt is the question alone, and all wordings of all options are its replies", () => {
  expect(scored[0]?.request.messages).toHaveLength(1);
  expect(scored[0]?.request.messages[0]?.content).toMatch(/Which one\?$/);
  expect(scored[0]?.request.replies).toHaveLength(8);
  expect(callsOf(gamesPlan({ formats: ["score"] })).every(({ part }) => part === "ladder")).toBe(true);
});

it("T26: letters' probabilities, a letter said, and four kinds of nothing are told apart", async () => {
  const calls = callsOf(gamesPlan({ parts: ["games"], samples: 1 })).slice(0, 6) as GameCall[];
  const usage = { promptTokens: 1, completionTokens: 1 };
  const said = (text: string, stop: ChatAnswer["stop"] = "stop") => ({ kind: "chat", text, stop, usage }) as const;
  const answers = [
    { ...said("A"), letterLogProbabilities: { A: Math.log(0.5), C: Math.log(0.25) } },
    said("(B)"),
    said("I cannot answer that."),
    said("whatever comes"),
    said(""),
    { kind: "failure", code: "refused" } as const,
  ];
  const { games } = await codeGames(
    calls,
    async (call) => answers[calls.findIndex(({ key }) => key === call.key)] as never,
  );
  expect(games[0]?.probability?.slice(0, 3)).toEqual([expect.closeTo(2 / 3), 0, expect.closeTo(1 / 3)]);
  expect(games[1]?.probability?.indexOf(1)).toBe(1);
  expect(games.slice(2).map(({ silence, probability }) => [silence, probability])).toEqual(
    ["refusal", "unparsable", "empty", "failure"].map((kind) => [kind, null]),
  );
});

it("T26: the same seed gives the same answers, another seed others, and a text without a score is missing", async () => {
  const run = (seed: number) => simulateGames("taker", { samples: 1 }, seed);
  expect(await run(1)).toEqual(await run(1));
  expect(await run(2)).not.toEqual(await run(1));
  const [call] = scored as [LadderScoreCall];
  const lost = { kind: "score", logProbabilities: [null, ...Array(7).fill(-3)], tokens: Array(8).fill(1) } as const;
  const { scored: coded } = await codeGames([call], async () => ({
    ...lost,
    usage: { promptTokens: 1, completionTokens: 0 },
  }));
  expect(coded[0]?.texts[0]).toEqual([null, -3]);
});
