import { logistic } from "../../src/kernel/logistic-mass.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { softmax } from "../../src/kernel/softmax.ts";
import { sum } from "../../src/kernel/summary.ts";
import { wildWeights } from "../../src/kernel/wild-cluster.ts";
import { ROLES, type Role } from "../../src/model/games.ts";
import type { LadderResult } from "../../src/model/games-report.ts";
import type { Weights } from "../../src/profile/stress/cluster-mean.ts";
import { estimateGame } from "../../src/profile/stress/games/estimate-games.ts";
import { estimateLadder, PRIMARY } from "../../src/profile/stress/games/estimate-ladder.ts";
import type { Game } from "../../src/profile/stress/games/game-files.ts";
import { TENTHS } from "../../src/profile/stress/games/game-items.ts";
import { GAMES_TENDENCIES, type GamesTendency } from "../../src/profile/stress/games/games-policy.ts";
import { GAMES, playing, simulateGames } from "../fixtures/games-run.ts";

const DRAWS = 999;

const drawn = new Map<number, Float64Array>();
/** The same for every run: their draws are no part of what is calibrated. */
const weights: Weights = (clusters) => {
  const known = drawn.get(clusters) ?? wildWeights(clusters, DRAWS, randomStream(1, "games-calibration", clusters));
  drawn.set(clusters, known);
  return known;
};

export const EVEN = GAMES_TENDENCIES["even-split"] as GamesTendency;
export const TAKER = GAMES_TENDENCIES.taker as GamesTendency;

/** Rises, stays, rises: a claim of every step is false of all its answers. */
export const STAIR: GamesTendency = (() => {
  const [first, middle, last] = [0, 1, 3].map((row) => TAKER.answers[row] as readonly number[]) as [
    readonly number[],
    readonly number[],
    readonly number[],
  ];
  const rows = [first, middle, middle, last];
  return { ...EVEN, moves: rows, answers: rows };
})();

/** Those of a stair's answers that go one way only, so that they do not turn either. */
const ONE_WAY = ["accept", "yield", "market", "threat", "ultimatum or threat"];

export function isFalseOfStair(verdict: Verdict, name: string): boolean {
  return verdict !== "turns" || ONE_WAY.includes(name);
}

/** Shares, of all frames that there could be, of a game: by quadrature over a frame's own effect. */
export function truthOf(tendency: GamesTendency, game: Game): number {
  const points = Array.from({ length: 401 }, (_, at) => -5 + at / 40);
  const mass = points.map((z) => Math.exp((-z * z) / 2));
  const means = points.map((z) => meanAt(tendency, game, z));
  return sum(means.map((mean, at) => mean * (mass[at] as number))) / sum(mass);
}

function meanAt({ give, minimum, spread, frames, cooperate }: GamesTendency, game: Game, z: number): number {
  if (game.scale === "pair") return logistic(cooperate + 10 * frames * z);
  const centre = ((game.id === "ultimatum-minimum" ? minimum : give) ?? 0.5) + frames * z;
  const shares = TENTHS.map((tenth) => tenth / 10);
  const probability = softmax(shares.map((share) => -((share - centre) ** 2) / (2 * spread ** 2)));
  return sum(shares.map((share, at) => share * (probability[at] as number)));
}

export interface Held {
  held: number;
  intervals: number;
}

/** How many of the intervals of games' mean shares hold the policy's own, answers drawn or their probabilities told. */
export async function coverGames(tendency: GamesTendency, letters: boolean, runs: readonly number[]): Promise<Held> {
  const truths = GAMES.games.map((game) => truthOf(tendency, game));
  const found: Held = { held: 0, intervals: 0 };
  for (const run of runs) {
    const measured = await simulateGames(playing(tendency), { parts: ["games"] }, run, letters);
    GAMES.games.forEach((game, at) => {
      const { low, high } = estimateGame(game, measured.games, weights, run).mean;
      if (low === null || high === null) return;
      found.intervals += 1;
      if (low <= (truths[at] as number) && (truths[at] as number) <= high) found.held += 1;
    });
  }
  return found;
}

export interface Claims {
  /** Runs in which any claim was made of a series in a role that `isFalse` says is false. */
  readonly wrong: Record<Role, number>;
  /** Runs in which each claim was made of the series that is told in plain words. */
  readonly made: Record<Role, Record<string, number>>;
  /** Intervals of trends that hold 0, of all. */
  readonly level: Held;
}

type Verdict = LadderResult["series"][number]["verdict"];

/** What is claimed of a policy whose answers are drawn. */
export async function countClaims(
  tendency: GamesTendency,
  isFalse: (verdict: Verdict, name: string) => boolean,
  runs: readonly number[],
): Promise<Claims> {
  const found: Claims = {
    wrong: { moves: 0, answers: 0 },
    made: { moves: {}, answers: {} },
    level: { held: 0, intervals: 0 },
  };
  for (const run of runs) {
    const measured = await simulateGames(playing(tendency), { parts: ["ladder"] }, run, false);
    for (const role of ROLES) {
      const { series } = estimateLadder(role, "choice", measured, weights, run);
      if (series.some(({ verdict, name }) => verdict !== "cannot tell" && isFalse(verdict, name)))
        found.wrong[role] += 1;
      const verdict = series.find(({ name }) => name === PRIMARY[role])?.verdict ?? "cannot tell";
      found.made[role][verdict] = (found.made[role][verdict] ?? 0) + 1;
      countLevel(found.level, series);
    }
  }
  return found;
}

function countLevel(level: Held, series: LadderResult["series"]): void {
  for (const { trend } of series) {
    if (trend.low === null || trend.high === null) continue;
    level.intervals += 1;
    if (trend.low <= 0 && 0 <= trend.high) level.held += 1;
  }
}
