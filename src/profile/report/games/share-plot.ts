import * as Plot from "@observablehq/plot";
import type { GameResult } from "../../../model/games-report.ts";
import { type Html, rawHtml } from "../html-text.ts";
import { type DrawingDocument, namedSvg } from "../interval-plot.ts";

export interface SharePlot {
  readonly document: DrawingDocument;
  readonly alternative: string;
  readonly game: GameResult;
  readonly width?: number;
  readonly height?: number;
}

/**
 * Distribution of a game's answers: a bar an option with its interval, what blind answers would give as a broken line,
 * people's published shares as open diamonds.
 */
export function sharePlot({ document, alternative, game, width = 380, height = 230 }: SharePlot): Html {
  const { options } = game;
  const bars = options.flatMap(({ share, value: { value, low, high } }) =>
    value === null ? [] : [{ share: nameOf(share, game), value, low: low ?? value, high: high ?? value }],
  );
  const drawn = Plot.plot({
    document: document as never,
    ...{ width, height, marginLeft: 46, marginRight: 12, marginTop: 12, marginBottom: 46 },
    x: { type: "band", domain: namesOf(game), label: null, padding: 0.25 },
    y: { domain: [0, 1], label: null, ticks: 5, tickFormat: (tick: number) => `${Math.round(tick * 100)} %` },
    marks: [
      Plot.gridY({ stroke: "var(--line)", strokeOpacity: 1, ticks: 5 }),
      Plot.barY(bars, { x: "share", y: "value", fill: "var(--cue)", fillOpacity: 0.45 }),
      Plot.ruleX(bars, { x: "share", y1: "low", y2: "high", stroke: "var(--cue)", strokeWidth: 2 }),
      Plot.ruleY([1 / options.length], { stroke: "var(--ink)", strokeDasharray: "4 4" }),
      Plot.ruleY([0], { stroke: "var(--ink)", strokeWidth: 1.5 }),
      Plot.dot(peopleOf(game), {
        ...{ x: "share", y: "value", symbol: "diamond2", r: 6, strokeWidth: 2 },
        ...{ stroke: "var(--decoy)", fill: "var(--paper)" },
      }),
      Plot.text([options.length === 2 ? "answer" : "share of the pot"], {
        frameAnchor: "bottom",
        dy: 40,
        text: (axis: string) => axis,
      }),
    ],
  }) as unknown as { readonly outerHTML: string };
  return rawHtml(namedSvg(drawn.outerHTML, alternative));
}

/** Published shares of one answer: of nothing, of one half, and where there are two answers of the first. */
function peopleOf(game: GameResult): { readonly share: string; readonly value: number }[] {
  const at = game.options.length === 2 ? { mean: 1, none: null, half: null } : { mean: null, none: 0, half: 0.5 };
  return game.anchors.flatMap(({ measure, value }) => {
    const share = at[measure];
    return share === null ? [] : [{ share: nameOf(share, game), value }];
  });
}

function namesOf(game: GameResult): string[] {
  return game.options.map(({ share }) => nameOf(share, game));
}

function nameOf(share: number, { options }: GameResult): string {
  if (options.length === 2) return share === 1 ? "cooperates" : "does not";
  return String(Math.round(share * 100));
}
