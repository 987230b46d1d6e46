import { LABEL_NAMES, LABELS, ROWS, type Row } from "../../model/label.ts";
import type { Estimate, Matrix, Profile } from "../../model/profile.ts";
import { lostOf } from "../lost-answers.ts";
import { neutralValue, quantityStyle, standing } from "./findings.ts";
import { heatColour, heatPlace } from "./heat-colour.ts";
import { type Html, html } from "./html-text.ts";
import { intervalText, type NumberStyle, numberText } from "./number-text.ts";

export const ROW_NAMES: Readonly<Record<Row, string>> = { ...LABEL_NAMES, none: "no cue" };

/** A matrix as a table whose cells are coloured, with interval, n and missing answers in each (E1, C2). */
export function heatTable(matrix: Matrix, caption: string, profile: Profile): Html {
  const style = quantityStyle(matrix.quantity);
  const neutral = neutralValue(matrix.quantity);
  const ends = scaleEnds(matrix);
  const rows = ROWS.map((row) => {
    const lost = lostOf(profile, row);
    const cells = LABELS.map((label) => {
      const own = row === label;
      return heatCell(matrix.cells[row][label], { style, neutral, ends, own, lost });
    });
    return html`<tr><th scope="row"><abbr title="${ROW_NAMES[row]}">${row}</abbr><span class="name">${ROW_NAMES[row]}</span></th>${cells}</tr>`;
  });
  return scrollRegion(
    caption,
    html`<table class="heat"><caption><span>${caption}</span></caption>
<thead><tr><th scope="col">cue ↓ reply →</th>${LABELS.map((label) => html`<th scope="col">${label}${LABEL_NAMES[label] !== label && html`<span class="name">${LABEL_NAMES[label]}</span>`}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>`,
  );
}

/** A table wider than a phone scrolls by itself, also by keyboard. */
export function scrollRegion(name: string, content: Html): Html {
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">${content}</div>`;
}

/** Ends of the colour scale: symmetric about 0 for margins, 0 and 1 for the rest. */
export function scaleEnds({ quantity, cells }: Matrix): readonly [number, number] {
  if (quantity !== "margin") return [0, 1];
  const sizes = ROWS.flatMap((row) => LABELS.map((label) => Math.abs(cells[row][label].value ?? 0)));
  const most = Math.max(...sizes);
  return [-most, most];
}

interface CellStyle {
  readonly style: NumberStyle;
  readonly neutral: number;
  readonly ends: readonly [number, number];
  readonly own: boolean;
  readonly lost: { readonly lost: number; readonly asked: number };
}

function heatCell(estimate: Estimate, { style, neutral, ends, own, lost: { lost, asked } }: CellStyle): Html {
  const { value, n, missing } = estimate;
  if (value === null)
    return html`<td class="empty">empty<span class="fine">${sizeText(n, missing, lost, asked)}</span></td>`;
  const { light, dark } = heatColour(heatPlace(value, neutral, ends));
  const told = ["above", "below"].includes(standing(estimate, neutral));
  const classes = [told ? "told" : "", own ? "own" : ""].filter((name) => name !== "").join(" ");
  return html`<td class="${classes}" style="--light:${light};--dark:${dark}">${numberText(value, style)}<span class="fine">${intervalText(estimate, style)}</span><span class="fine">${sizeText(n, missing, lost, asked)}</span></td>`;
}

function sizeText(n: number, missing: number, lost: number, asked: number): string {
  const whole = missing > 0 ? `n ${n}, missing ${missing}` : `n ${n}`;
  return lost > 0 ? `${whole}; ${lost} of ${asked} answers lost` : whole;
}
