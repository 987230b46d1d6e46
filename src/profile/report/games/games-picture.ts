import { ROLES } from "../../../model/games.ts";
import type { GamesReport, LadderResult } from "../../../model/games-report.ts";
import type { DrawingDocument } from "../interval-plot.ts";
import { escaped, INK, PICTURE_FONT, placedPlot, SOFT, text, wrapped } from "../picture-parts.ts";
import { gamesAnswer, ROLE_NAMES, ROW_NAMES } from "./games-findings.ts";
import { ladderEnds, ladderPlot } from "./ladder-plot.ts";
import { meansPlot } from "./means-plot.ts";

const WIDTH = 1200;
const MARGIN = 40;
const PLOT = { width: 226, height: 232, step: 228 } as const;
/** Of a game in the plot of means, and of its axis. */
const MEANS = { band: 56, axis: 62 } as const;

/** Ladder and games of a run as one picture that speaks alone: SVG, 1200 wide (T29). */
export function renderGamesPicture(report: GamesReport, { document }: { readonly document: DrawingDocument }): string {
  const { model, suite, set, games } = report;
  const sentences = gamesAnswer(report);
  const facts = `games of suite ${suite.id} ${suite.version} · set ${set} · asked by ${report.formats.join(", ")} · dashpot ${report.dashpot}`;
  const lines = sentences.flatMap((sentence) => wrapped(sentence, 150)).slice(0, 8);
  const shown = shownLadder(report);
  const top = 114 + 22 * lines.length;
  const below = top + shown.length * (PLOT.height + 34);
  const height = below + (games.length > 0 ? games.length * MEANS.band + MEANS.axis + 34 : 0) + 44;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(`Games of ${model.spec}. ${sentences.join(" ")}`, 900)}" font-family="${PICTURE_FONT}" fill="${INK}">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    text(MARGIN, 54, escaped(model.spec, 44), { size: 30, weight: 700 }),
    text(MARGIN, 80, escaped(facts, 160), { size: 14, colour: SOFT }),
    ...lines.map((line, index) => text(MARGIN, 114 + 22 * index, escaped(line, 220), { size: 15.5 })),
    ...shown.flatMap((result, at) => ladderRow(result, document, top + at * (PLOT.height + 34))),
    ...(games.length > 0
      ? [
          text(MARGIN, below + 16, "Games: mean share; filled: the model, open: people as published, no norm", {
            size: 15,
            weight: 600,
          }),
          placedPlot(meansPlot({ document, games, width: 900 }).markup, MARGIN, below + 24),
        ]
      : []),
    text(MARGIN, height - 20, "Blue: means over exchanges, or frames, with 95 % intervals. Grey: each exchange.", {
      size: 12.5,
      colour: SOFT,
    }),
    "</svg>\n",
  ].join("\n");
}

/** Of several formats, the letters: they have shares. */
function shownLadder({ ladder }: GamesReport): LadderResult[] {
  return ROLES.flatMap((role) => {
    const own = ladder.filter((result) => result.role === role);
    return own.find(({ format, reading }) => format === "choice" && reading?.verdict === "content") ?? own[0] ?? [];
  });
}

function ladderRow(result: LadderResult, document: DrawingDocument, top: number): string[] {
  const { role, series, unit, rows } = result;
  const ends = ladderEnds(series, unit);
  const name = `The ladder, ${ROLE_NAMES[role]}: ${unit === "nats" ? "nats relative to the first row" : "share of the answers"}`;
  return [
    text(MARGIN, top + 12, name, { size: 15, weight: 600 }),
    ...series.flatMap((one, at) => {
      const x = MARGIN - 8 + at * PLOT.step;
      const drawn = ladderPlot({
        ...{ document, series: one, rows: rows.map(({ row }) => row), axis: ROW_NAMES[role], unit, ends },
        ...{ alternative: one.name, width: PLOT.width, height: PLOT.height - 12 },
      });
      return [
        text(x + 46, top + 34, escaped(one.name, 40), { size: 13, colour: SOFT }),
        placedPlot(drawn.markup, x, top + 36),
      ];
    }),
  ];
}
