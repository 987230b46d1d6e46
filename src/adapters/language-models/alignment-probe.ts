import { CallError } from "../../model/call-error.ts";
import type { ScoredPrompt, TokenScore } from "./openai-answers.ts";
import { tokensOfEnd } from "./reply-tokens.ts";

/** A text whose every word is nearly certain once begun, and the same with one word that nobody expects. */
interface KnownText {
  readonly sane: string;
  readonly absurd: string;
}

const REPEATED = "The brown dog sleeps near the old door.";

export const KNOWN_TEXTS: readonly KnownText[] = [
  pair(
    `${REPEATED}\n${REPEATED}\n${REPEATED}\n${REPEATED}`,
    (text) => `${text.slice(0, text.lastIndexOf("sleeps"))}volcano near the old door.`,
  ),
  pair("one two three four five six seven eight nine ten eleven twelve", (text) => text.replace(" nine", " umbrella")),
  pair("A B C D E F G H I J K L M N O P Q R S T", (text) => text.replace(" N ", " window ")),
];

/** Nats by which the unexpected word must be less likely than the one it replaces. */
const LEAST_DROP = 3;
/** Nats by which a token before the replaced word may differ between the two texts: batching moves quantised models by tenths. */
const MOST_NOISE = 1;
/** Mean log-probability, nats, that the last repetition of a line must have. */
const LEAST_CERTAINTY = -1.5;

/**
 * Checks on known texts that a server's log-probabilities belong to their tokens (L7). `score` returns the tokens of a
 * prompt that ends with the given text. Throws a {@link CallError} `score-misaligned`, scope run.
 *
 * Two texts are equal up to one word. What is before it must have equal log-probabilities in both, since nothing after a
 * token can matter to it: a server that gives each token its successor's value fails here. The word itself must be much
 * less likely where it is absurd: a server that gives each token its predecessor's value, or a constant, fails here. And
 * a line said for the fourth time must be likely: a server that gives each token's own value one place too late fails
 * here (llama-cpp-python 0.3.36 without a token for the beginning of the text).
 */
export async function probeAlignment(score: (text: string) => Promise<ScoredPrompt>): Promise<void> {
  for (const [index, { sane, absurd }] of KNOWN_TEXTS.entries()) {
    const expected = checkedTokens(await score(sane), sane);
    const surprised = checkedTokens(await score(absurd), absurd);
    if (index === 0) checkCertainty(expected);
    checkDrop(expected, surprised);
  }
}

function checkedTokens(scored: ScoredPrompt, text: string): readonly TokenScore[] {
  const [first, ...rest] = scored.tokens;
  if (!first || first.logProbability !== null) throw misaligned("no log-probability for the first token", "one");
  const prompt = scored.generated > 0 ? rest.slice(0, -scored.generated) : rest;
  const wrong = prompt.find(({ logProbability }) => logProbability === null || !(logProbability <= 1e-3));
  if (wrong) throw misaligned("a log-probability of at most 0 for each later token", String(wrong.logProbability));
  const tokens = tokensOfEnd(scored, text);
  if (!tokens) throw misaligned("the tokens of the text that was sent", "others");
  return tokens;
}

/** The first test's text is one line four times, so that its last quarter repeats what was said three times. */
function checkCertainty(tokens: readonly TokenScore[]): void {
  const last = tokens.slice(Math.ceil(tokens.length * 0.75));
  const mean = last.reduce((sum, token) => sum + (token.logProbability ?? 0), 0) / last.length;
  if (!(mean >= LEAST_CERTAINTY))
    throw misaligned(`a line said for the fourth time to be likely (${LEAST_CERTAINTY} nats a token)`, mean.toFixed(2));
}

function checkDrop(sane: readonly TokenScore[], absurd: readonly TokenScore[]): void {
  const at = sane.findIndex((token, index) => token.token !== absurd[index]?.token);
  if (at < 1 || at >= absurd.length) throw misaligned("two texts that part at one word", `a parting at token ${at}`);
  const drops = sane
    .slice(0, at + 1)
    .map((token, index) => (token.logProbability ?? 0) - (absurd[index]?.logProbability ?? 0));
  const drop = drops[at] as number;
  if (!(drop >= LEAST_DROP))
    throw misaligned(`an absurd word to be ${LEAST_DROP} nats less likely at least`, drop.toFixed(2));
  // The first value hangs on the prompt only; all of them are before the word.
  const before = Math.max(...drops.slice(0, at).map(Math.abs));
  if (before > Math.min(MOST_NOISE, drop / 2))
    throw misaligned("equal values before the word that differs", `a difference of ${before.toFixed(2)} nats`);
}

function pair(sane: string, replace: (text: string) => string): KnownText {
  return { sane, absurd: replace(sane) };
}

function misaligned(expected: string, received: string): CallError {
  return new CallError(
    "run",
    "score-misaligned",
    `expected ${expected}, received ${received}, in the alignment probe of the server's log-probabilities`,
    {
      fix: "use --format choice, or another server",
    },
  );
}
