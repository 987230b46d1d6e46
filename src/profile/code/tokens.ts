/** A text as rules read it: words in lower case with contractions written out, figures as `0`, and marks that end or divide sentences. */
export interface Tokens {
  readonly words: readonly string[];
  /** Sentence of each word, from 0. */
  readonly sentence: Uint16Array;
}

const CONTRACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["can't", ["can", "not"]],
  ["cannot", ["can", "not"]],
  ["won't", ["will", "not"]],
  ["shan't", ["shall", "not"]],
  ["let's", ["let", "us"]],
  ["i'm", ["i", "am"]],
  ["gonna", ["going", "to"]],
  ["gotta", ["got", "to"]],
]);

const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["'ll", "will"],
  ["'re", "are"],
  ["'ve", "have"],
  ["'d", "would"],
]);

const PIECES = /\p{L}[\p{L}\p{M}]*(?:'\p{L}+)*|\p{N}+(?:[.,:]\p{N}+)*|[.!?…;:,—–"()%$-]/gu;
/** The same for a text in ASCII, several times as quick. */
const ASCII_PIECES = /[a-z]+(?:'[a-z]+)*|[0-9]+(?:[.,:][0-9]+)*|[.!?;:,"()%$-]/g;
const ENDS = new Set([".", "!", "?", "…", ";"]);
const LONGEST = 0xffff;

/** Cost: one pass; some 4 µs for twenty words. Sentences beyond 65,535 count as one. */
export function tokensOf(text: string): Tokens {
  const lower = text.toLowerCase();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  const ascii = /^[\x00-\x7f]*$/.test(lower);
  const plain = ascii ? lower : lower.replaceAll(/[’‘]/g, "'").replaceAll(/[“”„«»]/g, '"');
  const pieces = plain.match(ascii ? ASCII_PIECES : PIECES) ?? [];
  const words: string[] = [];
  const sentence = new Uint16Array(2 * pieces.length);
  let at = 0;
  for (const piece of pieces) {
    if (piece.length === 1 && ENDS.has(piece)) {
      if (piece === "?") sentence[words.push(piece) - 1] = at;
      if (at < LONGEST) at += 1;
    } else if (piece.length > 2 && (piece.includes("'") || CONTRACTIONS.has(piece))) {
      for (const word of parts(piece)) sentence[words.push(word) - 1] = at;
    } else sentence[words.push(isDigit(piece) ? NUMBER : piece) - 1] = at;
  }
  return { words, sentence: sentence.subarray(0, words.length) };
}

/** Stands for any number, date or time of day in figures. */
const NUMBER = "0";

function isDigit(piece: string): boolean {
  const code = piece.charCodeAt(0);
  return code >= 48 && code <= 57;
}

function parts(piece: string): readonly string[] {
  const known = CONTRACTIONS.get(piece);
  if (known) return known;
  if (piece.endsWith("n't")) return [piece.slice(0, -3), "not"];
  const cut = piece.lastIndexOf("'");
  if (cut < 0) return [piece];
  const ending = ENDINGS.get(piece.slice(cut));
  if (ending) return [piece.slice(0, cut), ending];
  return piece.endsWith("'s") ? [piece.slice(0, cut), "'s"] : [piece];
}
