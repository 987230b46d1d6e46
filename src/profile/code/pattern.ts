import { DashpotError } from "../../model/error.ts";
import type { Tokens } from "./tokens.ts";

/**
 * One place of a pattern: words that may stand there, or how many others may stand between. A pattern is written as
 * words and signs with spaces between: `word`, `one|other`, `<class>` (a list of the rule set), `<class|word>`, each with `?` behind it
 * where it may be absent; `..` up to five other words and `..9` up to nine, none of them a negation, and `~9` up to nine
 * of any kind; `^` and `$` begin
 * and end of a sentence; `?` alone a question mark. A pattern never reaches over the end of a sentence.
 */
type Place =
  | { readonly kind: "words"; readonly words: ReadonlySet<string>; readonly optional: boolean }
  | { readonly kind: "gap"; readonly most: number; readonly negations: boolean }
  | { readonly kind: "begin" }
  | { readonly kind: "end" };

export interface Pattern {
  readonly source: string;
  readonly places: readonly Place[];
  /** The words of every place that must be there, the rarest first: where a text lacks one, the pattern is not in it. */
  readonly needed: readonly ReadonlySet<string>[];
}

export type WordClasses = ReadonlyMap<string, ReadonlySet<string>>;

const GAP = 5;
/** What turns the meaning of what follows it round. */
const NEGATIONS: ReadonlySet<string> = new Set([
  "not",
  "never",
  "no",
  "without",
  "nobody",
  "nothing",
  "neither",
  "nor",
]);

/** Errors: `rules-malformed` for a class that is not there and a pattern without a word that must be there. */
export function compilePattern(source: string, classes: WordClasses, where: string): Pattern {
  const places = source.split(/\s+/).map((piece) => placeOf(piece, classes, where));
  const needed = places
    .flatMap((place) => (place.kind === "words" && !place.optional ? [place.words] : []))
    .toSorted((one, other) => commonness(one) - commonness(other));
  if (needed.length === 0) throw malformedRules(`a pattern without a word that must be there: ${source}`, where);
  return { source, places, needed };
}

/** Words that most texts have: a place of one of them tells nothing. */
const COMMON = new Set(
  "the and to of a in is it you i we that for on are with as this have be not will your or if my our do can at no but by from , ? would could has".split(
    " ",
  ),
);

/** Common words count far more than the number of words. */
function commonness(words: ReadonlySet<string>): number {
  let common = 0;
  for (const word of words) if (COMMON.has(word)) common += 1;
  return 1000 * common + words.size;
}

function placeOf(piece: string, classes: WordClasses, where: string): Place {
  if (piece === "^") return { kind: "begin" };
  if (piece === "$") return { kind: "end" };
  if (piece === "?") return { kind: "words", words: new Set(["?"]), optional: false };
  const gap = /^(\.\.|~)(\d*)$/.exec(piece);
  if (gap) return { kind: "gap", most: gap[2] ? Number(gap[2]) : GAP, negations: gap[1] === "~" };
  const optional = piece.endsWith("?");
  const words = new Set<string>();
  for (const [, listed, word] of (optional ? piece.slice(0, -1) : piece).matchAll(/<([^>]*)>|([^|<>]+)/g)) {
    if (word !== undefined) words.add(word);
    // Within one pair of brackets stand names of lists and, beside them, words.
    for (const name of listed?.split("|") ?? []) {
      const members = classes.get(name);
      if (members === undefined && listed === name) throw malformedRules(`no class <${name}>`, where);
      for (const member of members ?? [name]) words.add(member);
    }
  }
  return { kind: "words", words, optional };
}

/** The error for rules that are none. */
export function malformedRules(what: string, where: string): DashpotError {
  return new DashpotError("rules-malformed", `expected rules, received ${what}, in ${where}`, "correct the rule set");
}

/** Where a pattern stands in a text, the first from a word on: first word and the one after the last; or null. */
export function findPattern(
  { places }: Pattern,
  tokens: Tokens,
  start = 0,
): { readonly from: number; readonly to: number } | null {
  const first = places[0] as Place;
  const begins = first.kind === "words" && !first.optional ? first.words : null;
  const opens = first.kind === "begin";
  for (let from = start; from < tokens.words.length; from += 1) {
    // Most places are no beginning: they cost one look.
    if (begins !== null && !begins.has(tokens.words[from] as string)) continue;
    if (opens && from > 0 && tokens.sentence[from - 1] === tokens.sentence[from]) continue;
    const to = matchFrom(places, 0, tokens, from, tokens.sentence[from] as number);
    if (to !== null) return { from, to };
  }
  return null;
}

/** The word after the last, if the pattern from one place on stands here; else null. */
function matchFrom(
  pattern: readonly Place[],
  place: number,
  tokens: Tokens,
  at: number,
  sentence: number,
): number | null {
  const here = pattern[place];
  if (here === undefined) return at;
  switch (here.kind) {
    case "begin":
      if (at !== 0 && tokens.sentence[at - 1] === sentence) return null;
      return matchFrom(pattern, place + 1, tokens, at, sentence);
    case "end":
      return inSentence(tokens, at, sentence) ? null : matchFrom(pattern, place + 1, tokens, at, sentence);
    case "words": {
      const stands = inSentence(tokens, at, sentence) && here.words.has(tokens.words[at] as string);
      const taken = stands ? matchFrom(pattern, place + 1, tokens, at + 1, sentence) : null;
      return taken === null && here.optional ? matchFrom(pattern, place + 1, tokens, at, sentence) : taken;
    }
    case "gap":
      return matchGap(pattern, place, tokens, at, sentence);
  }
}

function matchGap(
  pattern: readonly Place[],
  place: number,
  tokens: Tokens,
  at: number,
  sentence: number,
): number | null {
  const { most, negations } = pattern[place] as Extract<Place, { kind: "gap" }>;
  for (let next = at; next <= at + most; next += 1) {
    const to = matchFrom(pattern, place + 1, tokens, next, sentence);
    if (to !== null) return to;
    if (!inSentence(tokens, next, sentence)) return null;
    if (!negations && NEGATIONS.has(tokens.words[next] as string)) return null;
  }
  return null;
}

function inSentence({ words, sentence: of }: Tokens, at: number, sentence: number): boolean {
  return at < words.length && of[at] === sentence;
}
