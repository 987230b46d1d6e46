import { expect, it } from "vitest";
import { LABELS } from "../model/label.ts";
import { presentation } from "./latin-square.ts";

it("A6: in eighteen presentations each label stands at each place with each wording once", () => {
  const seen = new Set<string>();
  for (let index = 0; index < 18; index += 1) {
    for (const [place, { label, wording }] of presentation(index).entries()) seen.add(`${place} ${label} ${wording}`);
  }
  expect(seen.size).toBe(6 * 6 * 3);
});

it("A6: in any six presentations from a multiple of six each label stands at each place once, and each wording twice", () => {
  for (const first of [0, 6, 12]) {
    const places = new Set<string>();
    const wordings = new Map<string, number>();
    for (let index = first; index < first + 6; index += 1) {
      for (const [place, { label, wording }] of presentation(index).entries()) {
        places.add(`${place} ${label}`);
        wordings.set(`${label} ${wording}`, (wordings.get(`${label} ${wording}`) ?? 0) + 1);
      }
    }
    expect(places.size).toBe(36);
    expect([...wordings.values()]).toEqual(Array.from({ length: 18 }, () => 2));
  }
});

it("A6: every label follows every other once in six presentations", () => {
  const follows = new Set<string>();
  for (let index = 0; index < 6; index += 1) {
    const order = presentation(index).map(({ label }) => label);
    for (let place = 1; place < order.length; place += 1) follows.add(`${order[place - 1]} ${order[place]}`);
  }
  expect(follows.size).toBe(LABELS.length * (LABELS.length - 1));
});
