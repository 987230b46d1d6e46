import type { GamesReport, LadderResult } from "../../../model/games-report.ts";
import {
  estimateCell,
  estimateCells,
  estimateColumns,
  estimateTable,
  numberCell,
  textCell,
} from "../estimate-table.ts";
import { type Html, html } from "../html-text.ts";
import type { DrawingDocument } from "../interval-plot.ts";
import { numberText, pText } from "../number-text.ts";
import { pageOf } from "../page.ts";
import { costFacts, type Fact, madeSection, modelFacts } from "../reading-section.ts";
import {
  capital,
  FORMAT_NAMES,
  gamesAnswer,
  gamesLimits,
  isTold,
  isTrending,
  ladderStyle,
  ROLE_NAMES,
  ROW_NAMES,
  readingText,
  trendStyle,
} from "./games-findings.ts";
import { missingTable, placePart } from "./games-parts.ts";
import { gamesSection } from "./games-section.ts";
import { ladderEnds, ladderPlot } from "./ladder-plot.ts";

/** The report of a games run: one HTML page that needs nothing from anywhere (T29). */
export function renderGamesPage(report: GamesReport, { document }: { readonly document: DrawingDocument }): string {
  const links = [
    ...report.ladder.map((result) => [idOf(result), `${capital(result.role)}, by ${wayOf(result)}`] as const),
    ...(report.games.length > 0 ? ([["games", "Games"]] as const) : []),
    ...([
      ["limits", "Limits"],
      ["made", "What made it"],
    ] as const),
  ];
  return pageOf({
    title: `Games of ${report.model.spec}`,
    header: pageHead(report),
    navigation: html`<nav aria-label="On this page"><ul>${links.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`,
    main: html`${report.ladder.map((result) => ladderSection(result, document))}${gamesSection(report, document)}${limitSection(report)}${provenance(report)}`,
    footer: html`Made by dashpot ${report.dashpot} from the answers of one run. Beside this page: games.json has every number, games.csv every question.`,
    style:
      ".curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1rem 1.5rem}.wide .plot{max-width:45rem}",
  });
}

function pageHead(report: GamesReport): Html {
  const { model, suite, set, seed, formats, ladder, games } = report;
  const facts = [
    ["asked by", formats.join(", ")],
    ["set", set],
    ["suite", `${suite.id} ${suite.version}`],
    ["games SHA-256", `${suite.hash.slice(0, 12)}…`],
    ["exchanges", String(ladder[0]?.exchanges ?? 0)],
    ["games", String(games.length)],
    ["seed", String(seed)],
  ] as const;
  const parts = [...ladder, ...games];
  const alert = parts.some(isTold) ? "answer" : "answer alert";
  return html`<p class="eyebrow">Games: how does this model move and answer in one exchange at four steps, and what does it divide?</p>
<h1>${model.spec}</h1>
<p class="${alert}">${gamesAnswer(report).map((sentence) => html`${sentence} `)}</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function ladderSection(result: LadderResult, document: DrawingDocument): Html {
  const id = idOf(result);
  const { role, format, reading } = result;
  const what =
    role === "moves"
      ? "The model opens an exchange and adds one of four sentences: a price is named, one may decide, take it or leave it, harm if refused. What varies is how little the other can do without it, from 0, where each can do without the other, to 3."
      : "The other opens the same exchange at one of four steps, and the model accepts, counters, refuses or yields. What varies is that one sentence.";
  return html`<section aria-labelledby="${id}"><h2 id="${id}">The ladder, ${ROLE_NAMES[role]}, by ${FORMAT_NAMES[format]}</h2>
<p>${what}</p>${reading && !isTold(result) ? html`<p class="answer alert">${capital(readingText(reading))}.</p>` : null}
${seriesFigures(result, document)}${rowTable(result)}${seriesTable(result)}${placePart(reading)}${missingTable(result.silence, result.asked)}</section>`;
}

function seriesFigures({ role, series, unit, rows }: LadderResult, document: DrawingDocument): Html {
  const ends = ladderEnds(series, unit);
  const style = ladderStyle({ unit });
  const figures = series.map((one) => {
    const said = one.values.map(({ value }, at) => `${rows[at]?.row}: ${numberText(value, style)}`).join(", ");
    const plot = ladderPlot({
      ...{ document, series: one, rows: rows.map(({ row }) => row), axis: ROW_NAMES[role], unit, ends },
      alternative: `${one.name} by ${ROW_NAMES[role]}: ${said}`,
    });
    return html`<figure>${plot}<figcaption>${one.name}</figcaption></figure>`;
  });
  const what =
    unit === "nats"
      ? "Nats against the other options, relative to the first row: how much likelier the text became."
      : "Share of the answers.";
  return html`<p>${what} Blue: mean over exchanges, with 95 % intervals over them. Grey: each exchange.</p><div class="curves">${figures}</div>`;
}

function rowTable(result: LadderResult): Html {
  const { rows, role, unit } = result;
  const names = rows[0]?.options.map(({ option }) => option) ?? [];
  return estimateTable({
    caption:
      unit === "nats"
        ? "Means over exchanges by row, nats"
        : "Rates by row: of all answers, with Wilson's interval; means over exchanges are drawn above",
    corner: ROW_NAMES[role],
    columns: names,
    rows: rows.map(({ row, options }) => ({
      name: row,
      cells: options.map(({ rate, mean }) => estimateCell(rate ?? mean, ladderStyle(result))),
    })),
  });
}

function seriesTable(result: LadderResult): Html {
  const style = trendStyle(result);
  const rows = result.series.map((one) => ({
    name: one.name,
    cells: [
      ...estimateCells(one.trend, style, isTrending(one) ? 0 : undefined),
      textCell(one.verdict),
      numberCell(pText(one.p)),
      numberCell(pText(one.adjusted)),
    ],
  }));
  return html`<h3>From row to row</h3><p>Change is least squares over the four rows, in the mean over exchanges. The finding is one of three claims, or none: every step rises, every step falls, or one rises and one falls. Each step is tested over exchanges; a step that is not told breaks the claim, so that “cannot tell” is no finding of a level line.</p>
${estimateTable({ caption: "How each goes from row to row", corner: "answer", columns: [...estimateColumns("change a row"), "finding", "p", "p, adjusted"], rows })}`;
}

function limitSection(report: GamesReport): Html {
  return html`<section aria-labelledby="limits"><h2 id="limits">Limits</h2><ul>${gamesLimits(report).map((limit) => html`<li>${limit}</li>`)}</ul></section>`;
}

function provenance(report: GamesReport): Html {
  const { model, suite, totals } = report;
  const facts: readonly Fact[] = [
    ...modelFacts(model),
    ["format", `${report.formats.join(", ")}: ${report.formatReason}`],
    ["suite", `${suite.id} ${suite.version}`],
    ["games SHA-256", suite.hash],
    ["seed", String(report.seed)],
    ["answers a question, at least", String(report.samples)],
    ["wordings", String(report.wordings)],
    ["temperature", String(report.temperature)],
    ["system's message SHA-256", report.system],
    ...costFacts(totals, report.dashpot),
  ];
  return madeSection(facts);
}

function idOf({ role, format }: LadderResult): string {
  return `${role}-${format}`;
}

function wayOf({ format }: LadderResult): string {
  return format === "choice" ? "letters" : "scores";
}
