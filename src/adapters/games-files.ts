import { existsSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { DashpotError } from "../model/error.ts";
import { type Exchange, type Game, type Ladder, parseGameFile } from "../profile/stress/games/game-files.ts";
import { filesIn, named, readHeader, type SuiteHeader } from "./stress-files.ts";

/** Exchanges and games of a stress suite. */
export interface GameSuite {
  readonly header: SuiteHeader;
  readonly ladder: Ladder;
  /** By id. */
  readonly exchanges: readonly Exchange[];
  /** By their order. */
  readonly games: readonly Game[];
  /** SHA-256 over the header and the files of games. */
  readonly hash: string;
}

/** The folder of exchanges and games in a suite. */
const FOLDER = "games";

/** Whether a suite has exchanges and games. */
export function hasGames(directory: string): boolean {
  return existsSync(join(directory, FOLDER));
}

/** Exchanges and games from a suite's folder. Errors: `stress-missing`, `stress-malformed`, `games-malformed`. */
export function readGames(directory: string): GameSuite {
  const head = readHeader(directory);
  const folder = join(directory, FOLDER);
  const texts = filesIn(folder);
  const files = texts.map((file) => named(file, parseGameFile));
  const [ladder, ...more] = files.filter((file) => file.kind === "ladder");
  if (ladder === undefined || more.length > 0)
    throw new DashpotError(
      "games-malformed",
      `expected one file of kind ladder, received ${ladder ? more.length + 1 : "none"}, in ${folder}`,
      "keep one ladder.yaml",
    );
  return {
    ...{ header: head.header, ladder },
    exchanges: files.filter((file) => file.kind === "exchange"),
    games: files.filter((file) => file.kind === "game").sort((one, other) => one.order - other.order),
    hash: sha256Hex([head, ...texts].map(({ text }) => `${text.length}:${text}`).join("")),
  };
}
