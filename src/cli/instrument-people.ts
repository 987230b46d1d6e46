import { type Answered, writeAnswers } from "../adapters/people-answers.ts";
import { type AskRequest, writeQuestions } from "../adapters/question-sheets.ts";
import { MOST_PEOPLE, QUESTION_KINDS, type QuestionKind } from "../model/answers-key.ts";
import { DashpotError } from "../model/error.ts";
import { SETS } from "../model/run.ts";
import { FACTORS } from "../model/stress.ts";
import { renderStressSummary } from "../profile/report/stress/stress-summary.ts";
import { renderSummary } from "../profile/report/terminal-summary.ts";
import { counted } from "./number-text.ts";
import { oneOf, type Terminal, wholeNumber } from "./terminal.ts";

export interface AskOptions {
  seed?: string;
  out?: string;
  set?: string;
  people?: string;
  questions?: string;
  bank?: string;
  suite?: string;
  factors?: string;
}

/** Which options each kind of question takes beside those of all. */
const OWN: Readonly<Record<QuestionKind, readonly (keyof AskOptions)[]>> = {
  bank: ["set", "questions", "bank"],
  ladder: ["set", "suite", "factors"],
  doses: ["questions", "suite"],
};

const WHAT: Readonly<Record<QuestionKind, string>> = {
  bank: "rows of situations to share out",
  ladder: "families, each on a surface and side, to share out",
  doses: "levels to share out",
};

/** `dashpot instrument ask bank|ladder|doses --out DIR` (K14). */
export async function ask(terminal: Terminal, [wanted]: readonly string[], options: AskOptions): Promise<number> {
  const kind = oneOf("instrument ask", QUESTION_KINDS)(wanted ?? "");
  const request = requestOf(kind, options);
  const asked = await writeQuestions(request);
  const { directory } = request;
  const pages = asked.files.filter((name) => name.endsWith(".html"));
  const told = [
    `${counted(asked.people, "page")} of ${counted(asked.questions, "question")} in ${directory}; ${asked.cells} ${WHAT[kind]}`,
    `  ${pages[0]}${pages.length > 1 ? ` … ${pages.at(-1)}` : ""}   one for each person, to answer in a browser, offline; saves as CSV`,
    "  key.json   which question is which: not for those who answer",
    `Then: dashpot instrument answers FILE… --key ${directory}/key.json --out DIR`,
  ];
  terminal.answer(told.join("\n"), { kind, directory, ...asked });
  return 0;
}

function requestOf(kind: QuestionKind, options: AskOptions): AskRequest {
  const all = ["set", "questions", "bank", "suite", "factors"] as const;
  const unused = all.find((name) => options[name] !== undefined && !OWN[kind].includes(name));
  if (unused !== undefined)
    throw new DashpotError(
      "wrong-use",
      `expected instrument ask ${kind} without --${unused}, received it`,
      `leave --${unused} out`,
    );
  const { seed, set, people, questions, factors } = options;
  const path = options.bank ?? options.suite;
  return {
    ...{ kind, directory: folderOf(options.out, `instrument ask ${kind}`) },
    ...(seed === undefined ? {} : { seed: wholeNumber("--seed", 0)(seed) }),
    ...(set === undefined ? {} : { set: oneOf("--set", SETS)(set) }),
    ...(people === undefined ? {} : { people: atMost("--people", MOST_PEOPLE)(people) }),
    ...(questions === undefined ? {} : { each: wholeNumber("--questions", 1)(questions) }),
    ...(path === undefined ? {} : { path }),
    ...(factors === undefined
      ? {}
      : { factors: [...new Set(factors.split(",").map((one) => oneOf("--factors", FACTORS)(one.trim())))] }),
  };
}

function atMost(option: string, most: number): (text: string) => number {
  return (text) => {
    const value = wholeNumber(option, 1)(text);
    if (value <= most) return value;
    throw new DashpotError(
      "option-invalid",
      `expected a whole number from 1 to ${most}, received ${value}, for ${option}`,
      `give ${option} such a number; ask more people in several folders, each with another --seed`,
    );
  };
}

export interface AnswersOptions {
  out?: string;
  key?: string;
  lenient?: boolean;
}

/** `dashpot instrument answers FILE… --key KEY --out DIR` (K16 to K19). */
export async function answers(terminal: Terminal, files: readonly string[], options: AnswersOptions): Promise<number> {
  if (files.length === 0)
    throw new DashpotError(
      "wrong-use",
      "expected filled sheets, received none",
      "write dashpot instrument answers FILE… --key DIR/key.json --out DIR",
    );
  const directory = folderOf(options.out, "instrument answers");
  const read = await writeAnswers({
    ...{ files, directory, lenient: options.lenient ?? false },
    ...(options.key === undefined ? {} : { key: options.key }),
  });
  const { outcome, outputs, malformed, handedOut } = read;
  const paths = outputs.map(({ name, path }) => `${name.padEnd(18)}${path}`);
  const skipped = malformed.n === 0 ? [] : [`skipped: ${counted(malformed.n, "row")}, the first ${malformed.first[0]}`];
  const told = [...foundText(read, terminal), ...skipped, ...paths];
  const { kind: _, ...found } = outcome.found;
  terminal.answer(told.join("\n"), { kind: read.key.kind, directory, handedOut, malformed, outputs, ...found });
  return outcome.found.kind === "doses" && isUndecided(outcome.found.doses) ? 4 : 0;
}

function isUndecided({
  doses,
  undecided,
}: {
  readonly doses: readonly object[];
  readonly undecided: readonly string[];
}) {
  return doses.length === 0 || undecided.length > 0;
}

function foundText({ outcome: { found }, handedOut }: Answered, terminal: Terminal): string[] {
  if (found.kind === "bank")
    return [renderSummary(found.profile, terminal), peopleText(found.profile.people as Counts, handedOut)];
  if (found.kind === "ladder")
    return [renderStressSummary(found.stress, terminal), peopleText(found.stress.people as Counts, handedOut)];
  const { doses, undecided, people } = found.doses;
  const factors = [...Map.groupBy(doses, ({ factor }) => factor)].map(([factor, own]) => `${factor} ${own.length}`);
  return [
    `doses of levels, by people's judgements: ${factors.join(", ") || "none"}`,
    ...(undecided.length === 0
      ? []
      : [`cannot tell for ${undecided.join(", ")}: level 7 was not found to be more than level 0`]),
    peopleText(people, handedOut),
  ];
}

interface Counts {
  readonly sheets: number;
  readonly people: number;
  readonly asked: number;
  readonly answers: number;
  readonly preferredNot: number;
}

function peopleText({ sheets, people, asked, answers: given, preferredNot }: Counts, handedOut: number): string {
  const unanswered = asked - given - preferredNot;
  return `People: ${people}, of ${handedOut} pages ${sheets} handed in; ${given} answers to ${asked} questions, ${preferredNot} preferred not to answer, ${unanswered} left empty`;
}

function folderOf(out: string | undefined, what: string): string {
  if (out !== undefined) return out;
  throw new DashpotError("option-invalid", `expected a folder for ${what}, received none`, "name one with --out DIR");
}
