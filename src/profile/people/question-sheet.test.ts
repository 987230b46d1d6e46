import { expect, it } from "vitest";
import { type AnswerRow, makeQuestionSheet, readAnswers } from "./question-sheet.ts";

const planned = ["choice/a/bank/CS/0", "choice/b/decoy/CS/0", "choice/c/bank/none/1"].map((about, at) => ({
  about,
  text: `Text ${at}\nsecond line\u202e`,
  options: ["One.", "Two.", "Three."],
}));
const sheet = makeQuestionSheet("person-1", planned);
const read = (...rows: readonly [id: string, answer: string][]) =>
  readAnswers(
    rows.map(([id, answer], at): AnswerRow => ({ id, answer, line: at + 2 })),
    sheet,
    () => 3,
  );

it("K14: a sheet holds texts and replies, without a word of what they are about; what would act on a screen is shown", () => {
  expect(JSON.stringify(sheet.questions)).not.toMatch(/choice|bank|decoy|CS/);
  expect(sheet.questions[0]?.text).toBe("Text 0\nsecond line\\u{202E}");
  expect([...sheet.key]).toEqual(planned.map(({ about }, at) => [sheet.questions[at]?.id, about]));
});

it("K14: no id and no name is one that a spreadsheet takes for a number or a date, and every person's sheet has its own", () => {
  for (const { id } of sheet.questions) expect(id).toMatch(/^q\d{4}x$/);
  expect(sheet.name).toMatch(/^p[0-9a-f]{12}$/);
  expect(makeQuestionSheet("person-2", planned).name).not.toBe(sheet.name);
});

it.each([
  ["B", 1],
  ["b", 1],
  [" (c). ", undefined],
  ["c.", 2],
  ["no-answer", "no-answer"],
  ["No answer", "no-answer"],
  ["", null],
  ["D", undefined],
  ["7.0", undefined],
  ["AB", undefined],
])("K16: %j in a field is the answer %s of three", (written, answer) => {
  const { answers, faults } = read(["q0001x", written]);
  expect(faults).toHaveLength(answer === undefined ? 1 : 0);
  expect(answers[0]?.answer).toBe(answer ?? null);
});

it("K16: empty fields and rows that are not there are missing; wrong ids, doubled rows and dates are told by line", () => {
  const { answers, faults } = read(["q0001x", ""], ["q0002x", "A"], ["q0002x", "B"], ["q0009x", "A"], ["", "A"]);
  expect(answers.map(({ about, answer }) => [about, answer])).toEqual([
    ["choice/a/bank/CS/0", null],
    ["choice/b/decoy/CS/0", 0],
    ["choice/c/bank/none/1", null],
  ]);
  expect(faults.map(({ line }) => line)).toEqual([4, 5, 6]);
  expect(faults.map(({ what }) => what).join()).toMatch(/second time.*line 3.*"q0009x".*without an id/);
  expect(read(["q0001x", "7-Oct"]).faults[0]?.what).toContain("looks like a date");
});
