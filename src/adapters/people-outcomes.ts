import type { AnswersKey, QuestionKind } from "../model/answers-key.ts";
import type { Profile } from "../model/profile.ts";
import type { StressReport } from "../model/stress-report.ts";
import { csvLine } from "../profile/code/csv-line.ts";
import { peopleCalls } from "../profile/people/bank-questions.ts";
import { DOSE_QUESTIONS, parsePair } from "../profile/people/dose-questions.ts";
import { ladderCalls } from "../profile/people/ladder-questions.ts";
import { type DosesOfPeople, dosesOfPeople } from "../profile/people/people-doses.ts";
import { stressOfPeople } from "../profile/people/people-ladder.ts";
import { profileOfPeople } from "../profile/people/people-profile.ts";
import { ANSWER_LETTERS, type PersonAnswer } from "../profile/people/question-sheet.ts";
import { LETTERS } from "../profile/prompt.ts";
import { STRESS_LETTERS } from "../profile/stress/stress-calls.ts";
import { refuseChanged } from "./model-run.ts";
import { bankPlan, ladderPlan, PEOPLE, type PeoplePlan } from "./people-plan.ts";
import { type ReportFile, replaceFiles, writeReportFiles } from "./report-files.ts";
import { ourStressPath, readStressSuite } from "./stress-files.ts";
import { writeStressOutputs } from "./stress-outputs.ts";

type Found =
  | { readonly kind: "bank"; readonly profile: Profile }
  | { readonly kind: "ladder"; readonly stress: StressReport }
  | { readonly kind: "doses"; readonly doses: DosesOfPeople };

/** What people's answers come to, and how it is written. */
export interface Outcome {
  readonly found: Found;
  /** Every question and its answer, as `dashpot agree` reads it. */
  readonly table: string;
  readonly write: (directory: string) => Promise<{ readonly name: string; readonly path: string }[]>;
}

interface Making {
  /** How many answers a question has; null for what the instrument does not ask. */
  readonly optionsOf: (about: string) => number | null;
  readonly of: (answers: readonly PersonAnswer[]) => Outcome | Promise<Outcome>;
}

const NOTHING_SPENT = { calls: 0, promptTokens: 0, completionTokens: 0, cost: null } as const;

/** Ready to read answers of each kind; nothing is read of an instrument that has changed since. */
export const OUTCOMES: Readonly<Record<QuestionKind, (key: AnswersKey) => Promise<Making> | Making>> = {
  bank: ofBank,
  ladder: ofLadder,
  doses: ofDoses,
};

function planOf({ dashpot, seed, set, samples, factors, instrument: { path } }: AnswersKey): PeoplePlan {
  return { dashpot, seed, set, samples, factors, path };
}

async function ofBank(key: AnswersKey): Promise<Making> {
  const { bank, run } = await bankPlan(planOf(key));
  refuseChanged("bank", key.instrument.hash, bank.hash, run.bank.path);
  const orders = new Map(peopleCalls(bank, run).map((call) => [call.key, call.order]));
  return {
    optionsOf: (about) => (orders.has(about) ? LETTERS.length : null),
    of: (answers) => {
      const source = { bank, plan: run, model: PEOPLE, totals: NOTHING_SPENT, reference: null };
      const profile = profileOfPeople(answers, { ...source, normalisation: run.normalisation }, LETTERS);
      return {
        found: { kind: "bank", profile },
        table: answerTable(answers, (about, place) => orders.get(about)?.[place]?.label ?? ""),
        write: (directory) => writeReportFiles({ profile, directory, key: null }),
      };
    },
  };
}

function ofLadder(key: AnswersKey): Making {
  const { suite, run, rows, families } = ladderPlan(planOf(key));
  refuseChanged("suite", key.instrument.hash, suite.hash, run.suite.path);
  const orders = new Map(ladderCalls(run, rows, families).map((call) => [call.key, call.order]));
  return {
    optionsOf: (about) => (orders.has(about) ? STRESS_LETTERS.length : null),
    of: (answers) => {
      // No cut-offs of smooth or jump were simulated for answers of several people a family.
      const scales = { doses: suite.doses, cutoffs: [], regressionFamilies: [] };
      const source = { plan: run, rows, aliases: [], model: PEOPLE, totals: NOTHING_SPENT, ...scales };
      const stress = stressOfPeople(answers, source, { families, letters: STRESS_LETTERS });
      return {
        found: { kind: "ladder", stress },
        table: answerTable(answers, (about, place) => String(orders.get(about)?.[place]?.rung ?? "")),
        write: (directory) => writeStressOutputs(stress, run.design.table, directory),
      };
    },
  };
}

function ofDoses(key: AnswersKey): Making {
  const path = key.instrument.path ?? ourStressPath();
  const { families, hash } = readStressSuite(path);
  refuseChanged("suite", key.instrument.hash, hash, path);
  const known = new Set(families.map(({ id }) => id));
  return {
    optionsOf: (about) => {
      const pair = parsePair(about);
      return pair && known.has(pair.a.family) && known.has(pair.b.family) ? 2 : null;
    },
    of: (answers) => {
      const doses = dosesOfPeople(answers);
      return {
        found: { kind: "doses", doses },
        table: answerTable(answers, (_, place) => (place === 0 ? "a" : "b")),
        write: (directory) => replaceFiles(directory, doseFiles(doses)),
      };
    },
  };
}

/** What a suite holds in its folder `doses`, said to be people's. */
function doseFiles({ comparisons, doses, people }: DosesOfPeople): ReportFile[] {
  const judges = [...new Set(comparisons.map(({ judge }) => judge))];
  const head = [
    `# Who compared the levels: people, ${people.people} of them, with ${people.answers} judgements. Each pair was shown as two sentences in`,
    "# random order, without family, side or level. An interval holds the error between people where that is wider.",
    ...judges.map((judge) => `${judge}: { person: true }`),
    "questions:",
    ...Object.entries(DOSE_QUESTIONS).map(([factor, question]) => `  ${factor}: ${JSON.stringify(question)}`),
  ];
  return [
    { name: "comparisons.jsonl", content: comparisons.map((one) => `${JSON.stringify(one)}\n`).join("") },
    { name: "doses.json", content: `[\n${doses.map((dose) => `  ${JSON.stringify(dose)}`).join(",\n")}\n]\n` },
    { name: "judges.yaml", content: `${head.join("\n")}\n` },
  ];
}

/** Without the how-manieth time a row or scenario was asked, so that people who were asked the same can be compared. */
function unitOf(about: string): string {
  return /^(choice|stress)\//.test(about) ? about.replace(/\/\d+$/, "") : about;
}

/** Long form: what a question is about, who answered, what; and the letter. A value is empty where there is none. */
function answerTable(answers: readonly PersonAnswer[], meaningOf: (about: string, place: number) => string): string {
  const rows = answers.map(({ person, about, answer }) => {
    const value = typeof answer === "number" ? meaningOf(about, answer) : "";
    return csvLine([
      unitOf(about),
      person,
      value,
      typeof answer === "number" ? (ANSWER_LETTERS[answer] ?? "") : (answer ?? ""),
    ]);
  });
  return csvLine(["unit", "coder", "value", "letter"]) + rows.join("");
}
