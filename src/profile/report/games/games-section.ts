import type { GameResult, GamesReport } from "../../../model/games-report.ts";
import { estimateCells, estimateColumns, estimateTable, numberCell, textCell } from "../estimate-table.ts";
import { type Html, html } from "../html-text.ts";
import type { DrawingDocument } from "../interval-plot.ts";
import { intervalText, numberText } from "../number-text.ts";
import { anchorSize, anchorText, capital, isTold, NO_ANCHOR, readingText } from "./games-findings.ts";
import { missingTable, placePart } from "./games-parts.ts";
import { meansPlot } from "./means-plot.ts";
import { sharePlot } from "./share-plot.ts";

/** All games: means beside people's, then each with its distribution, frames, places and what is missing. */
export function gamesSection({ games }: GamesReport, document: DrawingDocument): Html | null {
  if (games.length === 0) return null;
  return html`<section aria-labelledby="games"><h2 id="games">Games</h2>
<p>Six frames each, in other words, currencies and pots; every option stood at every letter equally often. Filled circles: the model, means with 95 % intervals over frames. Open diamonds: people, as published, points with their n. They are no norm and no target.</p>
${meansFigure(games, document)}${games.map((game) => gamePart(game, document))}</section>`;
}

function meansFigure(games: readonly GameResult[], document: DrawingDocument): Html {
  const told = games.filter(isTold);
  const nothing = html`<p class="answer alert">Nothing can be told of any game: letters are not chosen by what stands at them.</p>`;
  return html`${told.length === 0 ? nothing : null}<figure class="wide">${meansPlot({ document, games, width: 720 })}</figure>`;
}

function gamePart(game: GameResult, document: DrawingDocument): Html {
  const { title, quantity, mean, none, half, frames, reading, silence, asked } = game;
  const shown = [
    { name: `${quantity}, mean over frames`, cells: estimateCells(mean, "share") },
    ...(none ? [{ name: "answers of nothing", cells: estimateCells(none, "share") }] : []),
    ...(half ? [{ name: "answers of one half", cells: estimateCells(half, "share") }] : []),
  ];
  return html`<h3>${title}</h3>${isTold(game) ? null : html`<p class="answer alert">${capital(readingText(reading))}. The numbers here say nothing of what the model would divide.</p>`}
<div class="pair"><figure>${sharePlot({ document, game, alternative: alternativeOf(game) })}<figcaption>Answers, with Wilson's intervals; broken line: blind answers</figcaption></figure>
<div>${estimateTable({ caption: "The model", corner: "measure", columns: estimateColumns("value"), rows: shown })}</div></div>
${peoplePart(game)}<details><summary>Frame by frame</summary>${estimateTable({ caption: "Mean share by frame", corner: "frame", columns: ["currency", "pot", "mean", "n", "missing"], rows: frames.map(({ frame, currency, pot, mean: own, n, missing }) => ({ name: String(frame), cells: [textCell(currency), numberCell(pot), numberCell(numberText(own, "share")), numberCell(n), numberCell(missing)] })) })}</details>${placePart(reading)}${missingTable(silence, asked)}`;
}

/** What is published of people: points, no norm. */
function peoplePart({ anchors, remarks }: GameResult): Html {
  if (anchors.length === 0) return html`<p>People: ${NO_ANCHOR}.</p>`;
  const rows = anchors.map(({ value, what, source, ...size }) => ({
    name: `${Number((value * 100).toFixed(1))} %`,
    cells: [textCell(what), textCell(`${anchorSize(size)}; ${source}`)],
  }));
  return html`${estimateTable({ caption: "People, as published: points, no norm", corner: "share", columns: ["what", "source"], rows })}${remarks.map((remark) => html`<p class="soft">${remark}</p>`)}`;
}

function alternativeOf({ title, options, anchors }: GameResult): string {
  const said = options.map(
    ({ share, value }) =>
      `${Math.round(share * 100)} %: ${numberText(value.value, "share")} (${intervalText(value, "share")})`,
  );
  return `${title}. Answers by share: ${said.join(", ")}. ${anchors.map(anchorText).join("; ")}`;
}
