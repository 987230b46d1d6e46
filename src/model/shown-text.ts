/**
 * Text from outside made harmless to show in a terminal or on a page, in one line: escapes, control characters, bidi
 * overrides, zero-width and other invisible characters become visible `\u{…}`, and what is beyond `maximumLength`
 * characters is cut with its full length named (F5). Markup is not touched: pages escape it where they are written.
 *
 * @param maximumLength in code points of the source text, at least 1.
 */
export function shownText(text: string, maximumLength: number): string {
  const head = headOf(text, maximumLength);
  const shown = head.text.toWellFormed().replace(INVISIBLE, visible);
  return head.whole ? shown : `${shown}… (${grouped(codePoints(text))} characters)`;
}

/** The same for a text of several lines, which stay lines; `maximumLength` is of each. */
export function shownLines(text: string, maximumLength: number): string {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  return lines.map((line) => shownText(line, maximumLength)).join("\n");
}

/**
 * Cc controls, Cf format characters (bidi, zero-width, soft hyphen, tags, byte-order mark), Cs lone
 * surrogates, Co private use, Zl and Zp separators, whatever else renders as nothing, and spaces other than U+0020.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}|(?! )\p{Zs}/gu;

function visible(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return `\\u{${(character.codePointAt(0) as number).toString(16).toUpperCase()}}`;
}

/** Looks at no more than is shown: a megabyte costs what a line does. */
function headOf(text: string, maximumLength: number): { readonly text: string; readonly whole: boolean } {
  if (text.length <= maximumLength) return { text, whole: true };
  const characters = Array.from(text.slice(0, 2 * maximumLength + 2));
  if (characters.length <= maximumLength) return { text, whole: true };
  return { text: characters.slice(0, maximumLength).join(""), whole: false };
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** 1048576 → 1,048,576 without the locale of the machine. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
