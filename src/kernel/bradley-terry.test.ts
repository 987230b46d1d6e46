import { expect, it } from "vitest";
import reference from "../../test/peers/comparison-reference.json" with { type: "json" };
import { expectAgreement } from "../../test/peers/expect-agreement.ts";
import { bradleyTerry } from "./bradley-terry.ts";
import { randomStream } from "./random.ts";

it("S4: strengths equal those of a penalised logistic regression by scikit-learn", () => {
  const found = bradleyTerry(reference.comparisons, reference.items, { priorSd: reference.priorSd });
  expectAgreement(
    found.map(({ value }) => value),
    reference.strengths,
    { share: 1e-5 },
  );
});

it("S4: one that always wins, and one never compared, have finite strengths; the second as wide as the prior", () => {
  const wins = Array.from({ length: 30 }, () => ({ greater: 0, lesser: 1 }));
  const [first, second, third] = bradleyTerry(wins, 3, { priorSd: 2 });
  expect(first?.value).toBeGreaterThan(1);
  expect(first?.value).toBeLessThan(6);
  expect(second?.value).toBeCloseTo(-(first?.value ?? 0), 9);
  expect(third).toMatchObject({ value: 0, n: 0 });
  expect(third?.high).toBeCloseTo(1.96 * 2, 2);
});

it("S4: intervals cover what comparisons were made with", () => {
  const priorSd = 2;
  let covered = 0;
  for (let run = 0; run < 60; run += 1) {
    const stream = randomStream(run, "bradley-terry");
    const truth = Array.from({ length: 12 }, () => priorSd * stream.normal());
    const comparisons = Array.from({ length: 240 }, () => {
      const [one, other] = stream.shuffle(truth.map((_, item) => item)) as [number, number];
      const wins = stream.uniform() < 1 / (1 + Math.exp((truth[other] as number) - (truth[one] as number)));
      return wins ? { greater: one, lesser: other } : { greater: other, lesser: one };
    });
    const found = bradleyTerry(comparisons, 12, { priorSd });
    covered += found.filter(
      ({ low, high }, item) => low <= (truth[item] as number) && (truth[item] as number) <= high,
    ).length;
  }
  expect(covered / 720).toBeGreaterThan(0.92);
  expect(covered / 720).toBeLessThan(0.98);
});

it("S4: items that are none and a prior of 0 are refused", () => {
  expect(() => bradleyTerry([{ greater: 0, lesser: 2 }], 2, { priorSd: 1 })).toThrow(RangeError);
  expect(() => bradleyTerry([{ greater: 1, lesser: 1 }], 2, { priorSd: 1 })).toThrow(RangeError);
  expect(() => bradleyTerry([], 2, { priorSd: 0 })).toThrow(RangeError);
});
