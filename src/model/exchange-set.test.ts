import { expect, it } from "vitest";
import { categoriesOfSet, categoryOfSet, type Exchange } from "./exchange-set.ts";
import { LABELS, type Label } from "./label.ts";

const WAYS = ["X", "Y", null] as const;
const ELEMENTARY: readonly Exchange[] = WAYS.flatMap((first) => WAYS.map((second) => ({ first, second })));
const MOVING = ELEMENTARY.filter(({ first, second }) => first !== null || second !== null);
const SETS = Array.from({ length: 2 ** MOVING.length }, (_, bits) => MOVING.filter((_, index) => (bits >> index) & 1));

function tally(sets: readonly (readonly Label[])[]): Record<Label, number> {
  const count = (label: Label) => sets.filter((labels) => labels.includes(label)).length;
  return Object.fromEntries(LABELS.map((label) => [label, count(label)])) as Record<Label, number>;
}

it("I12: the nine elementary exchanges taken singly are two EM, two AR, four asocial and one null", () => {
  expect(ELEMENTARY).toHaveLength(9);
  const counts = tally(ELEMENTARY.map((exchange) => [categoryOfSet([exchange])]));
  expect(counts).toEqual({ CS: 0, AR: 2, EM: 2, MP: 0, asocial: 4, null: 1 });
});

it("I12: each of the 256 sets of elementary exchanges belongs to exactly one of the six categories", () => {
  expect(SETS).toHaveLength(256);
  // By hand. EM: of four sets of {X for X, Y for Y} three are not empty, times 2^6. Without EM, times 2^4 sets of one-way
  // exchanges: MP where both trades are there, AR where one of two is. Without trades: of sixteen sets nine hold at most
  // one direction of X and at most one of Y, seven are CS; of the nine, one is empty.
  expect(tally(SETS.map((set) => [categoryOfSet(set)]))).toEqual({
    EM: 3 * 64,
    MP: 16,
    AR: 2 * 16,
    CS: 16 - 9,
    asocial: 9 - 1,
    null: 1,
  });
});

it("I12: a set consists of as many categories as it holds, whichever is the one it is called by", () => {
  // EM beside anything: 192. MP 1 of 4 sets of trades, AR 2 of 4. CS: 1 − (3/4)². Asocial: 1 − (1/2)². Null alone.
  const parts = SETS.map(categoriesOfSet);
  expect(tally(parts)).toEqual({ EM: 192, MP: 64, AR: 128, CS: 112, asocial: 192, null: 1 });
  for (const [index, labels] of parts.entries()) expect(labels).toContain(categoryOfSet(SETS[index] as Exchange[]));
});

it("I12: the category of a set does not depend on who is first nor on which action is X", () => {
  const swapNames: Record<string, string> = { X: "Y", Y: "X" };
  const rename = (way: string | null) => (way === null ? null : (swapNames[way] as string));
  for (const set of SETS) {
    const found = categoriesOfSet(set);
    expect(categoriesOfSet(set.map(({ first, second }) => ({ first: second, second: first })))).toEqual(found);
    expect(categoriesOfSet(set.map(({ first, second }) => ({ first: rename(first), second: rename(second) })))).toEqual(
      found,
    );
  }
});

it("I12: with four actions there are still no other categories, and turns at X beside a trade of Y for Z are both seen", () => {
  const both = [
    { first: "X", second: "X" },
    { first: "Y", second: "Z" },
    { first: "Z", second: "Y" },
    { first: "W", second: null },
  ];
  expect(categoriesOfSet(both)).toEqual(["EM", "MP", "asocial"]);
  expect(categoriesOfSet([{ first: null, second: null }])).toEqual(["null"]);
  expect(
    categoriesOfSet([
      { first: null, second: null },
      { first: "X", second: null },
    ]),
  ).toEqual(["asocial"]);
});
