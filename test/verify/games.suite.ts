import { wilson } from "../../src/kernel/intervals.ts";
import { ROLES } from "../../src/model/games.ts";
import type { GamesTendency } from "../../src/profile/stress/games/games-policy.ts";
import {
  type Claims,
  countClaims,
  coverGames,
  EVEN,
  type Held,
  isFalseOfStair,
  STAIR,
  TAKER,
} from "../calibration/games.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

/** Runs of each policy in games, and on the ladder, which takes thrice as long. */
const RUNS = { games: 500, ladder: 300 } as const;
const QUICK_RUNS = 20;
/** Runs between two savings of what was counted. */
const PIECE = 20;
/** T28: intervals of mean shares that hold the policy's own. */
const LEAST_COVER = 0.93;
/** T27: runs in which a false claim is made, in one role. */
const MOST_WRONG = 0.05;

interface Game {
  readonly name: string;
  readonly tendency: GamesTendency;
  readonly letters: boolean;
}

const GAMES: readonly Game[] = [
  { name: "even-split, answers drawn", tendency: EVEN, letters: false },
  { name: "taker, answers drawn", tendency: TAKER, letters: false },
  { name: "even-split, letters' probabilities", tendency: EVEN, letters: true },
  { name: "taker, letters' probabilities", tendency: TAKER, letters: true },
];

type IsFalse = Parameters<typeof countClaims>[1];

const LADDERS: readonly { readonly name: string; readonly tendency: GamesTendency; readonly isFalse: IsFalse }[] = [
  { name: "even-split: level", tendency: EVEN, isFalse: () => true },
  { name: "a stair: rises, stays, rises", tendency: STAIR, isFalse: isFalseOfStair },
  {
    name: "taker: presses and yields at every step",
    tendency: TAKER,
    isFalse: (verdict, name) => ["ultimatum or threat", "yield"].includes(name) && verdict !== "rises at every step",
  },
];

/** T27 and T28 over the whole way of a games run: items, calls, coding, estimates. */
export const suite: VerifySuite = {
  name: "games",
  proves: ["T27", "T28"],
  title: "Ladder and games of policies are told as they are",
  budgetMinutes: 30,
  model: "none",
  doc: "docs/calibration.md",
  section: "games",
  run: async (context) => {
    const runs = context.quick ? { games: QUICK_RUNS, ladder: QUICK_RUNS } : RUNS;
    const shares = [];
    for (const game of GAMES) shares.push({ game, held: await coverAll(game, runs.games, context) });
    const claims = [];
    for (const ladder of LADDERS) claims.push({ ladder, found: await claimAll(ladder, runs.ladder, context) });
    const holds =
      shares.every(({ held }) => !falls(held, LEAST_COVER)) &&
      claims.every(({ found }) => ROLES.every((role) => !exceeds(found.wrong[role], runs.ladder, MOST_WRONG))) &&
      !falls(claims[0]?.found.level ?? { held: 0, intervals: 0 }, LEAST_COVER);
    return { table: tableOf(shares, claims, runs), holds };
  },
};

/** Whether a share lies below a limit by more than so many runs leave open. */
function falls({ held, intervals }: Held, least: number): boolean {
  return wilson(held, intervals)[1] < least;
}

function exceeds(hits: number, runs: number, most: number): boolean {
  return wilson(hits, runs)[0] > most;
}

async function inPieces<T>(
  name: string,
  runs: number,
  work: (some: readonly number[]) => Promise<T>,
  { state, log, signal }: SuiteContext,
): Promise<T[]> {
  const found: T[] = [];
  for (let from = 0; from < runs; from += PIECE) {
    signal.throwIfAborted();
    const key = `${name}/${from}`;
    const some = Array.from({ length: Math.min(PIECE, runs - from) }, (_, at) => from + at);
    const piece = state.get<T>(key) ?? (await work(some));
    state.put(key, piece);
    found.push(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  log(`${name}: done`);
  return found;
}

async function coverAll({ name, tendency, letters }: Game, runs: number, context: SuiteContext): Promise<Held> {
  return together(await inPieces(name, runs, (some) => coverGames(tendency, letters, some), context));
}

function together(pieces: readonly Held[]): Held {
  return {
    held: pieces.reduce((sum, { held }) => sum + held, 0),
    intervals: pieces.reduce((sum, { intervals }) => sum + intervals, 0),
  };
}

async function claimAll(
  { name, tendency, isFalse }: (typeof LADDERS)[number],
  runs: number,
  context: SuiteContext,
): Promise<Claims> {
  const pieces = await inPieces(name, runs, (some) => countClaims(tendency, isFalse, some), context);
  const made = { moves: {}, answers: {} } as Claims["made"];
  const wrong = { moves: 0, answers: 0 };
  for (const piece of pieces)
    for (const role of ROLES) {
      wrong[role] += piece.wrong[role];
      for (const [verdict, times] of Object.entries(piece.made[role]))
        made[role][verdict] = (made[role][verdict] ?? 0) + times;
    }
  return { wrong, made, level: together(pieces.map(({ level }) => level)) };
}

function tableOf(
  shares: readonly { readonly game: Game; readonly held: Held }[],
  claims: readonly { readonly ladder: (typeof LADDERS)[number]; readonly found: Claims }[],
  runs: { readonly games: number; readonly ladder: number },
): string {
  const percent = (hits: number, of: number) => `${((100 * hits) / of).toFixed(1)} %`;
  const every = "rises at every step";
  const level = claims[0]?.found.level as Held;
  return [
    `**Games.** ${runs.games} runs of each policy over all seven games, six frames each, eleven answers a frame. Its own mean share is known by quadrature over a frame's effect.`,
    "",
    "| Policy | 95 % intervals of mean shares that hold its own | intervals |",
    "| --- | ---: | ---: |",
    ...shares.map(({ game, held }) => `| ${game.name} | ${percent(held.held, held.intervals)} | ${held.intervals} |`),
    "",
    `**The ladder.** ${runs.ladder} runs of each policy, eight exchanges, answers drawn. False claims are counted by run, over all five answers followed in a role. Of the level policy, ${percent(level.held, level.intervals)} of ${level.intervals} intervals of the change a row hold zero.`,
    "",
    "| Policy | runs with a false claim, as the one who moves | as the one who answers | “rises at every step” of ultimatum or threat | of yield |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...claims.map(
      ({ ladder, found }) =>
        `| ${ladder.name} | ${percent(found.wrong.moves, runs.ladder)} | ${percent(found.wrong.answers, runs.ladder)} | ${percent(found.made.moves[every] ?? 0, runs.ladder)} | ${percent(found.made.answers[every] ?? 0, runs.ladder)} |`,
    ),
    "",
  ].join("\n");
}
