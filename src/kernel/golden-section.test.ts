import { expect, it } from "vitest";
import { goldenSection } from "./golden-section.ts";

it("E14: the least value of a valley is found inside, or at the end it falls to", () => {
  const { place, loss } = goldenSection((x) => (x - 1.5) ** 2 + 2, -4, 9);
  expect(place).toBeCloseTo(1.5, 7);
  expect(loss).toBe(2);
  expect(goldenSection((x) => x, -1, 3).place).toBeCloseTo(-1, 8);
});
