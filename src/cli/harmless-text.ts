/** Controls but the line end, bidirectional marks and other format characters, private use, separators. */
const ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu;

/** What the summary sets colour and weight with. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
const COLOUR = /(\u001b\[[0-9;]*m)/;

/**
 * Text for a terminal: lines stay, everything else that a terminal could act on becomes visible `\u{…}` (F5). Commands
 * print names and messages that come from banks, servers and files; here is the one way out.
 *
 * @param colour let escapes pass that set colour or weight
 */
export function harmlessText(text: string, colour = false): string {
  if (!colour) return text.replace(ACTING, visible);
  // Splitting by a group keeps what it matched at the odd places.
  const parts = text.split(COLOUR);
  return parts.map((part, index) => (index % 2 === 1 ? part : part.replace(ACTING, visible))).join("");
}

/** The same for JSON, where such characters stand as escapes: another text of the same value. */
export function harmlessJson(value: unknown, indent: 0 | 2 = 2): string {
  return JSON.stringify(value, null, indent).replace(ACTING, escaped);
}

function visible(character: string): string {
  return `\\u{${(character.codePointAt(0) as number).toString(16).toUpperCase()}}`;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
