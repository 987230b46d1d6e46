import { findPattern, type Pattern } from "./pattern.ts";
import type { Tokens } from "./tokens.ts";

/** Which of many patterns stand in a text, told from its words before any of them is looked for. */
export interface PatternIndex {
  /** Forgets the last text and takes in the next. */
  read(tokens: Tokens): void;
  /** Patterns of a group of which that text has all the words, by number. */
  possible(group: number): readonly number[];
  /** First word of a pattern in that text; −1 where it does not stand there. */
  find(pattern: number): number;
  /** The same from a word on. */
  findFrom(pattern: number, start: number): number;
}

/**
 * An index of groups of patterns; one that is written alike in several of them is one, and has a number. Words of a text
 * are looked up once; a pattern is only searched for where the text has a word of each of its places, and once a text.
 * Whole numbers throughout, since every text asks for every pattern.
 */
export function patternIndex(groups: readonly (readonly Pattern[])[]): PatternIndex {
  const { patterns, groupsOf } = distinct(groups);
  const { vocabulary, wordsOfList, needs } = listsOf(patterns);
  const waiting = waitingPatterns(vocabulary.size, wordsOfList, needs);
  const wordIn = new Uint32Array(vocabulary.size);
  const presentIn = new Uint32Array(wordsOfList.length);
  const absentIn = new Uint32Array(wordsOfList.length);
  const longLists = longListsOf(vocabulary.size, wordsOfList);
  const wokenIn = new Uint32Array(patterns.length);
  const soughtIn = new Uint32Array(patterns.length);
  const foundAt = new Int32Array(patterns.length);
  const possible: number[][] = groups.map(() => []);
  let text = 0;
  let current: Tokens = { words: [], sentence: new Uint16Array(0) };
  const present = (list: number) => {
    if (presentIn[list] === text) return true;
    if (absentIn[list] === text) return false;
    const words = wordsOfList[list] as Uint16Array;
    // A long one was marked with the words, where there is one of its own.
    if (words.length > SHORT) return false;
    let at = 0;
    while (at < words.length && wordIn[words[at] as number] !== text) at += 1;
    (at < words.length ? presentIn : absentIn)[list] = text;
    return at < words.length;
  };
  const hasAll = (needed: Uint16Array) => {
    for (let at = 1; at < needed.length; at += 1) if (!present(needed[at] as number)) return false;
    return true;
  };
  return {
    read: (tokens) => {
      text += 1;
      current = tokens;
      for (const group of possible) group.length = 0;
      const seen: number[] = [];
      for (const word of tokens.words) {
        const known = vocabulary.get(word);
        if (known === undefined || wordIn[known] === text) continue;
        wordIn[known] = text;
        seen.push(known);
        const lists = longLists[known] as Uint16Array;
        for (let at = 0; at < lists.length; at += 1) presentIn[lists[at] as number] = text;
      }
      for (const word of seen) {
        const woken = waiting[word] as Uint16Array;
        for (let at = 0; at < woken.length; at += 1) {
          const pattern = woken[at] as number;
          if (wokenIn[pattern] === text || !hasAll(needs[pattern] as Uint16Array)) continue;
          wokenIn[pattern] = text;
          for (const group of groupsOf[pattern] as readonly number[]) (possible[group] as number[]).push(pattern);
        }
      }
    },
    possible: (group) => possible[group] as readonly number[],
    find: (pattern) => {
      if (soughtIn[pattern] !== text) foundAt[pattern] = findPattern(patterns[pattern] as Pattern, current)?.from ?? -1;
      soughtIn[pattern] = text;
      return foundAt[pattern] as number;
    },
    findFrom: (pattern, start) => findPattern(patterns[pattern] as Pattern, current, start)?.from ?? -1,
  };
}

/** Patterns by how they are written, and the groups that each is in. */
function distinct(groups: readonly (readonly Pattern[])[]) {
  const numbers = new Map<string, number>();
  const patterns: Pattern[] = [];
  const groupsOf: number[][] = [];
  for (const [group, members] of groups.entries())
    for (const pattern of new Map(members.map((one) => [one.source, one])).values()) {
      const known = numbers.get(pattern.source);
      if (known === undefined) {
        numbers.set(pattern.source, patterns.length);
        patterns.push(pattern);
        groupsOf.push([group]);
      } else (groupsOf[known] as number[]).push(group);
    }
  return { patterns, groupsOf };
}

/** Numbers for words, for the lists of words that patterns need, and what each pattern needs, the rarest list first. */
function listsOf(patterns: readonly Pattern[]) {
  const vocabulary = new Map<string, number>();
  const numbers = new Map<string, number>();
  const wordsOfList: Uint16Array[] = [];
  const numbered = (words: ReadonlySet<string>) => {
    const key = [...words].sort().join(" ");
    const known = numbers.get(key);
    if (known !== undefined) return known;
    for (const word of words) if (!vocabulary.has(word)) vocabulary.set(word, vocabulary.size);
    wordsOfList.push(Uint16Array.from(words, (word) => vocabulary.get(word) as number));
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  };
  const needs = patterns.map(({ needed }) => Uint16Array.from(needed, numbered));
  return { vocabulary, wordsOfList, needs };
}

/** Lists of more words than this are marked by the words of a text; shorter ones are looked through when asked for. */
const SHORT = 10;

/** By word: the long lists that it is in. */
function longListsOf(words: number, wordsOfList: readonly Uint16Array[]) {
  const lists: number[][] = Array.from({ length: words }, () => []);
  for (const [list, members] of wordsOfList.entries())
    if (members.length > SHORT) for (const word of members) (lists[word] as number[]).push(list);
  return lists.map((numbers) => Uint16Array.from(numbers));
}

/** By word: the patterns whose rarest list has it. Each waits for that list alone; only then are the others looked at. */
function waitingPatterns(words: number, wordsOfList: readonly Uint16Array[], needs: readonly Uint16Array[]) {
  const waiting: number[][] = Array.from({ length: words }, () => []);
  for (const [pattern, [rarest]] of needs.entries())
    for (const word of wordsOfList[rarest as number] as Uint16Array) (waiting[word] as number[]).push(pattern);
  return waiting.map((patterns) => Uint16Array.from(patterns));
}
