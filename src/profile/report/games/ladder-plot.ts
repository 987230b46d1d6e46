import * as Plot from "@observablehq/plot";
import type { LadderSeries } from "../../../model/games-report.ts";
import { type Html, rawHtml } from "../html-text.ts";
import { type DrawingDocument, namedSvg } from "../interval-plot.ts";

export interface LadderPlot {
  readonly document: DrawingDocument;
  /** Text alternative: what the picture shows. */
  readonly alternative: string;
  readonly series: LadderSeries;
  /** Names of the rows, from left to right. */
  readonly rows: readonly string[];
  /** What varies from row to row. */
  readonly axis: string;
  readonly unit: "proportion" | "nats";
  /** Ends of the upright axis, the same for series that stand beside each other. */
  readonly ends: readonly [number, number];
  readonly width?: number;
  readonly height?: number;
}

/** One series of the ladder: every exchange as a thin line, the mean over them as points with intervals. */
export function ladderPlot(plot: LadderPlot): Html {
  const { document, alternative, series, rows, axis, unit, ends, width = 300, height = 240 } = plot;
  const points = series.values.flatMap(({ value, low, high }, at) =>
    value === null ? [] : [{ row: rows[at] as string, value, low: low ?? value, high: high ?? value }],
  );
  const lines = series.exchanges.flatMap(({ exchange, values }) =>
    values.flatMap((value, at) => (value === null ? [] : [{ row: rows[at] as string, exchange, value }])),
  );
  // Names of steps stand aslant, as they would run into each other.
  const wordy = rows.some((row) => row.length > 3);
  const drawn = Plot.plot({
    document: document as never,
    ...{ width, height, marginLeft: 46, marginRight: 14, marginTop: 12, marginBottom: wordy ? 66 : 46 },
    x: { type: "point", domain: [...rows], label: null, padding: 0.35, tickRotate: wordy ? -28 : 0 },
    y: {
      domain: [...ends],
      label: null,
      ticks: 5,
      tickFormat: (tick: number) =>
        unit === "proportion" ? `${Math.round(tick * 100)} %` : tick.toFixed(1).replace("-", "\u2212"),
    },
    marks: [
      Plot.gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
      Plot.ruleY([0], { stroke: "var(--ink)", strokeWidth: 1.5 }),
      Plot.line(lines, {
        x: "row",
        y: "value",
        z: "exchange",
        stroke: "var(--ink)",
        strokeWidth: 1,
        strokeOpacity: 0.3,
      }),
      Plot.line(points, { x: "row", y: "value", stroke: "var(--cue)", strokeWidth: 2 }),
      Plot.ruleX(points, { x: "row", y1: "low", y2: "high", stroke: "var(--cue)", strokeWidth: 2.5 }),
      Plot.dot(points, { x: "row", y: "value", r: 5, stroke: "var(--cue)", fill: "var(--cue)" }),
      Plot.text([axis], { frameAnchor: "bottom", dy: wordy ? 60 : 40, text: (shown: string) => shown }),
    ],
  }) as unknown as { readonly outerHTML: string };
  return rawHtml(namedSvg(drawn.outerHTML, alternative));
}

/** Ends of the upright axis over all series of a role: 0 and 1 for shares, all exchanges for nats. */
export function ladderEnds(series: readonly LadderSeries[], unit: "proportion" | "nats"): readonly [number, number] {
  if (unit === "proportion") return [0, 1];
  const all = series.flatMap(({ values, exchanges }) => [
    ...values.flatMap(({ value, low, high }) => [value, low, high]),
    ...exchanges.flatMap((one) => one.values),
  ]);
  const known = all.filter((one) => one !== null);
  return [Math.floor(Math.min(-0.5, ...known) * 2) / 2, Math.ceil(Math.max(0.5, ...known) * 2) / 2];
}
