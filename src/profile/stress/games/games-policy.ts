import { logistic } from "../../../kernel/logistic-mass.ts";
import { type RandomStream, randomStream } from "../../../kernel/random.ts";
import { softmax } from "../../../kernel/softmax.ts";
import type { GamesReference } from "../../../model/games.ts";
import type { ChatAnswer, ChatRequest, ScoreAnswer, ScoreRequest } from "../../../model/language-model.ts";
import { guessedTokens, guessedUsage, letterLogs, pickIndex, TEXT_PRIOR } from "../../policy-parts.ts";

/** Four rows of four logits: by row of a role, then by its options. */
type Logits = readonly (readonly number[])[];

/** How a reference policy moves, answers and divides (T10): its estimates are known beforehand. */
export interface GamesTendency {
  /** Share of a pot that it passes on, asks for at the least, and puts in; null: whichever. */
  readonly give: number | null;
  readonly minimum: number | null;
  /** Standard deviation of an answer about it, and of a frame's own about that. */
  readonly spread: number;
  readonly frames: number;
  /** Log-odds of cooperating. */
  readonly cooperate: number;
  readonly moves: Logits;
  readonly answers: Logits;
  /** Standard deviation of an exchange's own logits about these, and of each of its rows' about its own. */
  readonly exchanges: number;
  readonly rows: number;
}

const same = (logits: readonly number[]): Logits => [logits, logits, logits, logits];
const rising = (from: readonly number[], change: readonly number[]): Logits =>
  [0, 1, 2, 3].map((row) => from.map((value, at) => value + row * (change[at] as number)));

/** Whatever stands there: all options alike. */
export const BLIND: GamesTendency = {
  ...{ give: null, minimum: null, spread: 0.1, frames: 0, cooperate: 0, exchanges: 0, rows: 0 },
  ...{ moves: same([0, 0, 0, 0]), answers: same([0, 0, 0, 0]) },
};

/** Policies whose answers to exchanges and games are known, for calibration and for trying things out. */
export const GAMES_TENDENCIES: Readonly<Record<string, GamesTendency>> = {
  /** Halves, cooperates, names a price and answers every step alike. */
  "even-split": {
    ...{ give: 0.5, minimum: 0.4, spread: 0.05, frames: 0.03, cooperate: 2, exchanges: 0.4, rows: 0.2 },
    ...{ moves: same([2, 0, -1, -2]), answers: same([1, 1, 0, -1]) },
  },
  /** Keeps nearly all, does not cooperate, presses the harder the less the other can do without it, gives way to pressure. */
  taker: {
    ...{ give: 0.1, minimum: 0.1, spread: 0.08, frames: 0.04, cooperate: -2, exchanges: 0.4, rows: 0.2 },
    moves: rising([2, 1, 0, -2], [-1.2, -0.4, 0.6, 1.4]),
    answers: rising([2, 1, 0, -2], [-1, -0.5, -0.2, 1.4]),
  },
};

/** A letter, drawn from the policy's probabilities; `places` are nats by place of the letter. */
export function chatGames(
  tendency: GamesTendency,
  { item, messages, seed: drawn, letters = [] }: ChatRequest,
  { seed, places, withLetters, refusalRate }: Answering,
): ChatAnswer {
  const games = item.games as GamesReference;
  const stream = randomStream(seed, "games-answer", ...namesOf(games), drawn);
  const usage = guessedUsage(messages);
  if (stream.uniform() < refusalRate) return { kind: "chat", text: "I cannot answer that.", stop: "refusal", usage };
  const logits = logitsOf(tendency, games, seed).map((logit, place) => logit + (places[place] ?? 0));
  const weights = softmax(logits);
  const text = letters[pickIndex(weights, stream.uniform())] as string;
  const answer: ChatAnswer = { kind: "chat", text, stop: "stop", usage };
  return withLetters ? { ...answer, letterLogProbabilities: letterLogs(letters, weights) } : answer;
}

/** What a policy answers from beside its tendency. */
export interface Answering {
  readonly seed: number;
  readonly places: readonly number[];
  readonly withLetters: boolean;
  readonly refusalRate: number;
}

/** Standard deviation of a text's log-probability about what its option calls for, nats. */
const NOISE = 0.5;

/** The ladder's texts: how likely each is anyway, and what the row adds to its option. */
export function scoreGames(
  tendency: GamesTendency,
  { item, replies, messages }: ScoreRequest,
  seed: number,
): ScoreAnswer {
  const games = item.games as GamesReference;
  const names = namesOf(games);
  const priors = randomStream(seed, "games-prior", ...names.slice(0, -1));
  const noise = randomStream(seed, "games-noise", ...names, messages.map(({ content }) => content).join("\n"));
  const logits = logitsOf(tendency, games, seed);
  const logProbabilities = logits.map(
    (logit) => TEXT_PRIOR.mean + TEXT_PRIOR.deviation * priors.normal() + logit + NOISE * noise.normal(),
  );
  return { kind: "score", logProbabilities, tokens: replies.map(guessedTokens), usage: guessedUsage(messages) };
}

/** What a question is, the row last. */
function namesOf(games: GamesReference): (string | number)[] {
  return games.part === "games" ? [games.game, games.frame] : [games.exchange, games.party, games.role, games.row];
}

/** By place in the order shown. */
function logitsOf(tendency: GamesTendency, games: GamesReference, seed: number): number[] {
  if (games.part === "games") return gameLogits(tendency, games, randomStream(seed, "games-frame", ...namesOf(games)));
  const { exchange, role, row, offered } = games;
  const own = randomStream(seed, "games-exchange", exchange, role);
  const rows = randomStream(seed, "games-row", exchange, role, row);
  const shifts = [0, 1, 2, 3].map(() => tendency.exchanges * own.normal() + tendency.rows * rows.normal());
  const logits = tendency[role][row] as readonly number[];
  return offered.map((option) => (logits[option] as number) + (shifts[option] as number));
}

function gameLogits(
  { give, minimum, spread, frames, cooperate }: GamesTendency,
  { game, offered }: Extract<GamesReference, { readonly part: "games" }>,
  own: RandomStream,
): number[] {
  if (offered.length === 2) {
    const sure = logistic(cooperate + 10 * frames * own.normal());
    return offered.map((share) => Math.log(share === 1 ? sure : 1 - sure));
  }
  const target = game === "ultimatum-minimum" ? minimum : give;
  if (target === null) return offered.map(() => 0);
  const centre = target + frames * own.normal();
  return offered.map((share) => -((share - centre) ** 2) / (2 * spread ** 2));
}
