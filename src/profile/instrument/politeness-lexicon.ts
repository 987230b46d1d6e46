import { primary, wordsOf } from "./words.ts";

/** Raised with every change of the lists, since the findings of a check depend on them. */
export const POLITENESS_LEXICON_VERSION = 1;

interface Lexicon {
  readonly positive: readonly string[];
  readonly negative: readonly string[];
}

/** A trailing * stands for any ending. After the strategies of Danescu-Niculescu-Mizil et al. 2013 (ACL P13-1025). */
const ENGLISH: Lexicon = {
  positive: [
    ..."please,kindly,thanks,thank,thankful*,grateful*,gratitude,appreciat*,sorry,apolog*,regret*,pardon,forgive".split(
      ",",
    ),
    ..."excuse me,welcome,glad,gladly,happy to,pleased to,delighted,my pleasure,would you,could you,may i,might i".split(
      ",",
    ),
    ..."if you like,if you wish,if i may,by your leave,respectful*,dear,sir,madam,honour,honoured,honor,honored".split(
      ",",
    ),
    ..."polite*,courteous*,humbly,congratulat*,well done".split(","),
  ],
  negative: [
    ..."idiot*,stupid*,damn*,hell,fool*,shut up,lazy,useless,worthless,pathetic,moron*,silly,dumb,nonsense,rubbish".split(
      ",",
    ),
    ..."contempt*,disgust*,despise*,loser*,whine*,whining,get lost,buzz off,go away,crap,bloody,rude*,insult*".split(
      ",",
    ),
  ],
};

const LEXICONS: ReadonlyMap<string, Lexicon> = new Map([["en", ENGLISH]]);

export function knowsPoliteness(language: string): boolean {
  return LEXICONS.has(primary(language));
}

/** Positive minus negative markers in a text; 0 for a language without a lexicon. */
export function politeness(text: string, language: string): number {
  const lexicon = LEXICONS.get(primary(language));
  if (lexicon === undefined) return 0;
  const line = ` ${wordsOf(text.toLowerCase(), language).join(" ")} `;
  return count(lexicon.positive, line) - count(lexicon.negative, line);
}

function count(markers: readonly string[], line: string): number {
  const hits = markers.map((marker) => {
    const needle = marker.endsWith("*") ? ` ${marker.slice(0, -1)}` : ` ${marker} `;
    return line.split(needle).length - 1;
  });
  return hits.reduce((sum, one) => sum + one, 0);
}
