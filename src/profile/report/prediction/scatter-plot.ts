import * as Plot from "@observablehq/plot";
import type { PredictionAnalysis, PredictionCase } from "../../../model/prediction.ts";
import { type Html, rawHtml } from "../html-text.ts";
import { type DrawingDocument, namedSvg } from "../interval-plot.ts";
import { numberText } from "../number-text.ts";
import { valueStyle } from "./prediction-findings.ts";

export interface ScatterPlot {
  readonly document: DrawingDocument;
  /** Text alternative: what the picture shows. */
  readonly alternative: string;
  readonly analysis: PredictionAnalysis;
  readonly width?: number;
  readonly height?: number;
}

/** Predicted against observed severity with its interval, models by number; on the line they are the same. */
export function scatterPlot({ document, alternative, analysis, width = 460, height = 400 }: ScatterPlot): Html {
  const { cases, headline, unit } = analysis;
  const points = cases.map((one, at) => pointOf(one, at, headline));
  const ends = unit === "proportion" ? ([0, 1] as const) : endsOf(points);
  const style = valueStyle(analysis);
  const axis = { domain: [...ends], label: null, ticks: 5, tickFormat: (tick: number) => numberText(tick, style) };
  const drawn = Plot.plot({
    document: document as never,
    width,
    height,
    ...{ marginLeft: 62, marginRight: 30, marginTop: 28, marginBottom: 46 },
    x: axis,
    y: axis,
    marks: [
      Plot.gridX({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
      Plot.gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
      Plot.line([ends[0], ends[1]], {
        ...{ x: (end: number) => end, y: (end: number) => end },
        ...{ stroke: "var(--ink)", strokeWidth: 1.5, strokeDasharray: "5 4" },
      }),
      Plot.dot(points, { x: "mean", y: "value", r: 3.5, stroke: "var(--decoy)", fill: "var(--paper)" }),
      Plot.ruleX(points, { x: "predicted", y1: "low", y2: "high", stroke: "var(--cue)", strokeWidth: 2 }),
      Plot.dot(points, { x: "predicted", y: "value", r: 5, stroke: "var(--cue)", fill: "var(--cue)" }),
      Plot.text(points, { x: "predicted", y: "value", text: "number", dx: 13, fill: "var(--ink)" }),
      Plot.text(["predicted from the others"], { frameAnchor: "bottom", dy: 40, text: (name: string) => name }),
      Plot.text(["observed"], { frameAnchor: "top-left", dx: -56, dy: -20, text: (name: string) => name }),
    ],
  }) as unknown as { readonly outerHTML: string };
  return rawHtml(namedSvg(drawn.outerHTML, alternative));
}

function pointOf(one: PredictionCase, at: number, leftOut: PredictionAnalysis["headline"]) {
  const { value, low, high } = one.observed;
  return {
    number: String(at + 1),
    predicted: one.predicted[leftOut] ?? 0,
    mean: one.mean[leftOut] ?? 0,
    value: value ?? 0,
    low: low ?? value ?? 0,
    high: high ?? value ?? 0,
  };
}

function endsOf(points: readonly ReturnType<typeof pointOf>[]): readonly [number, number] {
  const all = points.flatMap(({ predicted, mean, low, high }) => [predicted, mean, low, high]);
  return [Math.min(...all), Math.max(...all)];
}
