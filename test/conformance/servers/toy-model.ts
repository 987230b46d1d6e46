import { createHash } from "node:crypto";

/**
 * A language model in twenty lines, so that servers can score any text and tests know the right numbers: a token is likely
 * after the two before it if they were followed by it earlier, or if it is next in a sequence that everyone knows, and
 * unlikely otherwise, by an amount that hangs on everything before it.
 */
export function toyLogProbabilities(tokens: readonly string[]): (number | null)[] {
  return tokens.map((token, index) => (index === 0 ? null : toyLogProbability(tokens.slice(0, index), token)));
}

export function toyLogProbability(before: readonly string[], token: string): number {
  const jitter = fraction(`${before.join("\u0000")}\u0001${token}`);
  const seen = before.some(
    (_, at) => at >= 2 && before[at] === token && before[at - 1] === before.at(-1) && before[at - 2] === before.at(-2),
  );
  if (seen || follows(before.at(-1) ?? "", token)) return -0.05 - 0.1 * jitter;
  return -8 - 6 * jitter;
}

/** Words with the blank before them, line feeds, marks, and template tokens; concatenated they are the text. */
export function toyTokens(text: string): string[] {
  return text.match(/<\|[a-z_]+\|>|\n| ?[\p{L}\p{N}]+|[^\S\n]|[^\p{L}\p{N}\s]/gu) ?? [];
}

const SEQUENCES = [
  ..."one two three four five six seven eight nine ten eleven twelve".matchAll(/\w+ (?=(\w+))/g),
  ..."A B C D E F G H I J K L M N O P Q R S T".matchAll(/\w (?=(\w))/g),
].map(([first, second]) => `${first.trim()} ${second}`);

function follows(last: string, token: string): boolean {
  return SEQUENCES.includes(`${last.trim()} ${token.trim()}`);
}

function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
