import { wilson } from "../../../kernel/intervals.ts";
import { randomStream } from "../../../kernel/random.ts";
import { mean, sum } from "../../../kernel/summary.ts";
import type { GameResult } from "../../../model/games-report.ts";
import type { Estimate } from "../../../model/profile.ts";
import { tally } from "../../count-silence.ts";
import { meanOverClusters, type Weights } from "../cluster-mean.ts";
import type { GameChoice } from "./code-games.ts";
import type { Game } from "./game-files.ts";
import { optionsOf, TENTHS } from "./game-items.ts";
import { readLetters } from "./read-letters.ts";

/** How one game was answered: the distribution, its mean over frames, and beside it what is published of people (T28). */
export function estimateGame(game: Game, answers: readonly GameChoice[], weights: Weights, seed: number): GameResult {
  const own = answers.filter((one) => one.game === game.id);
  const shares = sharesOf(game);
  const frames = game.frames.map(({ currency, pot }, frame) => ({
    ...{ frame: frame + 1, currency, pot },
    ...frameOf(
      own.filter((one) => one.frame === frame),
      shares,
    ),
  }));
  const presented = own.flatMap(({ frame, order, probability }) =>
    probability === null ? [] : [{ group: frame, contents: order, probability }],
  );
  // What a tenth is in another currency is the same content: a model that always takes one half answers by content.
  const size = { choices: shares.length, groups: 1 };
  const one = presented.map((some) => ({ ...some, group: 0 }));
  return {
    ...{ game: game.id, title: game.title, quantity: game.quantity, asked: own.length, silence: tally(own) },
    reading: readLetters(one, size, randomStream(seed, "games-place", game.id)),
    options: shares.map((share, at) => ({ share, value: rateOf(own, at) })),
    mean: asShare(
      meanOverClusters(
        frames.map((frame) => frame.mean),
        weights,
        FRAMES,
      ).estimate,
    ),
    none: game.scale === "tenths" ? rateOf(own, 0) : null,
    half: game.scale === "tenths" ? rateOf(own, TENTHS.indexOf(5)) : null,
    ...{ frames, anchors: game.anchors, remarks: game.remarks },
  };
}

const FRAMES = { one: "frame", many: "frames" } as const;

/** What each option stands for, in their order. */
function sharesOf(game: Game): number[] {
  return optionsOf(game) === 2 ? [1, 0] : TENTHS.map((tenth) => tenth / 10);
}

function frameOf(own: readonly GameChoice[], shares: readonly number[]) {
  const known = own.filter(({ probability }) => probability !== null);
  const found = shares.map((_, at) => (known.length === 0 ? null : mean(known.map((one) => probabilityOf(one, at)))));
  const value = known.length === 0 ? null : sum(shares.map((share, at) => share * (found[at] as number)));
  return { mean: value, shares: found, n: known.length, missing: own.length - known.length };
}

/** Probability that an answer gave an option. */
export function probabilityOf(
  { order, probability }: Pick<GameChoice, "order" | "probability">,
  option: number,
): number {
  const place = order.indexOf(option);
  return place < 0 || probability === null ? 0 : (probability[place] as number);
}

/** Share of the answers that take an option, whatever the frame. */
function rateOf(own: readonly GameChoice[], option: number): Estimate {
  const known = own.filter(({ probability }) => probability !== null);
  return rate(sum(known.map((one) => probabilityOf(one, option))), known.length, own.length - known.length);
}

/** A rate with Wilson's interval, which takes the answers as independent. */
export function rate(hits: number, n: number, missing: number): Estimate {
  if (n === 0) return { value: null, low: null, high: null, n, missing, method: "no answer" };
  const within = Math.min(n, Math.max(0, hits));
  const [low, high] = wilson(within, n);
  return { value: within / n, low, high, n, missing, method: "Wilson 95 %, answers of these questions" };
}

/** An interval of shares ends where shares do. */
export function asShare({ low, high, ...rest }: Estimate): Estimate {
  return { ...rest, low: low === null ? null : Math.max(0, low), high: high === null ? null : Math.min(1, high) };
}
