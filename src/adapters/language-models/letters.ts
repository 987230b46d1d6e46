/** A candidate for the first answer token, nats. */
export interface Candidate {
  readonly token: string;
  readonly logprob: number | null;
}

/**
 * Log-probability of each letter, nats: the sum over the candidates that say it (`A`, ` A`, `(A`, `**A`, `A.`). Letters
 * that no candidate says are left out; undefined where none is said. Not renormalised.
 */
export function letterLogProbabilities(
  candidates: readonly Candidate[],
  letters: readonly string[],
): Readonly<Record<string, number>> | undefined {
  const sums = new Map<string, number>();
  for (const { token, logprob } of candidates) {
    const letter = bareLetter(token);
    if (logprob === null || !Number.isFinite(logprob) || logprob > 1e-3 || !letters.includes(letter)) continue;
    sums.set(letter, (sums.get(letter) ?? 0) + Math.exp(logprob));
  }
  const said = [...sums].filter(([, probability]) => probability > 0);
  if (said.length === 0) return undefined;
  return Object.fromEntries(said.map(([letter, probability]) => [letter, Math.log(Math.min(1, probability))]));
}

/** The token without what may stand around a letter; U+2581, Ġ and Ċ are blanks and line feeds as tokenizers write them. */
function bareLetter(token: string): string {
  return token.replace(/^[\s\u2581ĠĊ("'*[]+/u, "").replace(/[\s)\].,:*"']+$/u, "");
}
