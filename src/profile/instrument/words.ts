import { foldWord } from "./fold-word.ts";
import { FUNCTION_WORDS } from "./function-words.ts";

const segmenters = new Map<string, Intl.Segmenter>();

/** The words of a text as `Intl.Segmenter` finds them for a language; a hyphenated word is its parts. */
export function wordsOf(text: string, language: string): string[] {
  let segmenter = segmenters.get(language);
  if (segmenter === undefined) {
    segmenter = new Intl.Segmenter(language, { granularity: "word" });
    segmenters.set(language, segmenter);
  }
  const words: string[] = [];
  for (const { segment, isWordLike } of segmenter.segment(text)) if (isWordLike) words.push(segment);
  return words;
}

/** Whether function words and inflections of this language are known here, so that content words can be told. */
export function knowsContentWords(language: string): boolean {
  return FUNCTION_WORDS.has(primary(language));
}

/** Content words by their folded form, each with the first form it took in the text; empty for an unknown language. */
export function contentWords(text: string, language: string): ReadonlyMap<string, string> {
  const functionWords = FUNCTION_WORDS.get(primary(language));
  const found = new Map<string, string>();
  if (functionWords === undefined) return found;
  for (const word of wordsOf(text, language)) {
    const lower = word.toLowerCase().replaceAll("’", "'");
    if (functionWords.has(lower)) continue;
    const folded = foldWord(lower);
    if (!found.has(folded)) found.set(folded, word);
  }
  return found;
}

/** The first part of a language tag. */
export function primary(language: string): string {
  return (language.split("-")[0] ?? language).toLowerCase();
}
