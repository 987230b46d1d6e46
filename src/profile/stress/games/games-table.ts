import { ROLE_OPTIONS } from "../../../model/games.ts";
import type { GamesReport } from "../../../model/games-report.ts";
import { csvLine } from "../../code/csv-line.ts";

const HEADER = ["part", "format", "item", "role", "side", "row", "option", "unit", "value", "n", "missing"];

/** Every question with what it was answered with, as CSV in long form: shares of options, or log-probabilities in nats. */
export function gamesTable({ ladder, games }: GamesReport): string {
  const texts = ladder.flatMap(({ role, format, unit, cells }) =>
    cells.flatMap(({ exchange, party, row, values, n, missing }) =>
      values.map((value, at) => [
        ...["ladder", format, exchange, role, party, row, ROLE_OPTIONS[role][at] as string],
        ...[unit, numberOf(value), String(n), String(missing)],
      ]),
    ),
  );
  const pots = games.flatMap(({ game, options, frames }) =>
    frames.flatMap(({ frame, shares, n, missing }) =>
      shares.map((value, at) => [
        ...["games", "choice", game, "", "", String(frame), String(options[at]?.share)],
        ...["proportion", numberOf(value), String(n), String(missing)],
      ]),
    ),
  );
  return [HEADER, ...texts, ...pots].map((fields) => csvLine(fields)).join("");
}

function numberOf(value: number | null): string {
  return value === null ? "" : String(Number(value.toPrecision(8)));
}
