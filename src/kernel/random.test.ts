import fc from "fast-check";
import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { canonicalJson, sha256Hex } from "./canonical-json.ts";
import { normalCdf } from "./distributions.ts";
import { philox4x32, type RandomStream, randomStream } from "./random.ts";

const { random } = reference;
const BOUNDS = [1, 2, 6, 6, 1000, 3 * 2 ** 30, 2 ** 32, 2 ** 32 + 1, 2 ** 52 + 1];
const NAMES = fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.integer()), { maxLength: 3 });

function times<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

/** Largest distance between the distribution of the values and the uniform one on [0, 1]. */
function distanceFromUniform(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  return Math.max(...sorted.map((value, index) => Math.max(value - index / n, (index + 1) / n - value)));
}

it("E14: Philox4x32-10 of zero key and counter is 6627e8d5 e169c58d bc57ac4c 9b00dbd8, and other blocks equal randomgen's", () => {
  expect(philox4x32([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  for (const { counter, key, words } of random.philox) {
    expect(
      philox4x32(
        counter as unknown as Parameters<typeof philox4x32>[0],
        key as unknown as Parameters<typeof philox4x32>[1],
      ),
    ).toEqual(words);
  }
});

it("E14: streams of seed and names equal an independent program's, draw by draw", () => {
  for (const { seed, names, uniform, normal, integer, shuffle, mixed } of random.streams) {
    const stream = (): RandomStream => randomStream(seed, ...(names as readonly (string | number)[]));
    const [uniforms, normals, integers] = [stream(), stream(), stream()];
    expect(times(uniform.length, () => uniforms.uniform())).toEqual(uniform);
    expectAgreement(
      times(normal.length, () => normals.normal()),
      normal,
      { share: 1e-12 },
    );
    expect(BOUNDS.map((bound) => integers.integer(bound))).toEqual(integer);
    expect(stream().shuffle([...Array(12).keys()])).toEqual(shuffle);
    const together = stream();
    const drawn = [
      together.uniform(),
      together.integer(10),
      together.normal(),
      together.integer(7),
      together.uniform(),
    ];
    expectAgreement(drawn, mixed, { share: 1e-12 });
  }
});

it("E14: streams never change: pinned to the last bit", () => {
  const stream = randomStream(20260101, "golden", 1);
  const words = times(3, () => stream.integer(2 ** 32));
  const rest = [times(500, () => stream.uniform()), times(500, () => stream.normal()), stream.shuffle(BOUNDS)];
  expect(words).toEqual([2419154405, 1143071097, 1330350948]);
  expect(sha256Hex(canonicalJson(rest))).toBe("4220b5671be79dee418b5b974351050af4eb7cff6bd884f7f9516c4712afaf91");
});

it("E14: drawing more from one stream changes no other, and names do not run together", () => {
  const [one, other] = [randomStream(7, "a"), randomStream(7, "b")];
  const alone = randomStream(7, "b").uniform();
  times(13, () => one.uniform());
  expect(other.uniform()).toBe(alone);
  fc.assert(
    fc.property(fc.integer(), NAMES, fc.integer(), NAMES, (seed, names, otherSeed, otherNames) => {
      const same = seed === otherSeed && JSON.stringify(names) === JSON.stringify(otherNames);
      const [left, right] = [randomStream(seed, ...names), randomStream(otherSeed, ...otherNames)];
      const draws = (stream: RandomStream) => times(2, () => stream.uniform());
      expect(JSON.stringify(draws(left)) === JSON.stringify(draws(right))).toBe(same);
    }),
    { seed: 1, numRuns: 300 },
  );
  const firsts = [["ab", "c"], ["a", "bc"], ["abc"], [1], ["1"], [], [""], ["\ud800"], ["\ud801"]].map((names) =>
    randomStream(1, ...names).uniform(),
  );
  expect(new Set(firsts).size).toBe(firsts.length);
});

it("E14: uniforms, normals and integers have their distributions", () => {
  const stream = randomStream(3, "distribution");
  const limit = 1.63 / Math.sqrt(20_000); // Kolmogorov's 1 % point
  expect(distanceFromUniform(times(20_000, () => stream.uniform()))).toBeLessThan(limit);
  expect(distanceFromUniform(times(20_000, () => normalCdf(stream.normal())))).toBeLessThan(limit);
  const counts = times(6, () => 0);
  for (let draw = 0; draw < 60_000; draw += 1) {
    const face = stream.integer(6);
    counts[face] = (counts[face] ?? Number.NaN) + 1;
  }
  const chiSquare = counts.reduce((total, count) => total + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(15.1);
  // A bound of three quarters of the range: without rejection the lowest third would be drawn twice as often.
  const low = times(9_000, () => stream.integer(3 * 2 ** 30)).filter((value) => value < 2 ** 30).length;
  expect(Math.abs(low - 3_000)).toBeLessThan(150);
});

it("E15: uniforms are below 1, integers below their bound, shuffles keep every item and leave the original alone", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      fc.array(fc.anything()),
      (seed, bound, items) => {
        const stream = randomStream(seed);
        const before = [...items];
        const shuffled = stream.shuffle(items);
        const drawn = stream.integer(bound);
        const share = stream.uniform();
        expect(items).toEqual(before);
        expect(new Set(shuffled)).toEqual(new Set(items));
        expect(shuffled).toHaveLength(items.length);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < bound).toBe(true);
        expect(share >= 0 && share < 1).toBe(true);
        if (items.length > 0) expect(items).toContain(stream.pick(items));
      },
    ),
    { seed: 2, numRuns: 200 },
  );
});

it("E15: every order of three items is as likely as another", () => {
  const stream = randomStream(5, "orders");
  const counts = new Map<string, number>();
  for (let draw = 0; draw < 6_000; draw += 1) {
    const order = stream.shuffle("abc".split("")).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(110);
});

it("E15: a stream refuses a seed, name or bound that means nothing, and to pick from nothing", () => {
  const stream = randomStream(1);
  expect(() => randomStream(Number.NaN)).toThrow(RangeError);
  expect(() => randomStream(1, "a", Number.POSITIVE_INFINITY)).toThrow(/received Infinity/);
  for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 53]) expect(() => stream.integer(bound)).toThrow(RangeError);
  expect(() => stream.pick([])).toThrow(RangeError);
  expect(stream.shuffle([])).toEqual([]);
  expect(randomStream(0).uniform()).toBe(randomStream(-0).uniform());
});
