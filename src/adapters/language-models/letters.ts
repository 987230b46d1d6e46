/** A candidate for the first answer token, nats. */
export interface Candidate {
  readonly token: string;
  readonly logprob: number | null;
}

/**
 * Log-probability of each letter, nats: the sum over the candidates that say it (`A`, ` A`, `(A`, `**A`, `A.`). Letters
 * that no candidate says are left out. Not renormalised. Undefined where none is said. Empty where some are, but so few
 * candidates came that a letter which is not among them could weigh: it is no likelier than the last candidate, nor than
 * what all of them leave.
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
  const likely = candidates.flatMap(({ logprob }) => (logprob !== null && logprob <= 1e-3 ? [Math.exp(logprob)] : []));
  const unseen = Math.min(...likely, Math.max(0, 1 - likely.reduce((sum, one) => sum + one, 0)));
  const all = said.reduce((sum, [, probability]) => sum + probability, 0);
  if (said.length < letters.length && unseen > MOST_UNSEEN * all) return {};
  return Object.fromEntries(said.map(([letter, probability]) => [letter, Math.log(Math.min(1, probability))]));
}

/** Of what the letters weigh together. */
const MOST_UNSEEN = 0.02;

/** The token without what may stand around a letter; U+2581, Ġ and Ċ are blanks and line feeds as tokenizers write them. */
function bareLetter(token: string): string {
  return token.replace(/^[\s\u2581ĠĊ("'*[]+/u, "").replace(/[\s)\].,:*"']+$/u, "");
}
