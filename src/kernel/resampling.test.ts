import { expect, it } from "vitest";
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { entropy } from "./information.ts";
import { randomStream } from "./random.ts";
import { jackknife } from "./resampling.ts";
import { mean, variance } from "./summary.ts";

const { resampling } = reference;

function over(values: readonly number[], estimate: (kept: readonly number[]) => number) {
  return jackknife(values.length, (omit) => estimate(values.filter((_, index) => index !== omit)));
}

it("E14: the jackknife equals an independent calculation's", () => {
  const { values, value, corrected, standardError } = resampling;
  const found = over(values, (kept) => Math.log(mean(kept)));
  expectAgreement([found.value, found.corrected, found.standardError], [value, corrected, standardError]);
});

it("E5: of a mean the jackknife leaves the value and gives its standard error, of the variance over n it makes that over n − 1", () => {
  const { values } = resampling;
  const ofMean = over(values, mean);
  expectAgreement(
    [ofMean.corrected, ofMean.standardError],
    [mean(values), Math.sqrt(variance(values) / values.length)],
  );
  const biased = over(values, (kept) => (variance(kept) * (kept.length - 1)) / kept.length);
  expectAgreement(biased.corrected, variance(values));
});

it("E5: the jackknife takes most of the bias from an entropy", () => {
  const stream = randomStream(9, "entropy");
  const errors = Array.from({ length: 200 }, () => {
    const draws = Array.from({ length: 30 }, () => stream.integer(4));
    const { value, corrected } = over(draws, (kept) =>
      entropy([0, 1, 2, 3].map((kind) => kept.filter((one) => one === kind).length)),
    );
    return { plain: value - Math.log(4), corrected: corrected - Math.log(4) };
  });
  const plain = mean(errors.map((error) => error.plain));
  expect(plain).toBeLessThan(-0.04);
  expect(Math.abs(mean(errors.map((error) => error.corrected)))).toBeLessThan(-plain / 3);
});

it("E15: fewer than two units, NaN and ties are as stated, and each unit is left out once", () => {
  const undecided = { corrected: Number.NaN, standardError: Number.NaN };
  expect(jackknife(0, () => Number.NaN)).toEqual({ value: Number.NaN, ...undecided });
  expect(jackknife(1, () => 4)).toEqual({ value: 4, ...undecided });
  expect(jackknife(3, () => 4)).toEqual({ value: 4, corrected: 4, standardError: 0 });
  expect(jackknife(3, (omit) => (omit === 1 ? Number.NaN : 4))).toEqual({ value: 4, ...undecided });
  const omitted: (number | null)[] = [];
  jackknife(3, (omit) => omitted.push(omit));
  expect(omitted).toEqual([null, 0, 1, 2]);
  for (const n of [-1, 1.5, Number.NaN]) expect(() => jackknife(n, () => 0)).toThrow(RangeError);
});
