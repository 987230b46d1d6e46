import { expect, it } from "vitest";
import { codePatterns } from "../../src/kernel/code-patterns.ts";
import { krippendorffAlpha } from "../../src/kernel/krippendorff.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { quantile } from "../../src/kernel/summary.ts";
import { benchmark, ours, someCodes } from "./agreement-alpha.ts";

it("B8: what is timed gives the interval of units drawn one by one", () => {
  const codes = someCodes(400);
  const stream = randomStream(3, "one by one");
  const alphaOf = (some: typeof codes) => {
    const coded = codePatterns(some, 6);
    return krippendorffAlpha(coded, "ordinal", [0, 1, 2, 3, 4, 5])(coded.weights).value;
  };
  const drawn = Array.from({ length: 1500 }, () => alphaOf(codes.map(() => stream.pick(codes))));
  const { alpha, interval } = ours(codes);
  expect(alpha).toBeCloseTo(alphaOf(codes), 12);
  expect(Math.abs(interval[0] - quantile(drawn, 0.025))).toBeLessThan(0.01);
  expect(Math.abs(interval[1] - quantile(drawn, 0.975))).toBeLessThan(0.01);
  expect(benchmark.target).toContain("krippendorff 0.9.0");
});
