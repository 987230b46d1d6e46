import type { Party, Role } from "../../../model/games.ts";
import type { Answer } from "../../../model/language-model.ts";
import type { CallFailure } from "../../../model/run.ts";
import type { Ask } from "../../ask.ts";
import { codeLetters } from "../../code-answer.ts";
import type { Silence } from "../../measurement.ts";
import { STRESS_LETTERS } from "../stress-calls.ts";
import type { GameCall, GamesCall, LadderChoiceCall, LadderScoreCall } from "./game-calls.ts";

/** One lettered answer: probability by place, null with `silence`. */
interface Lettered {
  /** Places among the options, in the order shown. */
  readonly order: readonly number[];
  readonly probability: readonly number[] | null;
  readonly silence?: Silence;
}

/** Which question of the ladder was answered. */
interface LadderPlace {
  readonly exchange: string;
  readonly party: Party;
  readonly role: Role;
  readonly row: number;
}

export interface LadderChoice extends LadderPlace, Lettered {}

/** Log-probabilities of the texts after one prompt, nats, by option and wording; null where one could not be had. */
export interface LadderScore extends LadderPlace {
  readonly texts: readonly (readonly (number | null)[])[];
}

export interface GameChoice extends Lettered {
  readonly game: string;
  readonly frame: number;
}

/** Everything that a games run measured; the only input of its estimates. */
export interface GamesMeasurements {
  readonly chosen: readonly LadderChoice[];
  readonly scored: readonly LadderScore[];
  readonly games: readonly GameChoice[];
}

/** Reads every measurement back, in the order of the calls. */
export async function codeGames(calls: readonly GamesCall[], recall: Ask): Promise<GamesMeasurements> {
  const found = { chosen: [] as LadderChoice[], scored: [] as LadderScore[], games: [] as GameChoice[] };
  for (const call of calls) {
    const answer = await recall(call);
    if (call.part === "games") found.games.push(codeGame(call, answer));
    else if (call.kind === "score") found.scored.push(codeTexts(call, answer));
    else found.chosen.push(codeChoice(call, answer));
  }
  return found;
}

function codeGame(call: GameCall, answer: Answer | CallFailure): GameChoice {
  const { game, frame } = call.item;
  return { game, frame, ...letterIn(answer, call.order) };
}

function codeChoice({ item, order }: LadderChoiceCall, answer: Answer | CallFailure): LadderChoice {
  return {
    ...placeOf(item),
    ...letterIn(
      answer,
      order.map(({ option }) => option),
    ),
  };
}

function codeTexts({ item, order }: LadderScoreCall, answer: Answer | CallFailure): LadderScore {
  const values = answer.kind === "score" ? answer.logProbabilities : [];
  const texts = item.options.map((): (number | null)[] => []);
  order.forEach(({ option, wording }, place) => {
    const value = values[place] ?? null;
    (texts[option] as (number | null)[])[wording] = value !== null && Number.isFinite(value) ? value : null;
  });
  return { ...placeOf(item), texts };
}

function placeOf({ exchange, party, role, row }: LadderPlace): LadderPlace {
  return { exchange, party, role, row };
}

/** From the letters' probabilities, else of the one letter that was said (A7). */
function letterIn(answer: Answer | CallFailure, order: readonly number[]): Lettered {
  const among = STRESS_LETTERS.slice(0, order.length);
  const told = answer.kind === "chat" ? codeLetters(answer, among) : { silence: "failure" as const };
  if ("silence" in told) return { order, probability: null, silence: told.silence };
  return { order, probability: told.probability };
}
