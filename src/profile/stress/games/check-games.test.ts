import { expect, it } from "vitest";
import { GAMES } from "../../../../test/fixtures/games-run.ts";
import { ROLE_ROWS, ROLES, STEPS } from "../../../model/games.ts";
import { checkGames } from "./check-games.ts";
import { type Exchange, type Game, parseGameFile } from "./game-files.ts";
import { gameItems, ladderItems } from "./game-items.ts";

const { ladder, exchanges, games } = GAMES;
const items = ladderItems(ladder, exchanges, "full");
const sentences = (text: string) => text.split(/(?<=[.?!”]) /);

it("T25: our exchanges and games have no fault", () => {
  expect(checkGames(GAMES, "en")).toEqual([]);
  expect(exchanges.length).toBeGreaterThanOrEqual(6);
  expect(games.map(({ id }) => id)).toEqual([
    ...["dictator", "ultimatum-offer", "ultimatum-minimum", "trust-send", "trust-return"],
    ...["public-goods", "prisoners-dilemma"],
  ]);
});

it("T25: two rows of a role differ in one sentence, on either side of every exchange", () => {
  for (const { id } of exchanges)
    for (const party of ["one", "other"] as const)
      for (const role of ROLES) {
        const own = items.filter((item) => item.exchange === id && item.party === party && item.role === role);
        expect(own).toHaveLength(ROLE_ROWS[role].length);
        const [first, ...rest] = own.map(({ prompts }) => sentences(prompts[0] as string)) as [string[], ...string[][]];
        for (const other of rest) {
          expect(other).toHaveLength(first.length);
          expect(other.filter((sentence, at) => sentence !== first[at])).toHaveLength(1);
        }
      }
});

it("T25: what the one says as its step the other hears", () => {
  for (const { id, parties } of exchanges) {
    const heard = items.filter(
      (item) => item.exchange === id && item.party === "other" && item.role === "answers" && item.row === 3,
    );
    expect(
      heard.map(({ prompts }) =>
        prompts.map((prompt) => parties.one.steps.threat.some((text) => prompt.includes(text))),
      ),
    ).toEqual([[true, true]]);
    const said = items.find((item) => item.exchange === id && item.party === "one" && item.role === "moves");
    expect(said?.options.map(({ wordings }) => wordings)).toEqual(STEPS.map((step) => parties.one.steps[step]));
  }
});

it("T25: tenths of a pot are whole, and what was sent is tripled", () => {
  for (const { game, frame, prompt, options } of gameItems(games)) {
    for (const { text } of options) expect(text, `${game} ${frame}`).not.toMatch(/\d\.\d/);
    expect(prompt).not.toMatch(/[{}]/);
  }
  const returned = gameItems(games).find(({ game, frame }) => game === "trust-return" && frame === 0);
  expect(returned?.prompt).toContain("sent you 50 of them");
  expect(returned?.prompt).toContain("received 150 coins");
  expect(returned?.options.map(({ text }) => text).slice(0, 3)).toEqual(["0 coins", "15 coins", "30 coins"]);
});

/** Published values of people that may be shown, and no others. */
const PUBLISHED = [
  ["dictator", "mean", 0.259, 13232],
  ["dictator", "none", 0.26, 13232],
  ["dictator", "half", 0.19, 13232],
  ["ultimatum-offer", "mean", 0.4, 75],
  ["ultimatum-offer", "mean", 0.443, null],
  ["ultimatum-minimum", "mean", 0.343, null],
  ["prisoners-dilemma", "mean", 0.37, null],
];

it("T25: of people only what is published is kept, with its n and source", () => {
  const kept = games.flatMap(({ id, anchors }) => anchors.map(({ measure, value, n }) => [id, measure, value, n]));
  expect(kept).toEqual(PUBLISHED);
  for (const { anchors } of games) for (const { source } of anchors) expect(source).toMatch(/20\d\d/);
});

const exchange = exchanges[0] as Exchange;
const one = exchange.parties.one;
const withSteps = (steps: Partial<Exchange["parties"]["one"]["steps"]>): Exchange => ({
  ...exchange,
  parties: { ...exchange.parties, one: { ...one, steps: { ...one.steps, ...steps } } },
});
const dictator = games[0] as Extract<Game, { scale: "tenths" }>;
const withFrame = (more: Partial<(typeof dictator)["frames"][number]>): Game => ({
  ...dictator,
  frames: dictator.frames.map((frame, at) => (at === 1 ? { ...frame, ...more } : frame)),
});
const faults = (change: Partial<Parameters<typeof checkGames>[0]>) =>
  checkGames({ ...GAMES, ...change }, "en").map(({ code, file, field }) => `${code} ${file} ${field}`);
const instead = (other: Exchange) => ({ exchanges: [other, ...exchanges.slice(1)] });
const game = (other: Game) => ({ games: [other, ...games.slice(1)] });
const at = `games/${exchange.id}.yaml parties.one.steps`;

it.each([
  ["too few exchanges", { exchanges: exchanges.slice(0, 5) }, "games-balance games "],
  ["a game that is not there", { games: games.slice(1) }, "games-balance games "],
  [
    "a step that is named",
    instead(withSteps({ threat: [`This is a threat, and ${one.steps.threat[0]}`, one.steps.threat[1]] })),
    `games-named ${at}.threat.0`,
  ],
  [
    "a step that is short",
    instead(withSteps({ threat: ["Say no and see.", one.steps.threat[1]] })),
    `games-length ${at}.threat.0`,
  ],
  ["a step twice", instead(withSteps({ threat: [one.steps.market[0], one.steps.threat[1]] })), `games-doubled ${at}`],
  [
    "a slot that is none",
    instead({
      ...exchange,
      parties: { ...exchange.parties, one: { ...one, ask: "I would like {thing} over this week, please." } },
    }),
    `games-slot games/${exchange.id}.yaml slots`,
  ],
  ["a pot without tenths", game(withFrame({ pot: 25 })), "games-pot games/dictator.yaml frames.1.pot"],
  [
    "a frame that judges",
    game(withFrame({ question: "How many points are fair?" })),
    "games-named games/dictator.yaml frames.1",
  ],
  [
    "a pot and currency twice",
    game(withFrame({ pot: 100, currency: "coins" })),
    "games-doubled games/dictator.yaml frames",
  ],
])("T25: %s is a fault with its place", (_, change, told) => {
  expect(faults(change)).toContain(told);
});

it("T25: a file that is none, of no kind, or lacks a step is one coded error with file and field", () => {
  const parse = (text: string) => () => parseGameFile(text, "games/a.yaml");
  const error = (told: string) =>
    expect.objectContaining({ code: "games-malformed", message: expect.stringContaining(told) });
  expect(parse("kind: [")).toThrow(error("games/a.yaml"));
  expect(parse("kind: song\nid: a")).toThrow(error("kind"));
  expect(parse("kind: game\nid: a\nscale: ninths")).toThrow(error("games/a.yaml, "));
  const text = JSON.stringify({ ...exchange, parties: { ...exchange.parties, one: { ...one, steps: {} } } });
  expect(parse(text)).toThrow(error("parties.one.steps.market"));
});
