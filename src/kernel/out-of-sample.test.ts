import { expect, it } from "vitest";
import reference from "../../test/peers/ridge-reference.json" with { type: "json" };
import { type Cases, foldsOf, outOfSample, permutationTest } from "./out-of-sample.ts";
import { countOrders, permutedOrder } from "./permuted-order.ts";
import { type RandomStream, randomStream } from "./random.ts";
import { skillInterval } from "./skill-interval.ts";
import { skillPower } from "./skill-power.ts";

const each = (size: number) => Array.from({ length: size }, (_, row) => [row]);

it("P7: skill with one case left out at a time equals that of numpy", () => {
  const weights = Float64Array.from(reference.weights);
  const columns = [0, 1, 2, 3].map((j) => Float64Array.from(reference.x, (row) => row[j] as number));
  const folds = foldsOf({ columns, weights, folds: each(weights.length) });
  const found = outOfSample(folds, weights, Float64Array.from(reference.y));
  expect(found.skill).toBeCloseTo(reference.skill, 9);
  expect(found.predicted[3]).toBeCloseTo(reference.leftOut[3]?.predicted as number, 9);
});

it("P5: predictions stay within their range", () => {
  const { cases, y } = drawn(9, 0.9, randomStream(1, "range"));
  const { predicted } = outOfSample(foldsOf(cases), cases.weights, y, [-0.1, 0.1]);
  expect([...predicted].every((value) => Math.abs(value) <= 0.1)).toBe(true);
});

it("P12: the skill of equal outcomes is none, and p is then 1", () => {
  const { cases } = drawn(9, 0, randomStream(2, "equal"));
  const y = new Float64Array(9).fill(0.3);
  expect(outOfSample(foldsOf(cases), cases.weights, y).skill).toBeNaN();
  const by = { blocks: each(9), exchange: "all", draws: 20, stream: randomStream(3) } as const;
  expect(permutationTest(cases, y, by)).toBe(1);
});

it("P8: whole blocks of one size change places whole, and within blocks nothing leaves its own", () => {
  const blocks = [
    [0, 3],
    [1, 4],
    [2, 5],
  ];
  const of = (row: number) => blocks.findIndex((block) => block.includes(row));
  const stream = randomStream(4, "orders");
  const moved = new Set<string>();
  for (let draw = 0; draw < 50; draw += 1) {
    const whole = permutedOrder(blocks, "whole blocks", stream);
    for (const block of blocks) expect(new Set(block.map((row) => of(whole[row] as number))).size).toBe(1);
    const within = permutedOrder(blocks, "within blocks", stream);
    expect([...within].every((from, row) => of(from) === of(row))).toBe(true);
    expect([...permutedOrder(blocks, "all", stream)].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    moved.add(whole.join());
  }
  expect(moved.size).toBeGreaterThan(20);
  expect(["all", "whole blocks", "within blocks"].map((one) => countOrders(blocks, one as "all", 1e6))).toEqual([
    720, 6, 8,
  ]);
  expect(countOrders(each(60), "all", 100)).toBe(100);
});

it("P8: where weights differ they change places with their outcomes, and the level is kept", () => {
  const chance = (run: number, correlation: number) => {
    const { cases, y } = drawn(10, correlation, randomStream(run, "weights", correlation * 100));
    const weights = cases.weights.map((_, row) => (row % 2 === 0 ? 1 : 4));
    // What counts little scatters much.
    const scattered = y.map((value, row) => value * (row % 2 === 0 ? 2 : 1));
    const by = { blocks: each(10), exchange: "all", draws: 39, stream: randomStream(run, "permute") } as const;
    return permutationTest({ ...cases, weights }, correlation === 0 ? scattered : y, by);
  };
  const runs = Array.from({ length: 20 }, (_, run) => run);
  expect(runs.filter((run) => chance(run, 0) <= 0.05).length).toBeLessThanOrEqual(4);
  expect(runs.slice(0, 5).filter((run) => chance(run, 0.98) <= 0.05).length).toBeGreaterThanOrEqual(4);
});

it("P8: p is small where there is a relation, and at most at its level where there is none (slice of suite prediction)", () => {
  const chance = (run: number, correlation: number) => {
    const { cases, y } = drawn(12, correlation, randomStream(run, "level", correlation * 100));
    const by = { blocks: each(12), exchange: "all", draws: 79, stream: randomStream(run, "permute") } as const;
    return permutationTest(cases, y, by);
  };
  const runs = Array.from({ length: 100 }, (_, run) => run);
  // 100 runs at 5 %: more than 12 have a probability below 0.002.
  expect(runs.filter((run) => chance(run, 0) <= 0.05).length).toBeLessThanOrEqual(12);
  expect(runs.slice(0, 40).filter((run) => chance(run, 0.9) <= 0.05).length).toBeGreaterThan(28);
});

it("P9: the interval holds the strength in most runs, and the skill always (slice of suite prediction)", () => {
  let held = 0;
  for (let run = 0; run < 30; run += 1) {
    const { cases, y } = drawn(12, Math.sqrt(0.5), randomStream(run, "interval"));
    const { skill } = outOfSample(foldsOf(cases), cases.weights, y);
    const found = skillInterval(cases, skill, { blocks: each(12), draws: 40, stream: randomStream(run, "simulate") });
    expect(found.low).toBeLessThanOrEqual(skill);
    expect(found.high).toBeGreaterThanOrEqual(skill);
    if (found.strength.low <= 0.5 && 0.5 <= found.strength.high) held += 1;
  }
  // Of 30 at 0.93, fewer than 24 have a probability below 0.01.
  expect(held).toBeGreaterThanOrEqual(24);
});

it("P10: power grows with cases and with the correlation", () => {
  const power = (cases: number) =>
    skillPower(cases, [0.5, 0.9], { columns: 4, sets: 6, stream: randomStream(8, "power", cases) }).power;
  const [few, many] = [power(8), power(20)];
  expect(many[0]).toBeGreaterThan(few[0] as number);
  expect(many[1]).toBeGreaterThan(0.9);
  expect(few[1]).toBeGreaterThan(few[0] as number);
});

/** Four columns of which the first has the correlation. */
function drawn(size: number, correlation: number, stream: RandomStream): { cases: Cases; y: Float64Array } {
  const weights = new Float64Array(size).fill(1);
  const columns = Array.from({ length: 4 }, () => weights.map(() => stream.normal()));
  const rest = Math.sqrt(1 - correlation ** 2);
  const y = weights.map((_, row) => correlation * (columns[0]?.[row] as number) + rest * stream.normal());
  return { cases: { columns, weights, folds: each(size) }, y };
}
