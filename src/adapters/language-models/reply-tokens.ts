import type { ScoredPrompt, TokenScore } from "./openai-answers.ts";

export interface ReplyScore {
  /** Sum over the reply's tokens, nats; null where a token has none or the reply does not begin and end on tokens. */
  readonly logProbability: number | null;
  readonly tokens: number;
}

/** The reply's part of a scored prompt that ends with the reply. */
export function replyScore(scored: ScoredPrompt, reply: string): ReplyScore {
  const tokens = tokensOfEnd(scored, reply);
  if (!tokens || tokens.length === 0) return { logProbability: null, tokens: 0 };
  let sum = 0;
  for (const { logProbability } of tokens) {
    if (logProbability === null || !Number.isFinite(logProbability))
      return { logProbability: null, tokens: tokens.length };
    sum += logProbability;
  }
  return { logProbability: sum, tokens: tokens.length };
}

/** The tokens that make up `text` at the end of the prompt, or null where no whole tokens do. */
export function tokensOfEnd({ tokens, generated, stopped }: ScoredPrompt, text: string): readonly TokenScore[] | null {
  const prompt = generated > 0 ? tokens.slice(0, -generated) : tokens;
  // A server that stopped at once counts the token that ended it, yet may not list it.
  return endingWith(prompt, text) ?? (stopped && generated > 0 ? endingWith(tokens, text) : null);
}

function endingWith(tokens: readonly TokenScore[], text: string): readonly TokenScore[] | null {
  const wanted = withoutBlanks(bytesOf(text));
  let end = "";
  for (let first = tokens.length - 1; first >= 0; first -= 1) {
    end = withoutBlanks(tokenBytes((tokens[first] as TokenScore).token)) + end;
    if (end.length > wanted.length) return null;
    if (end.length === wanted.length) return end === wanted ? tokens.slice(first) : null;
  }
  return null;
}

/** One character a byte of UTF-8, because tokens may end inside a character. */
function bytesOf(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Blanks and U+2581 are left out: decoding tokens one by one loses or changes them under some tokenizers. */
function withoutBlanks(bytes: string): string {
  return bytes.replace(/[ \t\r\n]+|\u00e2\u0096\u0081/g, "");
}

/** OpenAI writes tokens that are no whole characters as `bytes:\xe2\x80`. */
function tokenBytes(token: string): string {
  if (!token.startsWith("bytes:\\x")) return bytesOf(token);
  const parts = token.slice("bytes:".length).matchAll(/\\x([0-9a-f]{2})|([^\\])/gi);
  return Array.from(parts, ([, hex, other]) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : bytesOf(other ?? ""),
  ).join("");
}
