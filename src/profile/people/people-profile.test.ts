import { expect, it } from "vitest";
import { fixtureBank } from "../../../test/fixtures/bank.ts";
import { policyOf } from "../../../test/fixtures/simulate-run.ts";
import {
  type AnsweredBank,
  answerBank,
  type Crowd,
  profileAnswers,
  truthOfCrowd,
} from "../../../test/fixtures/simulated-people.ts";
import { randomStream } from "../../kernel/random.ts";
import { LABELS, ROWS } from "../../model/label.ts";
import { type Profile, profileSchema } from "../../model/profile.ts";
import { compareProfiles } from "../compare.ts";
import { estimateTrend } from "../trend.ts";

const bank = fixtureBank();
const CROWD: Crowd = { policy: policyOf("communal"), people: 12, each: 36, personal: 0.8, situational: 0.7 };
const answered = answerBank(bank, CROWD, 1);
const profile = profileAnswers(bank, answered);
const shares = (of: Profile) => of.matrices[0]?.cells as Profile["matrices"][number]["cells"];

it("K17: simulated people's answers give a profile of choice that holds the truth of all who might be asked", () => {
  const truth = truthOfCrowd(CROWD);
  const held = ROWS.flatMap((row, at) =>
    LABELS.map((label, column) => {
      const { low, high } = shares(profile)[row][label];
      const value = truth[at]?.[column] as number;
      return low !== null && high !== null && low <= value && value <= high;
    }),
  );
  // Of thirty intervals of 95 % fewer than 26 hold in one sample of a hundred.
  expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(26);
  expect(shares(profile).CS.CS.value).toBeGreaterThan(shares(profile).none.CS.value as number);
  expect(shares(profile).CS.CS.low).toBeGreaterThan(1 / 6);
  expect(profileSchema.parse(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
});

/** The same answers, as if everybody had answered only once. */
function asStrangers({ plan, answers }: AnsweredBank): AnsweredBank {
  return { plan, answers: answers.map((one, at) => ({ ...one, person: `stranger-${String(at).padStart(4, "0")}` })) };
}

it("K17: the answers of one person are not those of several: intervals are wider than if they were, the more people lean", () => {
  const few = answerBank(bank, { ...CROWD, people: 6, each: 60, personal: 2 }, 2);
  const [own, apart] = [profileAnswers(bank, few), profileAnswers(bank, asStrangers(few))];
  const width = (of: Profile) => {
    const { low, high } = shares(of).none.CS;
    return (high as number) - (low as number);
  };
  expect(shares(own).none.CS.value).toBe(shares(apart).none.CS.value);
  expect(width(own)).toBeGreaterThan(1.3 * width(apart));
  expect(own.people).toMatchObject({ sheets: 6, people: 6, asked: 360, answers: 360, degreesOfFreedom: 5 });
});

it("K17: people, sheets without an answer, questions left empty and those that somebody preferred not to answer are counted", () => {
  const answers = answered.answers.map((one, at) => {
    if (one.person === "person-3") return { ...one, answer: null };
    return at % 10 === 0 ? { ...one, answer: at % 20 === 0 ? ("no-answer" as const) : null } : one;
  });
  const { people, silence } = profileAnswers(bank, { ...answered, answers });
  const preferred = answers.filter(({ answer }) => answer === "no-answer").length;
  const known = answers.filter(({ answer }) => typeof answer === "number").length;
  expect(people).toMatchObject({ sheets: 12, people: 11, asked: 432, answers: known, preferredNot: preferred });
  expect(silence.total).toEqual({ refusals: preferred, unparsable: 0, empty: 432 - known - preferred, failures: 0 });
});

it("K17: one person has no interval, and no distance of people has a p-value", () => {
  const alone = answered.answers.filter(({ person }) => person === "person-1");
  const { matrices, people, design, summary } = profileAnswers(bank, { ...answered, answers: alone });
  expect(people?.people).toBe(1);
  expect(design.remark).toContain("One person's answers say nothing of other people");
  for (const { low, high } of ROWS.flatMap((row) =>
    LABELS.map((label) => matrices[0]?.cells[row][label] ?? { low: 0, high: 0 }),
  ))
    expect([low, high]).toEqual([null, null]);
  expect(ROWS.map((row) => summary[row].distance.p)).toEqual(ROWS.map(() => null));
});

it("K17: the order in which answers come changes nothing", () => {
  expect(JSON.stringify(profileAnswers(bank, { ...answered, answers: answered.answers.toReversed() }))).toBe(
    JSON.stringify(profile),
  );
});

it("K17: compared or named as the reference, people's error is added; with one person nothing is told", () => {
  const other = profileAnswers(
    bank,
    answerBank(bank, { ...CROWD, policy: { ...policyOf("exploiter"), lean: { asocial: 4 } } }, 3),
  );
  const { people: _, ...model } = other;
  const compare = (first: Profile, second: Profile) => {
    const [one] = compareProfiles([first, second], { margin: 0.5 }, randomStream(1, "compare"));
    return one as NonNullable<typeof one>;
  };
  const widthOf = ({ cells }: ReturnType<typeof compare>) =>
    cells.reduce((sum, { difference: { low, high } }) => sum + (high as number) - (low as number), 0);
  const { people: _own, ...unpeopled } = profile;
  const [both, one, none] = [compare(profile, other), compare(profile, model), compare(unpeopled, model)];
  expect(widthOf(both)).toBeGreaterThan(widthOf(one));
  expect(widthOf(one)).toBeGreaterThan(widthOf(none));
  expect(one.remark).toContain("people: 432 answers of 12 people, whose error is added.");
  expect(one.cells.find(({ row, label }) => row === "none" && label === "asocial")?.adjustedP).toBeLessThan(0.05);

  const told = profileAnswers(bank, answered, { reference: other }).bias;
  const plain = profileAnswers(bank, answered, { reference: model }).bias;
  expect(told.labels.asocial.low).toBeLessThan(plain.labels.asocial.low as number);
  expect(told.labels.asocial.method).toContain("error between people");

  const single = answered.answers.filter(({ person }) => person === "person-1");
  const alone = compare(profileAnswers(bank, { ...answered, answers: single }), model);
  for (const { difference, adjustedP, equivalenceP } of alone.cells) {
    expect([difference.low, difference.high, equivalenceP]).toEqual([null, null, null]);
    expect(adjustedP === null || adjustedP === 1).toBe(true);
  }
});

it("K17: people are no versions of a model", () => {
  expect(() => estimateTrend([profile, profile, profile], randomStream(1, "trend"))).toThrow(/profile of people/);
});
