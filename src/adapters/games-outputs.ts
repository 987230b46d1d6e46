import { parseHTML } from "linkedom";
import { canonicalJson } from "../kernel/canonical-json.ts";
import type { GamesReport } from "../model/games-report.ts";
import { renderGamesPage } from "../profile/report/games/games-page.ts";
import { renderGamesPicture } from "../profile/report/games/games-picture.ts";
import { gamesTable } from "../profile/stress/games/games-table.ts";
import { rasterise } from "./rasterise.ts";
import { type ReportFile, replaceFiles } from "./report-files.ts";

/**
 * Writes record, report, picture and table of a games run into its directory, each whole or not at all (T29). Throws
 * `output-unwritable`, exit 3: the journal has everything.
 */
export async function writeGamesOutputs(
  report: GamesReport,
  directory: string,
): Promise<{ readonly name: string; readonly path: string }[]> {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const picture = renderGamesPicture(report, { document });
  const files: ReportFile[] = [
    { name: "games.json", content: `${canonicalJson(report)}\n` },
    { name: "games.html", content: renderGamesPage(report, { document }) },
    { name: "games.svg", content: picture },
    { name: "games.png", content: await rasterise(picture) },
    { name: "games.csv", content: gamesTable(report) },
  ];
  return replaceFiles(directory, files);
}
