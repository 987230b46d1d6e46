import * as Plot from "@observablehq/plot";
import type { StressCurve, StressThreshold } from "../../../model/stress-report.ts";
import { type Html, rawHtml } from "../html-text.ts";
import { type DrawingDocument, namedSvg } from "../interval-plot.ts";

export interface CurvePlot {
  readonly document: DrawingDocument;
  /** Text alternative: what the picture shows. */
  readonly alternative: string;
  readonly curve: StressCurve;
  readonly unit: "proportion" | "nats";
  /** Ends of the upright axis, the same for curves that stand beside each other. */
  readonly ends: readonly [number, number];
  readonly width?: number;
  readonly height?: number;
}

/** Dose and response: every family as a thin line, the whole as points with intervals, the threshold's set as a band below. */
export function curvePlot({ document, alternative, curve, unit, ends, width = 460, height = 300 }: CurvePlot): Html {
  const points = curve.points.flatMap(({ level, value }) =>
    value.value === null
      ? []
      : [{ level, value: value.value, low: value.low ?? value.value, high: value.high ?? value.value }],
  );
  const lines = curve.points.flatMap(({ level, families }) =>
    families.flatMap(({ family, value }) => (value === null ? [] : [{ level, family, value }])),
  );
  const mark = unit === "proportion" ? 0.5 : 0;
  const drawn = Plot.plot({
    document: document as never,
    width,
    height,
    ...{ marginLeft: 52, marginRight: 14, marginTop: 12, marginBottom: 46 },
    x: {
      domain: [-0.15, 7.15],
      ticks: [0, 1, 2, 3, 4, 5, 6, 7],
      label: null,
      tickFormat: (tick: number) => String(tick),
    },
    y: {
      domain: [...ends],
      label: null,
      ticks: 5,
      tickFormat: (tick: number) =>
        unit === "proportion" ? `${Math.round(tick * 100)} %` : tick.toFixed(1).replace("-", "\u2212"),
    },
    marks: [
      Plot.gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
      Plot.ruleY([mark], {
        stroke: "var(--ink)",
        strokeWidth: 1.5,
        strokeDasharray: unit === "proportion" ? "5 4" : "",
      }),
      ...bandOf(curve.threshold?.index ?? null, ends),
      Plot.line(lines, {
        x: "level",
        y: "value",
        z: "family",
        stroke: "var(--ink)",
        strokeWidth: 1,
        strokeOpacity: 0.35,
      }),
      Plot.line(points, { x: "level", y: "value", stroke: "var(--cue)", strokeWidth: 2 }),
      Plot.ruleX(points, { x: "level", y1: "low", y2: "high", stroke: "var(--cue)", strokeWidth: 2.5 }),
      Plot.dot(points, { x: "level", y: "value", r: 5, stroke: "var(--cue)", fill: "var(--cue)" }),
      Plot.text([`${curve.factor}, index of asymmetry (0: control)`], {
        frameAnchor: "bottom",
        dy: 40,
        text: (axis: string) => axis,
      }),
    ],
  }) as unknown as { readonly outerHTML: string };
  return rawHtml(namedSvg(drawn.outerHTML, alternative));
}

/** The set of thresholds, lying on the axis; open ends reach the edge of the drawing. */
function bandOf(threshold: StressThreshold | null, [least, most]: readonly [number, number]) {
  if (threshold === null || threshold.parts.length === 0) return [];
  const parts = threshold.parts.map(([low, high]) => ({
    low: threshold.below && low <= 0 ? -0.15 : low,
    high: threshold.above && high >= 7 ? 7.15 : Math.max(high, low + 0.03),
    top: least + (most - least) * 0.03,
  }));
  const band = { x1: "low", x2: "high", y1: () => least, y2: "top" } as const;
  return [Plot.rect(parts, { ...band, fill: "var(--decoy)", inset: 0 })];
}
