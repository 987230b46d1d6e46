import type { Estimate } from "../../model/profile.ts";
import { standing } from "./findings.ts";
import { scrollRegion } from "./heat-table.ts";
import { type Html, html } from "./html-text.ts";
import { intervalText, type NumberStyle, numberText, sizeText } from "./number-text.ts";

export interface EstimateTable {
  readonly caption: string;
  /** Heading of the column of names. */
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly (Html | null)[] }[];
}

/** Columns of words, which begin at the left. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set([
  "finding",
  "level",
  "remark",
  "what decides",
  "value",
  "kind of rise",
  "what",
  "source",
  "currency",
]);

/** A table with a caption and scoped headers that scrolls by itself where it is too wide. */
export function estimateTable({ caption, corner, columns, rows }: EstimateTable): Html {
  const body = rows.map(
    ({ name, cells }) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => cell ?? html`<td>–</td>`)}</tr>`,
  );
  return scrollRegion(
    caption,
    html`<table><caption><span>${caption}</span></caption><thead><tr><th scope="col">${corner}</th>${columns.map((column) => (TEXT_COLUMNS.has(column) ? html`<th scope="col" class="text">${column}</th>` : html`<th scope="col">${column}</th>`))}</tr></thead><tbody>${body}</tbody></table>`,
  );
}

/** Columns of `estimateCells`, after the name of what is estimated. */
export function estimateColumns(name: string): string[] {
  return [name, "95 % interval", "n", "missing"];
}

/** Value, interval, n and missing, each in a cell; bold where the interval lies wholly on one side of `base`. */
export function estimateCells(estimate: Estimate, style: NumberStyle, base?: number): Html[] {
  const { value, n, missing } = estimate;
  const told = base !== undefined && ["above", "below"].includes(standing(estimate, base));
  const shown = value === null ? "empty" : numberText(value, style);
  const interval = value === null ? "–" : intervalText(estimate, style);
  return [
    told ? html`<td><strong>${shown}</strong></td>` : html`<td>${shown}</td>`,
    numberCell(interval),
    numberCell(n),
    numberCell(missing),
  ];
}

/** Value, interval, n and missing in one cell, for tables of several estimates a row. */
export function estimateCell(estimate: Estimate, style: NumberStyle): Html {
  if (estimate.value === null) return html`<td>empty<span class="fine">${sizeText(estimate)}</span></td>`;
  return html`<td>${numberText(estimate.value, style)}<span class="fine">${intervalText(estimate, style)}</span><span class="fine">${cellSize(estimate)}</span></td>`;
}

export function textCell(text: string): Html {
  return html`<td class="text">${text}</td>`;
}

export function numberCell(text: string | number): Html {
  return html`<td>${text}</td>`;
}

/** As in the coloured tables: missing is named where there is any. */
function cellSize({ n, missing }: Estimate): string {
  return missing > 0 ? sizeText({ n, missing }) : `n ${n}`;
}
