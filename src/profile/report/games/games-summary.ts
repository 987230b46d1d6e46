import type { GameResult, GameSilences, GamesReport, LadderResult } from "../../../model/games-report.ts";
import { shownText } from "../../../model/shown-text.ts";
import { countText, intervalText, numberText } from "../number-text.ts";
import { brokenLines } from "../terminal-summary.ts";
import {
  anchorText,
  claimText,
  FORMAT_NAMES,
  gamesAnswer,
  gamesLimits,
  isTold,
  ladderStyle,
  meanText,
  NO_ANCHOR,
  placeText,
  ROLE_NAMES,
  ROW_NAMES,
  readingText,
  trendStyle,
} from "./games-findings.ts";

/** What a games run found, for a terminal: the answer, the ladder, the games, what is missing. Ends with a line end. */
export function renderGamesSummary(report: GamesReport, { width }: { readonly width: number }): string {
  const columns = Math.max(40, Math.min(width, 120));
  const { model, set, suite, totals, ladder, games } = report;
  const facts = `set ${set} · games of suite ${suite.id} ${suite.version} ${suite.hash.slice(0, 12)} · ${ladder[0]?.exchanges ?? 0} exchanges, ${games.length} games`;
  const calls = `${countText(totals.calls)} calls, ${countText(totals.promptTokens + totals.completionTokens)} tokens.`;
  const blocks = [
    [shownText(model.spec, columns), ...brokenLines(facts, columns)],
    gamesAnswer(report).flatMap((sentence) => brokenLines(sentence, columns)),
    ...ladder.map((result) => ladderLines(result, columns)),
    ...(games.length > 0 ? [gameLines(games, columns)] : []),
    [...brokenLines(gamesLimits(report)[0] ?? "", columns), calls],
  ];
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function ladderLines(result: LadderResult, columns: number): string[] {
  const { role, format, rows, series, reading, unit, silence, asked } = result;
  const style = ladderStyle(result);
  const names = rows[0]?.options.map(({ option }) => option) ?? [];
  const wide = Math.max(...series.map(({ name }) => name.length));
  return [
    `The ladder, ${ROLE_NAMES[role]}, by ${FORMAT_NAMES[format]}`,
    ...(reading === null ? [] : indented(`${readingText(reading)}; likeliest place ${placeText(reading)}`, 2, columns)),
    `  ${ROW_NAMES[role].padEnd(10)}${names.map((name) => name.padStart(10)).join("")}      n`,
    ...rows.map(
      ({ row, options, n }) =>
        `  ${row.padEnd(10)}${options.map(({ mean }) => numberText(mean.value, style).padStart(10)).join("")}${String(n).padStart(7)}`,
    ),
    `  Change a row${unit === "nats" ? ", nats" : ""}, over exchanges; p of the claim, adjusted`,
    ...series.map(
      (one) =>
        `    ${one.name.padEnd(wide)}  ${numberText(one.trend.value, trendStyle(result)).padStart(7)}  ${intervalText(one.trend, trendStyle(result))}  ${claimText(one)}`,
    ),
    silenceLine(silence, asked),
  ];
}

function gameLines(games: readonly GameResult[], columns: number): string[] {
  return [
    "Games: mean share over frames; beside it people, as points and no norm",
    ...games.flatMap((game) => {
      const { title, quantity, reading, none, half, anchors, remarks, silence, asked } = game;
      const shares =
        none && half ? `; nothing ${numberText(none.value, "share")}, one half ${numberText(half.value, "share")}` : "";
      const beside = anchors.length === 0 ? [NO_ANCHOR] : [...anchors.map(anchorText), ...remarks];
      return [
        ...indented(title, 2, columns),
        ...(isTold(game) ? [`    ${quantity} ${meanText(game)}${shares}`] : indented(readingText(reading), 4, columns)),
        `    likeliest place ${placeText(reading)}`,
        ...beside.flatMap((text) => indented(text, 6, columns)),
        `  ${silenceLine(silence, asked)}`,
      ];
    }),
  ];
}

/** Lines of a paragraph, each so many columns to the right. */
function indented(text: string, by: number, columns: number): string[] {
  return brokenLines(text, columns - by).map((line) => " ".repeat(by) + line);
}

function silenceLine({ refusals, unparsable, empty, failures }: GameSilences, asked: number): string {
  return `  Missing of ${countText(asked)}: ${refusals} refused, ${unparsable} unparsable, ${empty} empty, ${failures} failed.`;
}
