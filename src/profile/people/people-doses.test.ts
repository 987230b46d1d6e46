import { expect, it } from "vitest";
import { ourStressPath, readStressSuite } from "../../adapters/stress-files.ts";
import { logistic } from "../../kernel/logistic-mass.ts";
import { randomStream } from "../../kernel/random.ts";
import { type DoseLevel, doseComparisonSchema, doseSchema } from "../../model/dose.ts";
import { GRADED } from "../../model/stress.ts";
import type { Family } from "../stress/family.ts";
import { DOSE_QUESTIONS, doseSheets, parsePair } from "./dose-questions.ts";
import { dosesOfPeople } from "./people-doses.ts";
import type { PersonAnswer } from "./question-sheet.ts";

const { families: every } = readStressSuite(ourStressPath());
/** Few, so that each level is compared often. */
const families = every.slice(0, 2);
const people = (count: number) => Array.from({ length: count }, (_, at) => `person-${String(at + 1).padStart(2, "0")}`);
const sheetsFor = (count: number, each: number, some: readonly Family[] = families) =>
  doseSheets(some, { people: people(count), each }, randomStream(1, "p"));
const pairOf = (about: string) => {
  const pair = parsePair(about);
  if (!pair) throw new RangeError(about);
  return pair;
};

/** Where a level truly stands: its index, more or less of it in each family. */
const truth = ({ family, level }: DoseLevel) => level + (families.findIndex(({ id }) => id === family) - 0.5) / 2;

/** Two logits a level; `noise` is how a person reads a family, over all its levels. */
function judged(sheets: ReturnType<typeof sheetsFor>, noise: number, seed: number, draw = seed): PersonAnswer[] {
  return sheets.flatMap(({ person, key }) => {
    const readings = randomStream(seed, "readings", person);
    const own = new Map(families.map(({ id }) => [id, noise * readings.normal()]));
    const stream = randomStream(draw, "judge", person);
    const seen = (level: DoseLevel) => truth(level) + (own.get(level.family) as number);
    return [...key.values()].map((about) => {
      const { a, b } = pairOf(about);
      return { person, about, answer: stream.uniform() < logistic(2 * (seen(a) - seen(b))) ? 0 : 1 };
    });
  });
}

it("K14: pairs are of one factor, a third within a family and two thirds between, every level about as often, none twice to one person", () => {
  const sheets = sheetsFor(12, 30, every);
  const pairs = sheets.flatMap(({ key }) => [...key.values()].map(pairOf));
  const within = pairs.filter(({ a, b }) => a.family === b.family);
  expect(within.length / pairs.length).toBeCloseTo(10 / 30, 6);
  for (const { a, b } of within) expect([a.side, a.level === b.level]).toEqual([b.side, false]);
  for (const { a, b } of pairs.filter((pair) => !within.includes(pair)))
    expect(Math.abs(a.level - b.level)).toBeLessThanOrEqual(2);
  const counts = Map.groupBy(
    pairs.flatMap(({ factor, a, b }) => [a, b].map((level) => [factor, ...Object.values(level)].join())),
    (name) => name,
  );
  const often = [...counts.values()].map((own) => own.length);
  expect(often).toHaveLength(360);
  expect(Math.max(...often) - Math.min(...often)).toBeLessThanOrEqual(2);
  for (const { key, questions } of sheets) {
    const names = [...key.values()].map((about) => {
      const { factor, a, b } = pairOf(about);
      return [factor, ...[a, b].map((level) => JSON.stringify(level)).sort()].join();
    });
    expect(new Set(names).size).toBe(30);
    for (const { text, options } of questions) {
      expect(Object.values(DOSE_QUESTIONS)).toContain(text);
      expect(options).toHaveLength(2);
    }
  }
  expect(JSON.stringify(sheets.map(({ questions }) => questions))).not.toMatch(
    /code-release|"level"|\/over\/|\/under\//,
  );
});

it("K19: simulated people's judgements give back the order of levels that they were made from, in the format of our doses", () => {
  const { doses, comparisons, undecided } = dosesOfPeople(judged(sheetsFor(30, 80), 0.1, 5));
  expect(undecided).toEqual([]);
  expect(doses).toHaveLength(families.length * 8 * 5);
  for (const dose of doses) expect(doseSchema.parse(dose)).toEqual(dose);
  for (const one of comparisons.slice(0, 50)) expect(doseComparisonSchema.parse(one)).toEqual(one);
  for (const factor of GRADED) {
    const own = doses.filter((dose) => dose.factor === factor);
    const off = own.map((dose) => dose.dose - truth(dose));
    expect(Math.sqrt(off.reduce((sum, one) => sum + one ** 2, 0) / off.length)).toBeLessThan(0.5);
    const held = own.filter((dose) => dose.low <= truth(dose) && truth(dose) <= dose.high);
    expect(held.length / own.length).toBeGreaterThan(0.9);
  }
});

it("K19: where people read a text each in their own way, intervals are wider than if every judgement were another person's", () => {
  const sheets = sheetsFor(6, 80);
  const answers = [6, 7, 8, 9, 10, 11].flatMap((seed) => judged(sheets, 2, 6, seed));
  const strangers = answers.map((one, at) => ({ ...one, person: `stranger-${at}` }));
  const width = (some: readonly PersonAnswer[]) => {
    const { doses } = dosesOfPeople(some);
    return doses.reduce((sum, { low, high }) => sum + high - low, 0) / doses.length;
  };
  expect(width(answers)).toBeGreaterThan(1.1 * width(strangers));
});

it("K19: withheld judgements are counted, and factors that nobody told apart are undecided", () => {
  const sheets = sheetsFor(3, 30);
  const none = sheets.flatMap(({ person, key }) =>
    [...key.values()].map((about) => ({ person, about, answer: "no-answer" as const })),
  );
  expect(dosesOfPeople(none)).toMatchObject({
    doses: [],
    undecided: [],
    people: { people: 0, asked: 90, preferredNot: 90 },
  });
  const upside = judged(sheetsFor(6, 80), 0, 7).map((one) => ({ ...one, answer: one.answer === 0 ? 1 : 0 }));
  expect(dosesOfPeople(upside)).toMatchObject({ doses: [], undecided: [...GRADED] });
});
