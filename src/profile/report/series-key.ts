import { type Html, html, rawHtml } from "./html-text.ts";
import type { Series } from "./interval-plot.ts";

const SHAPES: Readonly<Record<Series["symbol"], string>> = {
  circle: '<circle cx="7" cy="7" r="4.5"/>',
  diamond2: '<path d="M7 1.5 12.5 7 7 12.5 1.5 7z"/>',
  square2: '<path d="M2.5 2.5h9v9h-9z"/>',
  triangle: '<path d="M7 1.5 12.5 11.5h-11z"/>',
};

/** Names of the series of a plot, each beside its mark. */
export function seriesKey(series: readonly Series[]): Html {
  const entries = series.map((one) => html`<span>${mark(one)}${one.name}</span>`);
  return html`<span class="key">${entries}</span>`;
}

function mark({ symbol, filled, colour }: Series): Html {
  const fill = filled ? colour : "var(--paper)";
  return rawHtml(
    `<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="${fill}" stroke="${colour}" stroke-width="2">${SHAPES[symbol]}</svg>`,
  );
}
