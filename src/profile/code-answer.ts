import { LABELS, type Label } from "../model/label.ts";
import type { Answer, ChatAnswer } from "../model/language-model.ts";
import type { CallFailure } from "../model/run.ts";
import type { ChoiceCall, PlannedCall, ScoreCall, SelfCall } from "./design.ts";
import type { ChoiceMeasurement, ScoreMeasurement, SelfMeasurement, Silence } from "./measurement.ts";
import { LETTERS } from "./prompt.ts";

/** The measurement in an answer to a score call; a failure leaves every reply missing. */
export function codeScore(call: ScoreCall, answer: Answer | CallFailure): ScoreMeasurement {
  const values = answer.kind === "score" ? answer.logProbabilities : [];
  const logProbabilities = Object.fromEntries(LABELS.map((label) => [label, [null, null, null]])) as unknown as Record<
    Label,
    (number | null)[]
  >;
  call.request.item.replies.forEach(({ label, wording }, index) => {
    const value = values[index];
    logProbabilities[label][wording] = value !== undefined && Number.isFinite(value) ? (value as number) : null;
  });
  return { ...placeOf(call), logProbabilities, ...(answer.kind === "score" ? {} : { silence: "failure" as const }) };
}

/** The measurement in an answer to a lettered presentation: log-probabilities of the letters first, else the letter (A7). */
export function codeChoice(call: ChoiceCall, answer: Answer | CallFailure): ChoiceMeasurement {
  const coded = answer.kind === "chat" ? codeLetters(answer) : { silence: "failure" as const };
  const own = answer.kind === "chat" && answer.ownTemperature ? { ownTemperature: true as const } : {};
  const base = { ...placeOf(call), presentation: call.presentation, order: call.order, ...own };
  return "silence" in coded ? { ...base, probability: null, silence: coded.silence } : { ...base, ...coded };
}

type Told = Pick<ChoiceMeasurement, "told"> & { readonly probability: readonly number[] };

/** Probability of each of the letters, in their order: from log-probabilities, else of the one letter that was said. */
export function codeLetters(answer: ChatAnswer, among: readonly string[] = LETTERS): Told | { silence: Silence } {
  const refused = answer.stop === "refusal" || answer.stop === "filtered";
  const place = refused ? null : parseLetter(answer.text, among);
  const silence = silenceOf(answer);
  // Letters among the candidates of an answer that is a refusal are what was not said.
  const fromLetters =
    place === null && silence === "refusal" ? null : lettersToProbability(answer.letterLogProbabilities, among);
  if (fromLetters) return { probability: fromLetters, told: "letters" };
  if (place === null) return { silence };
  return { probability: among.map((_, index) => (index === place ? 1 : 0)), told: "text" };
}

function lettersToProbability(
  letters: ChatAnswer["letterLogProbabilities"],
  among: readonly string[],
): number[] | null {
  if (!letters) return null;
  const logs = among.map((letter) => letters[letter] ?? Number.NEGATIVE_INFINITY);
  const top = Math.max(...logs);
  if (!Number.isFinite(top)) return null;
  const weights = logs.map((log) => Math.exp(log - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Math.log(total) + top < LEAST_LETTERS ? null : weights.map((weight) => weight / total);
}

/** Nats: letters that take less than a hundredth together are no answer by letter; the text then tells what it is. */
const LEAST_LETTERS = Math.log(0.01);

/** Place of the letter that an answer states, or null: one of them, alone but for marks such as "(B)." or "Answer: B". */
export function parseLetter(text: string, among: readonly string[] = LETTERS): number | null {
  const range = `${among[0]}-${among.at(-1)}`;
  const alone = new RegExp(
    `^\\s*(?:(?:the\\s+)?(?:answer|option|choice)\\s*(?:is|:)?\\s*)?[("'*[]*([${range}])[)"'*\\].:]*\\s*$`,
    "i",
  );
  const head = text.slice(0, 200);
  const found = alone.exec(head) ?? new RegExp(`^\\s*\\(?([${range}])[).:]\\s`).exec(head);
  return found?.[1] ? among.indexOf(found[1].toUpperCase()) : null;
}

/** The rating in an answer to a self-report statement: one digit from 1 to 7, alone but for marks. */
export function codeSelf({ self, index }: SelfCall, answer: Answer | CallFailure): SelfMeasurement {
  const base = { mode: self.mode, item: index };
  if (answer.kind !== "chat") return { ...base, rating: null, silence: "failure" };
  const digit = /^\D{0,20}([1-7])(?:\s*(?:\/|out of)\s*7)?\W*$/i.exec(answer.text.slice(0, 200))?.[1];
  if (digit) return { ...base, rating: Number(digit) };
  return { ...base, rating: null, silence: silenceOf(answer) };
}

/** Why an answer that could not be coded gives nothing. */
export function silenceOf(answer: ChatAnswer): Silence {
  if (answer.stop === "refusal" || answer.stop === "filtered") return "refusal";
  if (answer.text.trim() === "") return "empty";
  return looksLikeRefusal(answer.text) ? "refusal" : "unparsable";
}

const REFUSAL = /\b(i (cannot|can't|can not|won't|will not|am unable to|'m unable to|am not able to)|as an ai)\b/i;

/** Whether a text that states no answer declines to give one; used for counting apart only, never for a measurement. */
export function looksLikeRefusal(text: string): boolean {
  return REFUSAL.test(text.slice(0, 2000).replaceAll("’", "'"));
}

function placeOf(call: PlannedCall) {
  const { situation, domain, rank, arm, row } = call.request.item;
  const variant = call.variant ? { variant: { variation: call.variant.variation, level: call.variant.level } } : {};
  return {
    situation,
    domain,
    rank,
    arm: arm as ScoreMeasurement["arm"],
    row: row as ScoreMeasurement["row"],
    ...variant,
  };
}
