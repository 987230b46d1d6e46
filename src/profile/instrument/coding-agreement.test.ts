import { expect, it } from "vitest";
import { bankOf, smallSituations } from "../../../test/fixtures/small-bank.ts";
import { LABELS, ROWS } from "../../model/label.ts";
import { type Coding, codingAgreement } from "./coding-agreement.ts";
import { CODES, type Code, codingSheet, type KeyLine } from "./coding-sheet.ts";

const bank = bankOf(smallSituations(6));
const { key, replies, sentences } = codingSheet(bank, 3);
const intended: Coding = new Map(key.map(({ n, label }) => [n, label]));

function recoded(change: (line: KeyLine, index: number) => Code | undefined): Coding {
  return new Map(
    key.flatMap((line, index) => [change(line, index)].flatMap((code) => (code ? [[line.n, code] as const] : []))),
  );
}

const next = (label: Code): Code =>
  LABELS[(LABELS.indexOf(label as (typeof LABELS)[number]) + 1) % LABELS.length] as Code;

it("I17: the sheets hold every reply and sentence once, say nothing of labels, and are in no order of them", () => {
  expect([replies.length, sentences.length]).toEqual([6 * 18, 6 * ROWS.length]);
  expect([...replies, ...sentences].map(({ n }) => n)).toEqual(key.map((_, index) => index + 1));
  expect([...replies, ...sentences].map(({ text }) => text)).toEqual(key.map(({ text }) => text));
  expect(new Set(replies.flatMap((line) => Object.keys(line)))).toEqual(new Set(["n", "text"]));
  expect(new Set(sentences.flatMap((line) => Object.keys(line)))).toEqual(new Set(["n", "text"]));
  const labels = key.slice(0, replies.length).map(({ label }) => label);
  const runs = labels.filter((label, index) => label === labels[index - 1]).length;
  expect(runs).toBeLessThan(0.35 * labels.length);
  expect(codingSheet(bank, 3).key).toEqual(key);
  expect(codingSheet(bank, 4).key).not.toEqual(key);
});

it("I17: codings as intended agree perfectly, apart and together, over all labels and for each", () => {
  const { rows, holds } = codingAgreement(key, intended, intended);
  expect(holds).toBe(true);
  expect(rows.every(({ kappa, missing }) => kappa === 1 && missing === 0)).toBe(true);
  expect(rows).toHaveLength(3 * (1 + 6) + 3 * (1 + 5) + 3 * (1 + 7));
});

it("I17: two coders may agree and both miss the intended label, which does not hold", () => {
  const wrong = recoded(({ label }) => (label === "none" ? "none" : next(label)));
  const { rows, holds } = codingAgreement(key, wrong, wrong);
  const of = (pair: string) => rows.find((row) => row.group === "replies" && row.pair === pair && row.label === "all");
  expect(of("between the coders")?.kappa).toBe(1);
  expect(of("coder 1 and intended")?.kappa).toBeCloseTo(-0.2, 12);
  expect(holds).toBe(false);
});

it("I17: one label that is often missed does not hold, though all together does", () => {
  let seen = 0;
  const blurred = recoded(({ label, kind }) => {
    if (label !== "EM" || kind !== "reply") return label;
    seen += 1;
    return seen % 2 === 0 ? "EM" : "MP";
  });
  const { rows, holds } = codingAgreement(key, blurred, intended);
  const of = (label: string) =>
    rows.find((row) => row.group === "replies" && row.pair === "between the coders" && row.label === label);
  // 9 of 108 moved: observed 11/12; expected (4·18² + 9·18 + 27·18)/108² = 1/6; κ = (11/12 − 1/6)/(5/6) = 0.9.
  expect(of("all")?.kappa).toBeCloseTo(0.9, 12);
  expect(of("all")?.holds).toBe(true);
  expect(of("AR")?.kappa).toBe(1);
  // Both say EM of 9, one of 9 more: observed 11/12, expected (9·18 + 99·90)/108² = 7/9, κ = 0.625; with 12 missed lower.
  expect(of("EM")?.kappa).toBeCloseTo(0.625, 12);
  const worse = codingAgreement(
    key,
    recoded(({ label, wording }) => (label === "EM" && wording !== 0 ? "MP" : label)),
    intended,
  );
  expect(worse.rows.find(({ group, label }) => group === "replies" && label === "EM")?.holds).toBe(false);
  expect([holds, worse.holds]).toEqual([true, false]);
});

it("I17: what a coder left out is counted as missing", () => {
  const half = recoded(({ label, n }) => (n % 2 === 0 ? label : undefined));
  const { rows } = codingAgreement(key, half, intended);
  expect(rows.find(({ group, label }) => group === "together" && label === "all")).toMatchObject({
    n: 69,
    missing: 69,
  });
  expect(codingAgreement(key, new Map(), intended).holds).toBe(false);
});

it("I17: decoys are counted apart and touch no κ", () => {
  const withDecoys = bank.situations.map((situation) => ({
    ...situation,
    decoys: { CS: "d", AR: "e", EM: "f", MP: "g" },
  }));
  const sheet = codingSheet(bankOf(withDecoys), 3);
  const coded: Coding = new Map(sheet.key.map(({ n, kind, label }) => [n, kind === "decoy" ? "none" : label]));
  const other: Coding = new Map(sheet.key.filter(({ kind }) => kind !== "decoy").map(({ n, label }) => [n, label]));
  const { decoys, holds } = codingAgreement(sheet.key, coded, other);
  expect(decoys).toEqual([
    { coder: 1, none: 24, n: 24, missing: 0 },
    { coder: 2, none: 0, n: 0, missing: 24 },
  ]);
  expect(holds).toBe(true);
  expect(CODES).toHaveLength(7);
});
