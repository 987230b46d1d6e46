import { eld } from "eld/small";

const FAMILIAR: Readonly<Record<"en", ReadonlySet<string>>> = {
  en: new Set(
    "the and to of a in is it you that for on are with as i this have be not we will your or if my do can me so at no but by from our he she they was all just".split(
      " ",
    ),
  ),
};

/** Share of a text's words that its language's commonest make up at least, in running text of that language. */
const ENOUGH = 0.2;
/** Fewer words than this tell no language: such a text is taken for it where its letters allow. */
const FEWEST = 4;

/**
 * Whether a text is in a language, by its commonest words, else by a detector (eld 2). Texts of up to three words are
 * taken for it where they are in Latin letters; a text without letters is in none.
 *
 * `words` are the text's, in lower case; marks may stand among them.
 */
export function isInLanguage(text: string, words: readonly string[], language: "en"): boolean {
  let letters = 0;
  let familiar = 0;
  for (const word of words) {
    if (FAMILIAR[language].has(word)) familiar += 1;
    if (word.length > 1 || word === "i" || word === "a") letters += 1;
  }
  if (letters >= FEWEST && familiar >= ENOUGH * letters) return true;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  if (latin === 0 || latin < (text.match(/\p{L}/gu)?.length ?? 0) / 2) return false;
  return letters < FEWEST || eld.detect(text).language === language;
}
