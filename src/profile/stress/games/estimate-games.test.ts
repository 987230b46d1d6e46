import { expect, it } from "vitest";
import { coverGames, TAKER, truthOf } from "../../../../test/calibration/games.ts";
import { GAMES, gamesReportOf, simulateGames } from "../../../../test/fixtures/games-run.ts";
import { wilson } from "../../../kernel/intervals.ts";
import { randomStream } from "../../../kernel/random.ts";
import { wildWeights } from "../../../kernel/wild-cluster.ts";
import type { Weights } from "../cluster-mean.ts";
import type { GameChoice } from "./code-games.ts";
import { estimateGame } from "./estimate-games.ts";
import type { Game } from "./game-files.ts";

const weights: Weights = (clusters) => wildWeights(clusters, 199, randomStream(1, "games", clusters));
const [dictator] = GAMES.games as [Game];
/** Eleven answers a frame, each under another shift, all of one option. */
const always = (optionOf: (frame: number) => number): GameChoice[] =>
  dictator.frames.flatMap((_, frame) =>
    Array.from({ length: 11 }, (__, shift): GameChoice => {
      const order = Array.from({ length: 11 }, (___, place) => (place + shift) % 11);
      const probability = order.map((option) => (option === optionOf(frame) ? 1 : 0));
      return { game: "dictator", frame, order, probability };
    }),
  );

it("T28: the mean is over frames, the shares are of all answers, and people stand beside with their n", () => {
  const found = estimateGame(
    dictator,
    always((frame) => (frame < 3 ? 5 : 0)),
    weights,
    1,
  );
  expect(found.mean).toMatchObject({ value: expect.closeTo(0.25), n: 6, missing: 0 });
  expect(found.half).toMatchObject({ value: 0.5, n: 66 });
  expect([found.none?.low, found.none?.high]).toEqual(wilson(33, 66));
  expect(
    found.options.map(({ value }) => value.value).reduce((sum, one) => (sum as number) + (one as number), 0),
  ).toBeCloseTo(1);
  expect(found.frames[0]).toMatchObject({ currency: "coins", pot: 100, mean: 0.5, n: 11 });
  expect(found.anchors.map(({ value, n }) => [value, n])).toEqual([
    [0.259, 13232],
    [0.26, 13232],
    [0.19, 13232],
  ]);
  expect(found.reading.verdict).toBe("content");
});

it("T28: one that always gives half has no interval over frames, rather than a sure one", () => {
  const { mean } = estimateGame(
    dictator,
    always(() => 5),
    weights,
    1,
  );
  expect(mean).toMatchObject({ value: 0.5, low: null, high: null, method: expect.stringContaining("frames agree") });
});

it("T28: missing answers are counted and in no share; without any there is nothing, and no number is NaN", () => {
  const some = always(() => 5).map((one, at) =>
    at < 11 ? { ...one, probability: null, silence: "refusal" as const } : one,
  );
  const found = estimateGame(dictator, some, weights, 1);
  expect(found).toMatchObject({
    asked: 66,
    silence: { refusals: 11 },
    half: { value: 1, n: 55, missing: 11 },
    mean: { n: 5, missing: 1 },
  });
  const none = estimateGame(
    dictator,
    some.map((one) => ({ ...one, probability: null, silence: "failure" as const })),
    weights,
    1,
  );
  expect(none).toMatchObject({
    reading: { verdict: "empty" },
    mean: { value: null, n: 0 },
    half: { value: null },
    frames: [{ mean: null }, {}, {}, {}, {}, {}],
  });
  expect(JSON.stringify(none)).not.toContain("NaN");
});

it("T28: answers by the place of a letter, and blind ones, are told as such, not as one half", () => {
  const first = always(() => 5).map((one) => ({
    ...one,
    probability: one.order.map((_, place) => (place === 0 ? 1 : 0)),
  }));
  const byPlace = estimateGame(dictator, first, weights, 1);
  expect(byPlace.mean.value).toBeCloseTo(0.5);
  expect(byPlace.reading).toMatchObject({ verdict: "place", byPlace: [1, ...Array(10).fill(0)] });
  const blind = first.map((one) => ({ ...one, probability: one.order.map(() => 1 / 11) }));
  expect(estimateGame(dictator, blind, weights, 1).reading.verdict).toBe("blind");
});

it("T28: drawn blindly, what stands at a letter is taken to matter in few of 40 games", () => {
  let wrong = 0;
  for (let run = 0; run < 40; run += 1) {
    const stream = randomStream(run, "blind");
    const drawn = always(() => 5).map((one) => {
      const place = stream.integer(11);
      return { ...one, probability: one.order.map((_, at) => (at === place ? 1 : 0)) };
    });
    if (estimateGame(dictator, drawn, () => new Float64Array(6), run).reading.verdict === "content") wrong += 1;
  }
  // 99.9 % upper end of Binomial(40, 0.01).
  expect(wrong).toBeLessThanOrEqual(3);
});

it("T28: policies give what they are made to give, and one that goes by place gives nothing to tell", async () => {
  const means = async (policy: string) => {
    const { games } = gamesReportOf(await simulateGames(policy, { parts: ["games"] }));
    return games.map(({ mean, reading }) => (reading.verdict === "content" ? (mean.value as number) : null));
  };
  const taken = await means("taker");
  GAMES.games.forEach((game, at) => {
    expect(Math.abs((taken[at] as number) - truthOf(TAKER, game)), game.id).toBeLessThan(0.06);
  });
  expect(await means("position-biased")).toEqual(GAMES.games.map(() => null));
  expect(await means("never")).toEqual(GAMES.games.map(() => null));
});

it("T28: intervals of mean shares hold the policy's own in about 95 % of a slice of runs", async () => {
  const { held, intervals } = await coverGames(
    TAKER,
    false,
    Array.from({ length: 8 }, (_, run) => run),
  );
  expect(intervals).toBe(56);
  // 99.9 % lower end of Binomial(56, 0.93): 45.
  expect(held).toBeGreaterThanOrEqual(45);
});
