import { expect, it } from "vitest";
import { logistic } from "../../kernel/logistic-mass.ts";
import { randomStream } from "../../kernel/random.ts";
import { RUNGS } from "../../model/coding.ts";
import { fitLeaning, type LeaningFit, leaningLogit } from "./leaning.ts";

const SHARES = RUNGS.map((rung) => 0.5 ** (rung + 1)).map((one, _, all) => one / all.reduce((sum, x) => sum + x, 0));

it("T30: the temperature and intercept with which scores foretell what was written are found again", () => {
  const truth = { temperature: 2, intercept: -0.7, shares: SHARES };
  const drawn = randomStream(4, "leaning");
  const items = Array.from({ length: 200 }, () => {
    const lift = 24 * drawn.uniform();
    const rise = RUNGS.map((rung) => (rung / 10) * lift + 0.1 * drawn.normal());
    const chance = logistic(leaningLogit(truth, rise));
    const n = 300;
    return { rise, n, severe: Array.from({ length: n }, () => drawn.uniform() < chance).filter(Boolean).length };
  });
  const found = fitLeaning(items, SHARES) as LeaningFit;
  expect(found.temperature).toBeGreaterThan(1.8);
  expect(found.temperature).toBeLessThan(2.2);
  expect(Math.abs(found.intercept + 0.7)).toBeLessThan(0.15);
  expect(found.gain).toBeGreaterThan(50);
});

it("T30: scores that say nothing of what is written gain nothing; without a mild or a severe text nothing is fitted", () => {
  const drawn = randomStream(5, "leaning");
  const items = Array.from({ length: 60 }, () => ({
    rise: RUNGS.map(() => drawn.normal()),
    n: 11,
    severe: drawn.integer(4),
  }));
  expect((fitLeaning(items, SHARES) as LeaningFit).gain).toBeLessThan(4);
  expect(
    fitLeaning(
      items.map((item) => ({ ...item, severe: 0 })),
      SHARES,
    ),
  ).toBeNull();
  expect(
    fitLeaning(
      items.map((item) => ({ ...item, severe: 11 })),
      SHARES,
    ),
  ).toBeNull();
  expect(fitLeaning([], SHARES)).toBeNull();
});
