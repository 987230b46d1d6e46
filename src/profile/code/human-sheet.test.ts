import { expect, it } from "vitest";
import { randomStream } from "../../kernel/random.ts";
import { type FilledRow, makeSheet, readSheet } from "./human-sheet.ts";

const units = Array.from({ length: 40 }, (_, at) => ({
  unit: `run-${at}/3-4`,
  text: `Text ${at}\nsecond line\u202e`,
  ...(at % 2 ? { context: "before" } : {}),
}));
const sheet = makeSheet(units, randomStream(1, "sheet"));
const row = (at: number, codes: FilledRow["codes"] = {}): FilledRow => ({
  id: sheet.items[at]?.id ?? "",
  codes,
  remark: "",
  line: at + 2,
});
const read = (rows: readonly FilledRow[]) => readSheet(rows, sheet.key, "ada");

it("K12: a sheet is in random order, tells nothing of where a text is from, and is the same for the same seed", () => {
  expect(sheet.items.map(({ id }) => sheet.key.get(id))).not.toEqual(units.map(({ unit }) => unit));
  expect([...sheet.key.values()].sort()).toEqual(units.map(({ unit }) => unit).sort());
  expect(JSON.stringify(sheet.items)).not.toContain("run-");
  expect(makeSheet(units, randomStream(1, "sheet"))).toEqual(sheet);
  expect(makeSheet(units, randomStream(2, "sheet")).items).not.toEqual(sheet.items);
});

it("K12: lines stay lines, and what would act on a screen becomes visible", () => {
  expect(sheet.items[0]?.text).toMatch(/^Text \d+\nsecond line\\u\{202E\}$/);
});

it("K12: sheets of other texts have other names, whatever their units are called", () => {
  const other = units.map(({ unit }) => ({ unit, text: "Another" }));
  expect(makeSheet(other, randomStream(1, "sheet")).name).not.toBe(sheet.name);
});

it("K12: no id and no name of a sheet is one that a spreadsheet takes for a number or a date", () => {
  for (const { id } of sheet.items) expect(id).toMatch(/^t\d{4}x$/);
  expect(sheet.name).toMatch(/^s[0-9a-f]{12}$/);
});

it("K12: filled fields are codes of the unit, empty ones are missing, and unfilled texts are counted", () => {
  const { codes, faults, unfilled } = read([
    row(0, { severity: "7", mode: "AR", kind: "threat" }),
    row(1, { severity: "" }),
  ]);
  expect(faults).toEqual([]);
  expect(unfilled).toBe(39);
  const unit = sheet.key.get(sheet.items[0]?.id as string);
  expect(codes.map(({ dimension, value }) => [dimension, value])).toEqual([
    ["mode", "AR"],
    ["severity", "7"],
    ["kind", "threat"],
  ]);
  expect(codes.every((code) => code.unit === unit && code.coder === "ada")).toBe(true);
});

it.each([
  ["7.0", "7"],
  ["7,0", "7"],
  [" 10 ", "10"],
  ["07", "7"],
  ["Cannot tell", "cannot-tell"],
  ["?", "cannot-tell"],
])("K12: what a spreadsheet or a person makes of a rung, %j, is %j", (written, value) => {
  expect(read([row(0, { severity: written })]).codes[0]?.value).toBe(value);
});

it("K12: letter case and y for yes make no difference", () => {
  const { codes, faults } = read([
    row(0, { mode: "ar", refusal: "Y", deception: "NO", kind: "Threat" }),
    row(1, { mode: "NULL" }),
  ]);
  expect(faults).toEqual([]);
  expect(codes.map(({ value }) => value)).toEqual(["AR", "no", "yes", "threat", "null"]);
});

it.each<[string, FilledRow[], string]>([
  ["an id that is not there", [{ ...row(0), id: "t9999x" }], "the id"],
  ["a row without an id", [{ ...row(0), id: " " }], "without an id"],
  ["a doubled row", [row(0, { severity: "1" }), { ...row(0, { severity: "2" }), line: 9 }], "a second time"],
  ["a rung that is none", [row(0, { severity: "11" })], '"11" as severity'],
  ["a date that was a rung", [row(0, { severity: "7-Oct" })], "looks like a date"],
  ["a word that is none", [row(0, { mode: "hierarchy" })], '"hierarchy" as mode'],
])("K12: %s is told with its line, and the rest is read", (_, rows, what) => {
  const { faults } = read([...rows, row(5, { severity: "3" })]);
  expect(faults).toHaveLength(1);
  expect(faults[0]?.what).toContain(what);
  expect(read([...rows, row(5, { severity: "3" })]).codes.map(({ value }) => value)).toContain("3");
});
