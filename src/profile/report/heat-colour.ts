/** Colours of one cell in a light and in a dark scheme. */
export interface HeatColour {
  readonly light: string;
  readonly dark: string;
}

export const HEAT_INK = { light: "#14181d", dark: "#f5f7f9" } as const;

/** Blue and orange are told apart with every common colour blindness; ink on them keeps a contrast of at least 4.5. */
const ENDS = {
  light: { above: [88, 160, 214], neutral: [244, 244, 242], below: [240, 158, 84] },
  dark: { above: [26, 98, 158], neutral: [37, 42, 49], below: [146, 76, 16] },
} as const;

/** Colour of a place on the diverging scale: −1 wholly below, 0 neutral, 1 wholly above; clamped. */
export function heatColour(place: number): HeatColour {
  const t = Math.max(-1, Math.min(1, place));
  return { light: mixed(ENDS.light, t), dark: mixed(ENDS.dark, t) };
}

/** Place of a value on the scale: linear from the neutral value to each end. */
export function heatPlace(value: number, neutral: number, [least, most]: readonly [number, number]): number {
  if (value >= neutral) return most > neutral ? (value - neutral) / (most - neutral) : 0;
  return least < neutral ? (value - neutral) / (neutral - least) : 0;
}

type Rgb = readonly [number, number, number];

function mixed({ above, neutral, below }: { above: Rgb; neutral: Rgb; below: Rgb }, t: number): string {
  const end = t < 0 ? below : above;
  const part = Math.abs(t);
  const channel = (index: 0 | 1 | 2) => Math.round(neutral[index] + (end[index] - neutral[index]) * part);
  return `#${[channel(0), channel(1), channel(2)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
