import * as Plot from "@observablehq/plot";
import type { GameResult } from "../../../model/games-report.ts";
import { type Html, rawHtml } from "../html-text.ts";
import { type DrawingDocument, namedSvg } from "../interval-plot.ts";
import { numberText } from "../number-text.ts";
import { anchorSize, anchorText, isTold } from "./games-findings.ts";

const LINE_PX = 18;
const BAND_PX = 56;

export interface MeansPlot {
  readonly document: DrawingDocument;
  readonly games: readonly GameResult[];
  readonly width: number;
}

/**
 * Means of the games that can be told, with intervals over frames, and below each people's published means as open points
 * with their n and source; games without one show none.
 */
export function meansPlot({ document, games, width }: MeansPlot): Html {
  const model = games.flatMap(({ quantity, mean: { value, low, high }, ...game }) =>
    value === null || !isTold(game) ? [] : [{ quantity, value, low: low ?? value, high: high ?? value }],
  );
  const people = games.flatMap(({ quantity, anchors }) =>
    anchors
      .filter(({ measure }) => measure === "mean")
      .map(({ value, source, ...size }, at) => ({ quantity, at, value, label: `${anchorSize(size)}, ${source}` })),
  );
  const drawn = Plot.plot({
    document: document as never,
    ...{ width, height: games.length * BAND_PX + 62, marginLeft: 150, marginRight: 22, marginTop: 8, marginBottom: 46 },
    x: { domain: [0, 1], ticks: 5, label: null, tickFormat: (tick: number) => String(Math.round(tick * 100)) },
    y: { type: "band", domain: games.map(({ quantity }) => quantity), label: null, padding: 0, tickSize: 0 },
    marks: [
      Plot.gridX({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
      Plot.ruleX([0], { stroke: "var(--ink)", strokeWidth: 1.5 }),
      Plot.ruleY(model, { y: "quantity", x1: "low", x2: "high", stroke: "var(--cue)", strokeWidth: 2, dy: -LINE_PX }),
      Plot.dot(model, { x: "value", y: "quantity", r: 5, dy: -LINE_PX, stroke: "var(--cue)", fill: "var(--cue)" }),
      ...[0, 1].flatMap((at) =>
        anchorMarks(
          people.filter((one) => Math.min(1, one.at) === at),
          at * LINE_PX,
        ),
      ),
      Plot.text(["mean share, %"], { frameAnchor: "bottom", dy: 40, text: (axis: string) => axis }),
    ],
  }) as unknown as { readonly outerHTML: string };
  return rawHtml(namedSvg(drawn.outerHTML, alternativeOf(games)));
}

interface Person {
  readonly quantity: string;
  readonly value: number;
  readonly label: string;
}

function anchorMarks(people: readonly Person[], dy: number) {
  return [
    Plot.dot(people, {
      ...{ x: "value", y: "quantity", symbol: "diamond2", r: 5, strokeWidth: 2, dy },
      ...{ stroke: "var(--decoy)", fill: "var(--paper)" },
    }),
    Plot.text(people, {
      x: "value",
      y: "quantity",
      text: "label",
      textAnchor: "start",
      dx: 11,
      dy,
      fill: "var(--decoy)",
    }),
  ];
}

function alternativeOf(games: readonly GameResult[]): string {
  const said = games.map(({ quantity, mean, anchors, ...game }) => {
    const own = isTold(game) ? numberText(mean.value, "share") : "cannot be told";
    const people = anchors.filter(({ measure }) => measure === "mean").map(anchorText);
    return `${quantity}: the model ${own}; people ${people.join(", ") || "none published here"}`;
  });
  return `Mean shares. ${said.join(". ")}.`;
}
