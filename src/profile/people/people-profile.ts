import { LABELS, ROWS, type Row } from "../../model/label.ts";
import type { ChatAnswer } from "../../model/language-model.ts";
import type { Profile } from "../../model/profile.ts";
import { codeChoice } from "../code-answer.ts";
import { estimateEffects } from "../effects.ts";
import { estimateProfile, type Source } from "../estimate.ts";
import { byLabel, estimateBias, estimateMatrices, estimateResponsiveness } from "../estimate-cells.ts";
import { estimateRows } from "../estimate-rows.ts";
import type { ChoiceMeasurement } from "../measurement.ts";
import { tabulateChoice } from "../tabulate-choice.ts";
import { peopleCalls } from "./bank-questions.ts";
import { NO_ANSWER, type PersonAnswer } from "./question-sheet.ts";
import { jackknifeError, type Replicated, widened } from "./widen.ts";

/** More people than this are left out in groups, so that a thousand of them take no longer than these. */
const MOST_GROUPS = 40;

/** The answer as a model would have given it: a letter, a refusal for who prefers not to say, nothing for nothing. */
export function asChat(answer: PersonAnswer["answer"], letters: readonly string[]): ChatAnswer {
  const usage = { promptTokens: 0, completionTokens: 0 };
  const text = typeof answer === "number" ? (letters[answer] ?? "") : "";
  return { kind: "chat", text, stop: answer === NO_ANSWER ? "refusal" : "stop", usage };
}

/** One measurement of one person. */
interface PersonMeasurement {
  readonly person: string;
  readonly measured: ChoiceMeasurement;
}

/**
 * The profile of people who answered a bank by letter: the estimates of `choice`, each with an interval that holds the
 * error between people as well (K17). No p-value where its null would take answers of one person for those of several.
 * Answers to what the plan does not ask throw RangeError.
 */
export function profileOfPeople(answers: readonly PersonAnswer[], source: Source, letters: readonly string[]): Profile {
  const calls = new Map(peopleCalls(source.bank, source.plan).map((call) => [call.key, call]));
  const all = answers.map(({ person, about, answer }): PersonMeasurement => {
    const call = calls.get(about);
    if (call === undefined) throw new RangeError(`expected a call of the plan, received ${about}`);
    return { person, measured: codeChoice(call, asChat(answer, letters)) };
  });
  // In the order of the design, whoever answered: the order in which sheets are named changes nothing.
  const places = new Map([...calls.keys()].map((key, place) => [key, place]));
  const order = answers.map(({ about }) => places.get(about) as number);
  const sorted = [...all.keys()].sort((a, b) => (order[a] as number) - (order[b] as number));
  return withPeople(
    sorted.map((at) => all[at] as PersonMeasurement),
    source,
  );
}

function withPeople(all: readonly PersonMeasurement[], source: Source): Profile {
  const profile = estimateProfile(choiceOnly(all), source);
  const known = all.filter(({ measured }) => measured.probability !== null);
  const people = [...new Set(known.map(({ person }) => person))].sort();
  const groups = groupsOf(people);
  const partsOf = (some: readonly PersonMeasurement[]) => estimateParts(some, source);
  // Distances have no p-value: its null moves labels within a situation, whoever answered.
  const whole = { ...partsOf(all), effects: profile.effects };
  const parts = groups.map((group) => partsOf(all.filter(({ person }) => !group.has(person))));
  const of = <K extends keyof Parts>(key: K): Replicated<Parts[K]> => ({
    whole: whole[key],
    without: parts.length > 1 ? parts.map((one) => one[key]) : [],
  });
  const asked = (row: Row) => all.filter(({ measured: { arm, row: own } }) => arm === "bank" && own === row).length;
  const cellError = (row: Row) =>
    byLabel((label) => {
      const error = jackknifeError(of("matrices").without.map(([first]) => first?.cells[row][label].value ?? null));
      return Number.isNaN(error) ? null : error;
    });
  return {
    ...profile,
    design: { ...profile.design, remark: `${profile.design.remark} ${remarkOn(people.length)}` },
    matrices: widened(of("matrices"), [0, 1]),
    bias: { ...widened(of("bias"), source.reference ? [-1, 1] : LEAN), remark: profile.bias.remark },
    responsiveness: widened(of("responsiveness"), [-2, 2]),
    effects: widened(of("effects"), [0, 1]),
    summary: widenedRows(of("summary")),
    people: {
      sheets: new Set(all.map(({ person }) => person)).size,
      people: people.length,
      asked: all.length,
      answers: known.length,
      preferredNot: all.filter(({ measured }) => measured.silence === "refusal").length,
      askedByRow: byRow(asked),
      error: byRow(cellError),
      degreesOfFreedom: Math.max(0, groups.length - 1),
    },
  };
}

/** A share less one sixth. */
const LEAN = [-1 / LABELS.length, 1 - 1 / LABELS.length] as const;

type Parts = Pick<Profile, "matrices" | "bias" | "responsiveness" | "effects" | "summary">;

/** What of a profile has intervals, from the answers of some of the people. */
function estimateParts(some: readonly PersonMeasurement[], { reference }: Source): Parts {
  const { choice } = choiceOnly(some);
  const tables = tabulateChoice(choice);
  return {
    matrices: estimateMatrices(tables, "choice"),
    bias: estimateBias(tables, "choice", reference, ""),
    responsiveness: estimateResponsiveness(tables, "choice"),
    effects: estimateEffects(tables, "choice", { score: [], choice, temperature: 1 }, null),
    summary: estimateRows(tables, "share", reference, null),
  };
}

function choiceOnly(some: readonly PersonMeasurement[]) {
  return { score: [], choice: some.map(({ measured }) => measured), dyads: [], self: [] };
}

/** Each person, or where there are many as many groups as can be of about one size. */
function groupsOf(people: readonly string[]): ReadonlySet<string>[] {
  const groups = Math.min(people.length, MOST_GROUPS);
  return Array.from({ length: groups }, (_, group) => new Set(people.filter((_, at) => at % groups === group)));
}

function remarkOn(people: number): string {
  if (people < 2) return "One person's answers say nothing of other people: there are no intervals.";
  return `Intervals hold the error between the ${people} people beside that of the situations, and count what single answers scatter by in both.`;
}

function widenedRows({ whole, without }: Replicated<Parts["summary"]>): Parts["summary"] {
  const of = <T>(pick: (summary: Parts["summary"]) => T): Replicated<T> => ({
    whole: pick(whole),
    without: without.map(pick),
  });
  return byRow((row) => ({
    ...whole[row],
    entropyNats: widened(
      of((one) => one[row].entropyNats),
      [0, Math.log(LABELS.length)],
    ),
    effectiveModes: widened(
      of((one) => one[row].effectiveModes),
      [1, LABELS.length],
    ),
    distance: widened(
      of((one) => one[row].distance),
      [0, Math.LN2],
    ),
  }));
}

function byRow<T>(value: (row: Row) => T): Record<Row, T> {
  return Object.fromEntries(ROWS.map((row) => [row, value(row)])) as Record<Row, T>;
}
