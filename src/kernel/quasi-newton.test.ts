import { expect, it } from "vitest";
import { climb } from "./quasi-newton.ts";

/** Minus Rosenbrock's function, whose only maximum is at (1, 1), at the end of a bent ridge. */
const ridge = ([x = 0, y = 0]: Float64Array, gradient: Float64Array): number => {
  gradient[0] = 2 * (1 - x) + 4 * 10 * x * (y - x * x);
  gradient[1] = -2 * 10 * (y - x * x);
  return -((1 - x) ** 2) - 10 * (y - x * x) ** 2;
};

it("S7: a climb ends at the top of a bent ridge, and where it begins if that is the top", () => {
  const { at, value } = climb(ridge, Float64Array.of(-1.2, 1));
  expect(value).toBeGreaterThan(-0.02);
  expect(at[0] as number).toBeCloseTo(1, 0);
  expect(climb(ridge, Float64Array.of(1, 1)).at).toEqual(Float64Array.of(1, 1));
});

it("S7: of a quadratic it finds the top in as many steps as matter", () => {
  let calls = 0;
  const hill = ([x = 0, y = 0]: Float64Array, gradient: Float64Array): number => {
    calls += 1;
    gradient[0] = -2 * (x - 3);
    gradient[1] = -8 * (y + 2);
    return -((x - 3) ** 2) - 4 * (y + 2) ** 2;
  };
  const { value } = climb(hill, new Float64Array(2));
  expect(value).toBeGreaterThan(-0.01);
  expect(calls).toBeLessThan(40);
});
