import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type AnswersKey, answersKeySchema } from "../model/answers-key.ts";
import { DashpotError } from "../model/error.ts";
import { type AnswerRow, type PersonAnswer, readAnswers } from "../profile/people/question-sheet.ts";
import { filledRows, otherSheet, sheetKeyMissing, sheetMalformed } from "./filled-rows.ts";
import { OUTCOMES, type Outcome } from "./people-outcomes.ts";
import { replaceFiles } from "./report-files.ts";
import { JOURNAL_FILE } from "./run-directory.ts";
import { countMalformed, type MalformedRecords } from "./transcripts/malformed-records.ts";

const COLUMNS = ["sheet", "id", "answer"] as const;

export interface AnswersRequest {
  readonly files: readonly string[];
  /** Where the key is, if not beside the first file. */
  readonly key?: string;
  readonly lenient: boolean;
  readonly directory: string;
}

export interface Answered {
  readonly key: AnswersKey;
  readonly malformed: MalformedRecords;
  /** Sheets that were handed out. */
  readonly handedOut: number;
  readonly outcome: Outcome;
  readonly outputs: readonly { readonly name: string; readonly path: string }[];
}

/**
 * Reads filled sheets of people and writes what they come to into a folder (K16 to K19): a profile, a stress report, or
 * doses. Errors: `sheet-key-missing`, `sheet-key-malformed`, `sheet-other`, `sheet-twice`, `sheet-malformed` unless lenient, `answers-none` (exit
 * 4), `bank-changed`, `suite-changed`, `directory-not-empty`, `column-missing`, those of reading and writing.
 */
export async function writeAnswers(request: AnswersRequest): Promise<Answered> {
  const { files, lenient, directory } = request;
  if (existsSync(join(directory, JOURNAL_FILE)))
    throw new DashpotError(
      "directory-not-empty",
      `expected a folder without a model's run, received one, at ${directory}`,
      "name another --out",
    );
  const path = request.key ?? join(dirname(files[0] as string), "key.json");
  const key = readAnswersKey(path);
  const make = await OUTCOMES[key.kind](instrumentOf(key, path));
  const optionsOf = (about: string) => make.optionsOf(about) ?? refuseKey(about, path);
  const { answers, malformed } = await gatherAnswers({ files, key, lenient }, optionsOf);
  if (!answers.some(({ answer }) => typeof answer === "number")) throw noAnswers(files);
  const outcome = await make.of(answers);
  const outputs = await outcome.write(directory);
  const raw = await replaceFiles(directory, [{ name: "answers.csv", content: outcome.table }]);
  return { key, malformed, handedOut: Object.keys(key.sheets).length, outcome, outputs: [...outputs, ...raw] };
}

/** Everything that filled sheets say, in an order of its own. Errors: those of `writeAnswers` that come of reading. */
export async function gatherAnswers(
  { files, key, lenient }: Pick<AnswersRequest, "files" | "lenient"> & { readonly key: AnswersKey },
  optionsOf: (about: string) => number,
): Promise<{ readonly answers: PersonAnswer[]; readonly malformed: MalformedRecords }> {
  const malformed: MalformedRecords = { n: 0, first: [] };
  const answers: PersonAnswer[] = [];
  const taken = new Map<string, string>();
  for (const file of files)
    for (const [name, rows] of await rowsBySheet(file, key, lenient, malformed)) {
      refuseTwice(name, file, taken);
      const { person, questions } = key.sheets[name] as AnswersKey["sheets"][string];
      Object.values(questions).forEach(optionsOf);
      const read = readAnswers(rows, { person, key: new Map(Object.entries(questions)) }, optionsOf);
      for (const { line, what } of read.faults) skipOrThrow(what, `${file}:${line}`, lenient, malformed);
      answers.push(...read.answers);
    }
  return { malformed, answers: answers.sort(byPerson) };
}

function refuseKey(about: string, path: string): never {
  throw new DashpotError(
    "sheet-key-malformed",
    `expected a key of questions that its instrument asks, received ${JSON.stringify(about.slice(0, 80))}, at ${path}`,
    "restore the key.json that was written with the pages",
  );
}

/** The order in which files are named changes nothing. */
function byPerson(one: PersonAnswer, other: PersonAnswer): number {
  return one.person < other.person ? -1 : one.person > other.person ? 1 : 0;
}

/** Error: `sheet-key-missing`. */
export function readAnswersKey(path: string): AnswersKey {
  try {
    return answersKeySchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw sheetKeyMissing(path, cause);
  }
}

/** The instrument of a key lies where it lay when the sheets were made, or beside the key. */
function instrumentOf(key: AnswersKey, path: string): AnswersKey {
  const { instrument } = key;
  if (instrument.path === null || existsSync(instrument.path)) return key;
  return { ...key, instrument: { ...instrument, path: resolve(dirname(path), instrument.path) } };
}

async function rowsBySheet(
  file: string,
  key: AnswersKey,
  lenient: boolean,
  malformed: MalformedRecords,
): Promise<Map<string, AnswerRow[]>> {
  const sheets = new Map<string, AnswerRow[]>();
  for await (const { at, line } of filledRows(file, COLUMNS, ["answer"])) {
    const name = at("sheet").toLowerCase();
    if (!Object.hasOwn(key.sheets, name)) {
      if (!lenient) throw otherSheet(at("sheet"), "sheets of this key", `${file}:${line}`);
      countMalformed(malformed, `a row of the sheet ${JSON.stringify(at("sheet").slice(0, 40))}`, `${file}:${line}`);
      continue;
    }
    const rows = sheets.get(name) ?? [];
    rows.push({ id: at("id").toLowerCase(), answer: at("answer"), line });
    sheets.set(name, rows);
  }
  return sheets;
}

/** Two files of one page are one person's twice, or two people's who were given the same page: nobody can tell. */
function refuseTwice(name: string, file: string, taken: Map<string, string>): void {
  const before = taken.get(name);
  if (before !== undefined)
    throw new DashpotError(
      "sheet-twice",
      `expected each sheet once, received ${name} in ${before} and again, in ${file}`,
      "hand in one file a person, and give every person a page of their own",
    );
  taken.set(name, file);
}

function skipOrThrow(what: string, where: string, lenient: boolean, malformed: MalformedRecords): void {
  if (!lenient) throw sheetMalformed(what, where);
  countMalformed(malformed, what, where);
}

function noAnswers(files: readonly string[]): DashpotError {
  const received = files.length === 1 ? "a sheet" : `${files.length} sheets`;
  return new DashpotError(
    "answers-none",
    `expected answers, received ${received} without any`,
    "read them again when somebody has answered",
    { exit: 4 },
  );
}
