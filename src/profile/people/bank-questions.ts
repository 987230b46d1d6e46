import type { RandomStream } from "../../kernel/random.ts";
import type { Bank, Situation } from "../../model/bank.ts";
import type { Mode, Row } from "../../model/label.ts";
import type { ItemReference } from "../../model/language-model.ts";
import { callKey, type RunPlan } from "../../model/run.ts";
import { type ChoiceCall, designCalls } from "../design.ts";
import { scorePrompt } from "../prompt.ts";
import { assignQuestions } from "./assign-questions.ts";
import { makeQuestionSheet, type PlannedQuestion, type QuestionSheet } from "./question-sheet.ts";

/** Every call that people may be asked: those of `choice` but for the validation arm, which speaks of the instrument. */
export function peopleCalls(bank: Bank, plan: RunPlan): ChoiceCall[] {
  const calls = designCalls(bank, plan) as readonly ChoiceCall[];
  return calls.filter(({ request: { item } }) => item.arm !== "validation");
}

/**
 * One sheet a person: situations under one sentence each, with six lettered replies as `choice` shows them (K14), and how
 * many presentations a row needs for it. Errors: those of `assignQuestions`.
 */
export function bankSheets(
  bank: Bank,
  plan: RunPlan,
  { people, each }: { readonly people: readonly string[]; readonly each: number },
  stream: RandomStream,
): { readonly sheets: QuestionSheet[]; readonly samples: number } {
  const items = peopleCalls(bank, { ...plan, samples: 1 }).map(({ request }) => request.item);
  const cells = items.map(({ situation, arm, row }) => ({ story: situation, row: `${arm}/${row}` }));
  const assigned = assignQuestions(cells, { people: people.length, each }, stream);
  const samples = 1 + Math.max(...assigned.flat().map(({ time }) => time));
  const questionOf = questionsOf(bank, { ...plan, samples });
  const sheets = assigned.map((own, at) =>
    makeQuestionSheet(
      people[at] as string,
      own.map(({ cell, time }) => questionOf(items[cell] as ItemReference, time)),
    ),
  );
  return { sheets, samples };
}

/** How many questions there are to share out: rows, decoys included, over all situations of the set. */
export function countBankCells(bank: Bank, plan: RunPlan): number {
  return peopleCalls(bank, { ...plan, samples: 1 }).length;
}

function questionsOf(bank: Bank, plan: RunPlan): (item: ItemReference, time: number) => PlannedQuestion {
  const calls = new Map(peopleCalls(bank, plan).map((call) => [call.key, call]));
  const situations = new Map(bank.situations.map((one) => [one.id, one]));
  return ({ situation: id, arm, row }, time) => {
    const situation = situations.get(id) as Situation;
    const { key, order } = calls.get(callKey("choice", id, arm, row, time)) as ChoiceCall;
    const sentence = arm === "decoy" ? situation.decoys?.[row as Mode] : situation.cues[row as Row];
    return {
      about: key,
      // As a model reads it, up to the lettered replies.
      text: scorePrompt(situation, sentence as string)[0]?.content ?? "",
      options: order.map(({ label, wording }) => situation.replies[label][wording] as string),
    };
  };
}
