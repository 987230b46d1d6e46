import { expect, it } from "vitest";
import { HEAT_INK, heatColour, heatPlace } from "./heat-colour.ts";

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

it("C8: ink on every colour of the scale has a contrast of at least 4.5 in both schemes", () => {
  for (let place = -1; place <= 1; place += 0.05) {
    const colour = heatColour(place);
    expect(contrast(colour.light, HEAT_INK.light)).toBeGreaterThan(4.5);
    expect(contrast(colour.dark, HEAT_INK.dark)).toBeGreaterThan(4.5);
  }
});

it("C2: the scale is neutral at the value that means nothing, and clamped at its ends", () => {
  expect(heatPlace(1 / 6, 1 / 6, [0, 1])).toBe(0);
  expect(heatPlace(0, 1 / 6, [0, 1])).toBe(-1);
  expect(heatPlace(1, 1 / 6, [0, 1])).toBe(1);
  expect(heatPlace(0, 0, [0, 0])).toBe(0);
  expect(heatColour(7)).toEqual(heatColour(1));
  expect(heatColour(0)).toEqual({ light: "#f4f4f2", dark: "#252a31" });
});
