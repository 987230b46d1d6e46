import { LABELS, type Label } from "../model/label.ts";

/** First row of the Williams square of order six: every label follows every other exactly once over the six rows. */
const FIRST_ROW = [0, 1, 5, 2, 4, 3] as const;

export interface Presented {
  readonly label: Label;
  /** 0, 1 or 2. */
  readonly wording: number;
}

/**
 * The order in which the six replies of a row stand in presentation `index` (A6).
 *
 * Rows of a Williams Latin square are crossed with wordings: in presentations 6k … 6k+5 each label stands at each place
 * once, and in 0 … 17 each label stands at each place with each wording once.
 * Reference: Williams 1949, Australian Journal of Scientific Research A 2, 149–168.
 */
export function presentation(index: number): readonly Presented[] {
  return ALL[index % PRESENTATIONS] as readonly Presented[];
}

/** So many differ. */
export const PRESENTATIONS = 18;

/** A run shows each of them a thousand times. */
const ALL = Array.from({ length: PRESENTATIONS }, (_, index) => arranged(index % 6, Math.floor(index / 6)));

function arranged(row: number, block: number): readonly Presented[] {
  return FIRST_ROW.map((start, place) => {
    const label = (start + row) % 6;
    return { label: LABELS[label] as Label, wording: (label + place + block) % 3 };
  });
}

/** The places of a presentation, 0 to 5. */
export function latinPlaces(): readonly number[] {
  return FIRST_ROW.map((_, place) => place);
}
