import * as Plot from "@observablehq/plot";
import type { Estimate } from "../../model/profile.ts";
import { escapeHtml, type Html, rawHtml } from "./html-text.ts";
import { type NumberStyle, numberText } from "./number-text.ts";

/** A DOM to draw in, such as linkedom's; nothing of it is kept. */
export interface DrawingDocument {
  createElementNS(namespace: string, name: string): unknown;
}

export interface Series {
  readonly name: string;
  readonly symbol: "circle" | "diamond2" | "square2" | "triangle";
  readonly filled: boolean;
  readonly colour: string;
}

export interface IntervalPlot {
  readonly document: DrawingDocument;
  /** Text alternative: what the picture shows. */
  readonly alternative: string;
  readonly style: NumberStyle;
  /** From above to below. */
  readonly groups: readonly string[];
  readonly points: readonly { readonly group: string; readonly series: Series; readonly estimate: Estimate }[];
  readonly axis: string;
  readonly width?: number;
  /** Height of a group in pixels, where not by the number of its series. */
  readonly band?: number;
  /** Room for the names of the groups in pixels, where they are long. */
  readonly labels?: number;
}

const LINE_PX = 17;
const LABEL_PX = 132;

/** Estimates with their intervals on one axis with a line at zero, as an SVG that takes its ink from the page. */
export function intervalPlot(plot: IntervalPlot): Html {
  const series = [...new Set(plot.points.map((point) => point.series))];
  const band = plot.band ?? series.length * LINE_PX + 12;
  const height = plot.groups.length * band + 62;
  const known = plot.points.flatMap(({ group, series: of, estimate: { value, low, high } }) =>
    value === null ? [] : [{ group, series: of, value, low: low ?? value, high: high ?? value }],
  );
  const marks = series.flatMap((one) => {
    const dy = (series.indexOf(one) - (series.length - 1) / 2) * LINE_PX;
    const own = known.filter((point) => point.series === one);
    return [
      Plot.ruleY(own, { y: "group", x1: "low", x2: "high", stroke: one.colour, strokeWidth: 2, dy }),
      Plot.dot(own, {
        ...{ x: "value", y: "group", symbol: one.symbol, r: 5, dy, strokeWidth: 2 },
        ...{ stroke: one.colour, fill: one.filled ? one.colour : "var(--paper)" },
      }),
    ];
  });
  const drawn = Plot.plot({
    document: plot.document as never,
    width: plot.width ?? 460,
    height,
    ...{ marginLeft: plot.labels ?? LABEL_PX, marginRight: 22, marginTop: 8, marginBottom: 46 },
    x: {
      domain: domainOf(known),
      nice: true,
      ticks: 5,
      label: null,
      tickFormat: (tick: number) => tickText(tick, plot.style),
    },
    y: { type: "band", domain: [...plot.groups], label: null, padding: 0, tickSize: 0 },
    marks: [
      Plot.gridX({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
      Plot.ruleX([0], { stroke: "var(--ink)", strokeWidth: 1.5 }),
      ...marks,
      Plot.text([plot.axis], { frameAnchor: "bottom", dy: 40, text: (axis: string) => axis }),
    ],
  }) as unknown as { readonly outerHTML: string };
  return rawHtml(namedSvg(drawn.outerHTML, plot.alternative));
}

function domainOf(points: readonly { readonly low: number; readonly high: number }[]): [number, number] {
  const least = Math.min(0, ...points.map((point) => point.low));
  const most = Math.max(0, ...points.map((point) => point.high));
  return least === most ? [-1, 1] : [least, most];
}

function tickText(tick: number, style: NumberStyle): string {
  if (style === "nats" || style === "score") return numberText(tick, style).replace(/0$/, "").replace(/\.0$/, "");
  return numberText(tick, style).replace(/ (%|pp)$/, "");
}

/** Gives the drawing its text alternative and takes from it what Plot puts in for pages of its own. */
export function namedSvg(markup: string, alternative: string): string {
  return markup
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/ aria-(?:label|hidden|description)="[^"]*"/g, "")
    .replace(/ class="[^"]*"/, "")
    .replace(/ font-family="[^"]*"/, "")
    .replace(/ font-size="10"/, ' font-size="12.5"')
    .replace(
      "<svg ",
      `<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" aria-label="${escapeHtml(alternative)}" `,
    );
}
