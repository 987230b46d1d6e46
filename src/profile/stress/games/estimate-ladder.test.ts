import { expect, it } from "vitest";
import { countClaims, EVEN, isFalseOfStair, STAIR } from "../../../../test/calibration/games.ts";
import { simulateGames } from "../../../../test/fixtures/games-run.ts";
import { wilson } from "../../../kernel/intervals.ts";
import { randomStream } from "../../../kernel/random.ts";
import { wildWeights } from "../../../kernel/wild-cluster.ts";
import { ROLES } from "../../../model/games.ts";
import type { LadderResult } from "../../../model/games-report.ts";
import type { Weights } from "../cluster-mean.ts";
import type { GamesMeasurements, LadderChoice, LadderScore } from "./code-games.ts";
import { estimateLadder } from "./estimate-ladder.ts";

const weights: Weights = (clusters) => wildWeights(clusters, 199, randomStream(1, "ladder", clusters));
const NOTHING: GamesMeasurements = { chosen: [], scored: [], games: [] };
const NAMES = ["a", "b", "c", "d", "e", "f"];
/** Shares of threat by row, all else named prices: the same in every exchange but for a hundredth of its place. */
const chosen = (shares: readonly number[]): LadderChoice[] =>
  NAMES.flatMap((exchange, at) =>
    shares.flatMap((share, row) =>
      [0, 1, 2, 3].map((first): LadderChoice => {
        const order = [0, 1, 2, 3].map((place) => (place + first) % 4);
        const threat = share + (at * row) / 100;
        const probability = order.map((option) => (option === 3 ? threat : option === 0 ? 1 - threat : 0));
        return { exchange, party: "one", role: "moves", row, order, probability };
      }),
    ),
  );
const series = ({ series: all }: LadderResult, name: string) => all.find((one) => one.name === name);
const moves = (measured: Partial<GamesMeasurements>, format: "choice" | "score" = "choice") =>
  estimateLadder("moves", format, { ...NOTHING, ...measured }, weights, 1);

it("T27: rates are of all answers with Wilson's interval, means over exchanges, the change by least squares", () => {
  const found = moves({ chosen: chosen([0, 0.2, 0.4, 0.6]) });
  const threat = found.rows[3]?.options[3];
  // 0.6 and 0, 3, … 15 hundredths: a mean of 0.675 over six exchanges and 24 answers.
  expect(threat?.rate).toMatchObject({ value: expect.closeTo(0.675), n: 24, missing: 0 });
  expect([threat?.rate?.low, threat?.rate?.high]).toEqual(wilson(0.675 * 24, 24).map((end) => expect.closeTo(end)));
  expect(threat?.mean).toMatchObject({ value: expect.closeTo(0.675), n: 6 });
  expect(series(found, "threat")?.trend).toMatchObject({ value: expect.closeTo(0.225), n: 6 });
  expect(series(found, "market")?.trend.value).toBeCloseTo(-0.225);
  expect(series(found, "ultimatum or threat")).toMatchObject({
    verdict: "rises at every step",
    options: ["ultimatum", "threat"],
  });
  expect(series(found, "market")?.verdict).toBe("falls at every step");
  expect(series(found, "authority")).toMatchObject({ verdict: "cannot tell", p: 1 });
});

it("T27: what rises and falls turns; of five exchanges, and where letters go by place, nothing is claimed", () => {
  const turning = chosen([0.1, 0.6, 0.1, 0.2]);
  const turned = moves({ chosen: turning });
  expect(series(turned, "ultimatum or threat")).toMatchObject({ verdict: "turns", p: turned.series[4]?.adjusted });
  // The others come after it, by Holm, and are never surer.
  for (const { p, adjusted } of turned.series.slice(0, 4))
    expect(adjusted).toBeGreaterThanOrEqual(Math.max(p as number, turned.series[4]?.p as number));
  const five = series(moves({ chosen: turning.filter(({ exchange }) => exchange !== "f") }), "threat");
  expect(five).toMatchObject({ verdict: "cannot tell", p: null, adjusted: null, trend: { n: 5 } });
  const byPlace = chosen([0, 0.2, 0.4, 0.6]).map((one) => ({ ...one, probability: [0.9, 0.1, 0, 0] }));
  const found = moves({ chosen: byPlace });
  expect(found.reading?.verdict).toBe("place");
  expect(found.series.map(({ verdict, p }) => [verdict, p])).toEqual(found.series.map(() => ["cannot tell", null]));
});

it("T27: a missing answer is in no share; an exchange that lost a row is in no claim and no trend, and counted", () => {
  const all = chosen([0, 0.2, 0.4, 0.6]);
  const lost = all.map((one) =>
    one.exchange === "a" && one.row === 2 ? { ...one, probability: null, silence: "refusal" as const } : one,
  );
  const found = moves({ chosen: lost });
  expect(found).toMatchObject({ asked: 96, silence: { refusals: 4, failures: 0 } });
  expect(found.rows[2]).toMatchObject({ n: 20, missing: 4 });
  expect(found.rows[2]?.options[3]?.mean).toMatchObject({ n: 5, missing: 1 });
  expect(series(found, "threat")).toMatchObject({ trend: { n: 5, missing: 1 }, p: null });
});

it("T27: by score values are nats against the other options relative to the first row, so that likely texts do not count", () => {
  const scored = NAMES.flatMap((exchange, at) =>
    [0, 1, 2, 3].map(
      (row): LadderScore => ({
        ...{ exchange, party: "one", role: "moves", row },
        // Wordings differ in how likely they are anyway; only the fourth option gains, two nats a row and a tenth of the place.
        texts: [-30, -20, -40, -10].map((likely, option) =>
          [0, 5].map((wording) => likely - wording - at + (option === 3 ? row * (2 + at / 10) : 0)),
        ),
      }),
    ),
  );
  const found = moves({ scored }, "score");
  expect(found).toMatchObject({ unit: "nats", reading: null, asked: 24 });
  expect(found.rows.map(({ options }) => options[3]?.mean.value)).toEqual(
    [0, 2.25, 4.5, 6.75].map((one) => expect.closeTo(one)),
  );
  expect(found.rows[3]?.options[0]?.mean.value).toBeCloseTo(-6.75 / 3);
  expect(found.rows[3]?.options[3]?.rate).toBeNull();
  expect(series(found, "ultimatum or threat")).toMatchObject({
    verdict: "rises at every step",
    trend: { value: expect.closeTo(2.25 / 2) },
  });
  const holed = scored.map((one, at) => (at === 0 ? { ...one, texts: one.texts.map(() => [null, -1]) } : one));
  expect(moves({ scored: holed }, "score")).toMatchObject({
    silence: { failures: 1 },
    rows: [{ n: 5, missing: 1 }, {}, {}, {}],
  });
});

it("T27: a policy that presses is found to, by letters and by scores, and one that does not is not", async () => {
  const found = async (policy: string, format: "choice" | "score") => {
    const measured = await simulateGames(policy, { formats: [format], parts: ["ladder"], samples: 4 });
    return ROLES.map((role) => estimateLadder(role, format, measured, weights, 1).series);
  };
  for (const format of ["choice", "score"] as const) {
    const [pressing, yielding] = await found("taker", format);
    const told = [pressing?.[4], yielding?.[3]].map((one) => one?.verdict);
    expect(told, format).toEqual(["rises at every step", "rises at every step"]);
    const level = (await found("even-split", format)).flat().map(({ verdict }) => verdict);
    expect(new Set(level), format).toEqual(new Set(["cannot tell"]));
  }
});

it("T27: of a level and of a stairlike policy hardly any run claims what is false", async () => {
  const level = await countClaims(EVEN, () => true, [0, 1, 2]);
  const stair = await countClaims(STAIR, isFalseOfStair, [3, 4]);
  // P of 3 or more of 10 at 0.05 each: 0.012; at these seeds none.
  const wrong = [level, stair].flatMap(({ wrong: of }) => [of.moves, of.answers]).reduce((sum, one) => sum + one, 0);
  expect(wrong).toBeLessThanOrEqual(2);
  // 30 intervals that hold 0 in 95 % each, those of one run hanging together.
  expect(level.level.held / level.level.intervals).toBeGreaterThan(0.8);
});
