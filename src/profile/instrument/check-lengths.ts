import { repliesOf } from "./bank-texts.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, situationFault } from "./fault.ts";
import { wordsOf } from "./words.ts";

/** How far a reply's number of words may lie from its situation's mean, as a share of that mean (I5). */
export const LENGTH_TOLERANCE = 0.25;

/** Replies whose length in words is out of tolerance (I5). */
export function checkLengths({ situations, language }: CheckedBank): Fault[] {
  return situations.flatMap(({ line, value }) => {
    const lengths = repliesOf(value).map(({ field, text }) => ({ field, words: wordsOf(text, language).length }));
    const mean = lengths.reduce((sum, { words }) => sum + words, 0) / lengths.length;
    const outside = lengths.filter(({ words }) => Math.abs(words - mean) > LENGTH_TOLERANCE * mean);
    return outside.map(({ field, words }) => {
      const message = `expected ${(mean * 0.75).toFixed(1)} to ${(mean * 1.25).toFixed(1)} words, within 25 % of the situation's mean, received ${words}`;
      return situationFault(
        line,
        field,
        "bank-length",
        message,
        words > mean ? "shorten the reply" : "lengthen the reply",
      );
    });
  });
}
