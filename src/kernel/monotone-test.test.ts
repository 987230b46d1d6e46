import { expect, it } from "vitest";
import { monotoneTest } from "./monotone-test.ts";
import { randomStream } from "./random.ts";
import { wildWeights } from "./wild-cluster.ts";

/** Every draw of Webb's six weights for four clusters: the bootstrap is then exact. */
const WEBB = [-Math.sqrt(1.5), -1, -Math.sqrt(0.5), Math.sqrt(0.5), 1, Math.sqrt(1.5)];
const ALL = Float64Array.from(
  WEBB.flatMap((a) => WEBB.flatMap((b) => WEBB.flatMap((c) => WEBB.flatMap((d) => [a, b, c, d])))),
);

const RISING = [
  [0.1, 0.3, 0.35, 0.6],
  [0.2, 0.25, 0.5, 0.7],
  [0.05, 0.2, 0.3, 0.65],
  [0.3, 0.45, 0.5, 0.55],
];
const TURNING = RISING.map(([a, b, c, d]) => [a, b, 2 * (b as number) - (c as number) - 0.05, d] as number[]);

it("T27: agrees with a count over all draws, done in Python", () => {
  expect(monotoneTest(RISING, ALL)).toEqual({
    rises: expect.closeTo(0.030454895913646876, 12),
    falls: expect.closeTo(0.9811102544333077, 12),
    turns: 1,
  });
  expect(monotoneTest(TURNING, ALL)).toEqual({
    rises: expect.closeTo(0.9710871241326138, 12),
    falls: expect.closeTo(0.9811102544333077, 12),
    turns: expect.closeTo(0.08673862760215882, 12),
  });
});

it("T27: turned over, what rises falls, and what turns still turns", () => {
  const over = (rows: readonly (readonly number[])[]) => rows.map((row) => row.map((value) => -value));
  const { rises, turns } = monotoneTest(TURNING, ALL);
  expect(monotoneTest(over(TURNING), ALL)).toMatchObject({ falls: rises, turns });
});

it("T27: where nothing differs nothing is claimed; too few and what is no number are refused", () => {
  const level = RISING.map(() => [0.4, 0.4, 0.4, 0.4]);
  expect(monotoneTest(level, ALL)).toEqual({ rises: 1, falls: 1, turns: 1 });
  expect(() => monotoneTest([[1, 2]], ALL)).toThrow(RangeError);
  expect(() => monotoneTest([[1], [2]], ALL)).toThrow(RangeError);
  expect(() =>
    monotoneTest(
      [
        [1, 2, 3],
        [1, 2],
      ],
      ALL,
    ),
  ).toThrow(RangeError);
  expect(() =>
    monotoneTest(
      [
        [1, Number.NaN],
        [1, 2],
      ],
      wildWeights(2, 9, randomStream(1, "t")),
    ),
  ).toThrow(RangeError);
});

it("T27: one level step among rises is taken for a rise at every step in at most 0.05 of runs", () => {
  const weights = wildWeights(8, 199, randomStream(3, "monotone"));
  const runs = 400;
  let wrong = 0;
  for (let run = 0; run < runs; run += 1) {
    const stream = randomStream(3, "monotone", run);
    const rows = Array.from({ length: 8 }, () => [0, 3, 3, 6].map((mean) => mean + stream.normal()));
    if (monotoneTest(rows, weights).rises <= 0.05) wrong += 1;
  }
  // 99.9 % upper end of Binomial(400, 0.05): 35.
  expect(wrong).toBeLessThanOrEqual(35);
  expect(wrong).toBeGreaterThan(4);
});
