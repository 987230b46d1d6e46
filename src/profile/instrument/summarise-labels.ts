import { LABELS, type Label } from "../../model/label.ts";
import { repliesOf } from "./bank-texts.ts";
import { summarisePoliteness } from "./check-politeness.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { knowsPoliteness } from "./politeness-lexicon.ts";
import { wordsOf } from "./words.ts";

/** What the replies of a label are like over the bank (I10). */
export interface LabelSummary {
  readonly label: Label;
  readonly replies: number;
  /** Mean number of words. */
  readonly words: number;
  /** Mean of polite minus rude markers a reply; null in a language without a lexicon here. */
  readonly politeness: number | null;
}

/** By label, over all situations that could be read; none without a situation. */
export function summariseLabels(bank: CheckedBank): LabelSummary[] {
  if (bank.situations.length === 0) return [];
  const replies = bank.situations.flatMap(({ value }) => repliesOf(value));
  const { means } = summarisePoliteness(bank);
  return LABELS.map((label) => {
    const texts = replies.filter((reply) => reply.label === label).map(({ text }) => text);
    const words = texts.reduce((sum, text) => sum + wordsOf(text, bank.language).length, 0);
    return {
      label,
      replies: texts.length,
      words: words / texts.length,
      politeness: knowsPoliteness(bank.language) ? means[label] : null,
    };
  });
}
