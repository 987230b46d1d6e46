import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ourStressPath, readStressSuite } from "../../adapters/stress-files.ts";
import { type DoseComparison, doseComparisonSchema, doseSchema } from "../../model/dose.ts";
import { GRADED } from "../../model/stress.ts";
import { doseScale } from "./dose-scale.ts";

const folder = join(ourStressPath(), "doses");
const comparisons = readFileSync(join(folder, "comparisons.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line) => doseComparisonSchema.parse(JSON.parse(line)));
const doses = (JSON.parse(readFileSync(join(folder, "doses.json"), "utf8")) as unknown[]).map((one) =>
  doseSchema.parse(one),
);

it("T5: the doses are what the raw comparisons give", () => {
  expect(doseScale(comparisons)).toEqual(doses);
});

it("T5: every level of every family and side has a dose, rising with its index in all but few", () => {
  const { families } = readStressSuite(ourStressPath());
  expect(doses).toHaveLength(families.length * 8 * (2 + 2 + 1));
  const pairs = doses.flatMap((one) => {
    const next = doses.find(
      ({ factor, family, side, level }) =>
        factor === one.factor && family === one.family && side === one.side && level === one.level + 1,
    );
    return next ? [next.dose > one.dose] : [];
  });
  expect(pairs.filter(Boolean).length / pairs.length).toBeGreaterThan(0.9);
  for (const factor of GRADED)
    for (const [index, at] of [
      [0, 0],
      [7, 7],
    ] as const) {
      const there = doses.filter((one) => one.factor === factor && one.level === index);
      expect(there.reduce((sum, { dose }) => sum + dose, 0) / there.length).toBeCloseTo(at, 3);
    }
});

it("T5: a factor that nobody compared has no doses, and one without a rise is refused", () => {
  expect(doseScale([])).toEqual([]);
  const flat = (more: "a" | "b"): DoseComparison => ({
    judge: "j",
    factor: "power",
    a: { family: "f", side: "over", level: 0 },
    b: { family: "f", side: "over", level: 7 },
    more,
  });
  expect(() => doseScale([flat("a")])).toThrow(RangeError);
  expect(doseScale([flat("b")]).map(({ dose }) => dose)).toEqual([0, 7]);
});
