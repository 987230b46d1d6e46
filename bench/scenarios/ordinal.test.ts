import { expect, it } from "vitest";
import { ordinalRows } from "../ordinal-rows.ts";
import { ours } from "./ordinal-fit.ts";
import { testOne } from "./wild-bootstrap.ts";

it("B9: what is timed recovers the coefficients its rows were made with", () => {
  const { coefficients } = ours(ordinalRows(4000, 12));
  for (const [j, value] of coefficients.entries()) expect(Math.abs(value - (j - 5) / 10)).toBeLessThan(0.15);
});

it("B10: what is timed sees the coefficient it tests", () => {
  expect(testOne(2000, 999).p).toBeLessThan(0.05);
});
