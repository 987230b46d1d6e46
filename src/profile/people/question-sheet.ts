import { sha256Hex } from "../../kernel/canonical-json.ts";
import { shownLines, shownText } from "../../model/shown-text.ts";
import { mangled, unknownId } from "../code/human-sheet.ts";

export const ANSWER_LETTERS = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"] as const;

/** What a person gives who does not want to say. */
export const NO_ANSWER = "no-answer";

/** One question before it is put on a sheet: a text, and what can be answered, in the order shown. */
export interface PlannedQuestion {
  /** What it is about, for the key: it never stands on the sheet. */
  readonly about: string;
  readonly text: string;
  readonly options: readonly string[];
}

/** A question as a person sees it. */
export interface Question {
  /** Of letters and figures that no spreadsheet takes for a number or a date. */
  readonly id: string;
  readonly text: string;
  readonly options: readonly string[];
}

/** The questions of one person. */
export interface QuestionSheet {
  /** Tells this sheet from all others; no spreadsheet takes it for a number. */
  readonly name: string;
  readonly person: string;
  readonly questions: readonly Question[];
  /** What each question is about; kept apart from the sheet. */
  readonly key: ReadonlyMap<string, string>;
}

/** More of a text than this is no question. */
const LONGEST = 20_000;

/** A sheet of questions in the order given, without a word of what they are about (K14). */
export function makeQuestionSheet(person: string, planned: readonly PlannedQuestion[]): QuestionSheet {
  const questions = planned.map(({ text, options }, at) => ({
    id: `q${String(at + 1).padStart(4, "0")}x`,
    text: shownLines(text, LONGEST),
    options: options.map((option) => shownLines(option, LONGEST)),
  }));
  const key = new Map(questions.map(({ id }, at) => [id, (planned[at] as PlannedQuestion).about]));
  const name = `p${sha256Hex(JSON.stringify([person, questions, ...key])).slice(0, 12)}`;
  return { name, person, questions, key };
}

/** One row of a filled sheet, as it was handed in. */
export interface AnswerRow {
  readonly id: string;
  readonly answer: string;
  readonly line: number;
}

/** What one person answered to one question; null: no row, or an empty field. */
export interface PersonAnswer {
  readonly person: string;
  readonly about: string;
  /** Place of the option from 0, or that the person did not want to say. */
  readonly answer: number | typeof NO_ANSWER | null;
}

export interface ReadAnswers {
  /** One for every question of the sheet, in its order. */
  readonly answers: readonly PersonAnswer[];
  readonly faults: readonly { readonly line: number; readonly what: string }[];
}

/** Answers of one filled sheet, and what is wrong with it; empty fields and absent rows are missing (K16). */
export function readAnswers(
  rows: readonly AnswerRow[],
  { person, key }: Pick<QuestionSheet, "person" | "key">,
  optionsOf: (about: string) => number,
): ReadAnswers {
  const given = new Map<string, PersonAnswer["answer"]>();
  const seen = new Map<string, number>();
  const faults: { line: number; what: string }[] = [];
  for (const { id, answer, line } of rows) {
    const about = key.get(id);
    const before = seen.get(id);
    if (about === undefined) faults.push({ line, what: unknownId(id) });
    else if (before !== undefined) faults.push({ line, what: `${id} a second time (the first at line ${before})` });
    else {
      seen.set(id, line);
      const read = placeOf(answer, optionsOf(about));
      if (read === undefined)
        faults.push({ line, what: `${JSON.stringify(shownText(answer, 40))} as answer${mangled(answer)}` });
      else given.set(id, read);
    }
  }
  return { answers: [...key].map(([id, about]) => ({ person, about, answer: given.get(id) ?? null })), faults };
}

/** Undefined for what is no answer. */
function placeOf(value: string, options: number): PersonAnswer["answer"] | undefined {
  const word = value.trim().toLowerCase();
  if (word === "") return null;
  if (word === NO_ANSWER || word === "no answer") return NO_ANSWER;
  const letter = /^\(?([a-k])[.)]?$/.exec(word)?.[1];
  const place = letter === undefined ? -1 : ANSWER_LETTERS.findIndex((one) => one.toLowerCase() === letter);
  return place >= 0 && place < options ? place : undefined;
}
