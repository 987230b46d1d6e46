import { randomStream } from "../kernel/random.ts";
import type { AnswersKey, QuestionKind } from "../model/answers-key.ts";
import { DashpotError } from "../model/error.ts";
import type { SetName } from "../model/run.ts";
import { type Factor, GRADED } from "../model/stress.ts";
import { bankSheets, countBankCells } from "../profile/people/bank-questions.ts";
import { countLevels, doseSheets } from "../profile/people/dose-questions.ts";
import { countLines, ladderSheets } from "../profile/people/ladder-questions.ts";
import { questionPage } from "../profile/people/question-page.ts";
import type { QuestionSheet } from "../profile/people/question-sheet.ts";
import { writeSheetFiles } from "./filled-rows.ts";
import { bankPlan, ladderPlan, type PeoplePlan } from "./people-plan.ts";
import { ourStressPath, readStressSuite } from "./stress-files.ts";
import { version } from "./version.ts";

const DEFAULTS = { people: 12, each: { bank: 36, doses: 40 } } as const;

export interface AskRequest {
  readonly kind: QuestionKind;
  readonly directory: string;
  readonly set?: SetName;
  readonly seed?: number;
  /** 1 to `MOST_PEOPLE`. */
  readonly people?: number;
  /** Of the bank and the doses; a person's ladder is one family. */
  readonly each?: number;
  /** Of a bank or stress suite other than ours. */
  readonly path?: string;
  /** Of the ladder. */
  readonly factors?: readonly Factor[];
}

export interface Asked {
  readonly people: number;
  /** Of each person. */
  readonly questions: number;
  /** What there is to ask in all: rows of situations, families on a surface and side, levels. */
  readonly cells: number;
  readonly files: readonly string[];
}

interface Made {
  readonly sheets: readonly QuestionSheet[];
  readonly samples: number;
  readonly cells: number;
  readonly instrument: AnswersKey["instrument"];
}

/**
 * Writes one page for each person, and apart `key.json`, which tells what each question is about (K14). The same request
 * gives the same bytes. Errors: `questions-too-many`, `sheet-exists`, `directory-unwritable`, those of reading.
 */
export async function writeQuestions(request: AskRequest): Promise<Asked> {
  const { kind, people: many = DEFAULTS.people, seed = 0, set = "quick", factors = GRADED, path = null } = request;
  const width = String(many).length;
  const people = Array.from({ length: many }, (_, at) => `person-${String(at + 1).padStart(width, "0")}`);
  const plan: PeoplePlan = { dashpot: version(), seed, set, samples: 1, factors: [...factors], path };
  const { sheets, samples, cells, instrument } = await MAKERS[kind](plan, people, request.each);
  const key: AnswersKey = {
    schema: "dashpot/answers-key@1",
    ...{ dashpot: plan.dashpot, kind, seed, set, samples, factors: kind === "ladder" ? [...factors] : [], instrument },
    sheets: Object.fromEntries(
      sheets.map(({ name, person, key: of }) => [name, { person, questions: Object.fromEntries(of) }]),
    ),
  };
  const pages = sheets.map((sheet) => [`${sheet.person}.html`, questionPage(sheet, kind)] as const);
  const written = { ...Object.fromEntries(pages), "key.json": `${JSON.stringify(key, null, 1)}\n` };
  await writeSheetFiles(request.directory, written);
  const questions = Math.max(...sheets.map((sheet) => sheet.questions.length));
  return { people: many, questions, cells, files: Object.keys(written) };
}

type Maker = (plan: PeoplePlan, people: readonly string[], each: number | undefined) => Promise<Made> | Made;

const MAKERS: Readonly<Record<QuestionKind, Maker>> = { bank: askBank, ladder: askLadder, doses: askDoses };

async function askBank(plan: PeoplePlan, people: readonly string[], wanted: number | undefined): Promise<Made> {
  const { bank, run } = await bankPlan(plan);
  const cells = countBankCells(bank, run);
  const each = questionsOf(wanted, DEFAULTS.each.bank, cells);
  const { id, version: edition } = bank.header;
  const stream = randomStream(plan.seed, "people", "bank");
  return {
    ...bankSheets(bank, run, { people, each }, stream),
    ...{ cells, instrument: { path: plan.path, id, version: edition, hash: bank.hash } },
  };
}

function askLadder(plan: PeoplePlan, people: readonly string[]): Made {
  const { run, rows, families } = ladderPlan(plan);
  const lines = countLines(rows);
  const samples = Math.ceil(people.length / lines);
  const { id, version: edition, hash } = run.suite;
  const stream = randomStream(plan.seed, "people", "ladder");
  const sheets = ladderSheets({ ...run, samples }, rows, families, people, stream);
  return { sheets, samples, cells: lines, instrument: { path: plan.path, id, version: edition, hash } };
}

function askDoses(plan: PeoplePlan, people: readonly string[], wanted: number | undefined): Made {
  const { families, header, hash } = readStressSuite(plan.path ?? ourStressPath());
  const each = questionsOf(wanted, DEFAULTS.each.doses, countLevels(families));
  const stream = randomStream(plan.seed, "people", "doses");
  return {
    sheets: doseSheets(families, { people, each }, stream),
    ...{ samples: 1, cells: countLevels(families) },
    instrument: { path: plan.path, id: header.id, version: header.version, hash },
  };
}

function questionsOf(wanted: number | undefined, usual: number, most: number): number {
  if (wanted === undefined) return Math.min(usual, most);
  if (wanted <= most) return wanted;
  throw new DashpotError(
    "questions-too-many",
    `expected at most ${most} questions for one person, received ${wanted}`,
    "give a smaller --questions, or more --people",
  );
}
