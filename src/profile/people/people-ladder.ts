import type { StressReport } from "../../model/stress-report.ts";
import type { TextCoder } from "../code/rule-coder.ts";
import { codeStressAnswer } from "../stress/code-stress.ts";
import { estimateStress, type StressSource } from "../stress/estimate-stress.ts";
import type { Family } from "../stress/family.ts";
import { ladderCalls } from "./ladder-questions.ts";
import { asChat } from "./people-profile.ts";
import { NO_ANSWER, type PersonAnswer } from "./question-sheet.ts";

/**
 * A stress report of people who chose among the eleven replies (K18), by the estimates of `choice`. Everybody answers for
 * one family on one surface and side, so that intervals over families hold what people do, and the rate of a level
 * has one answer of each. Answers to what the plan does not ask throw RangeError.
 */
export function stressOfPeople(
  answers: readonly PersonAnswer[],
  source: StressSource,
  { families, letters }: { readonly families: readonly Family[]; readonly letters: readonly string[] },
): StressReport {
  const given = Map.groupBy(answers, ({ about }) => about);
  const calls = ladderCalls(source.plan, source.rows, families);
  const known = new Set(calls.map(({ key }) => key));
  const unknown = answers.find(({ about }) => !known.has(about));
  if (unknown) throw new RangeError(`expected a call of the plan, received ${unknown.about}`);
  const answered = calls.flatMap((call) =>
    (given.get(call.key) ?? []).map(({ answer }) => codeStressAnswer(call, asChat(answer, letters), UNASKED)),
  );
  const asked = new Set(answered.map(({ row }) => row));
  const rows = source.rows.filter((row) => asked.has(row));
  const report = estimateStress({ scored: [], answered, episodes: [], checks: [] }, { ...source, rows });
  const told = answers.filter(({ answer }) => typeof answer === "number");
  return {
    ...report,
    people: {
      sheets: new Set(answers.map(({ person }) => person)).size,
      people: new Set(told.map(({ person }) => person)).size,
      asked: answers.length,
      answers: told.length,
      preferredNot: answers.filter(({ answer }) => answer === NO_ANSWER).length,
    },
  };
}

/** Letters need no coder of texts. */
const UNASKED: TextCoder = () => {
  throw new RangeError("expected an answer by letter, received a text to code");
};
