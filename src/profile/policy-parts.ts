import type { ChatMessage, Usage } from "../model/language-model.ts";

/** Four characters stand for a token, so that budgets and totals can be tried without a model. */
export function guessedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** What a reference policy says that a call took. */
export function guessedUsage(messages: readonly ChatMessage[]): Usage {
  return { promptTokens: messages.reduce((sum, { content }) => sum + guessedTokens(content), 0), completionTokens: 1 };
}

/** How likely texts are anyway, before what a policy favours: log-probabilities, nats. */
export const TEXT_PRIOR = { mean: -35, deviation: 6 } as const;

/** Which of several shares a number from 0 to 1 falls into; they are scaled to 1. */
export function pickIndex(shares: readonly number[], at: number): number {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let reached = 0;
  for (const [index, share] of shares.entries()) {
    reached += share / total;
    if (at < reached) return index;
  }
  return shares.length - 1;
}

/** As servers tell them: a letter without any probability is left out, as minus infinity could not be stored. */
export function letterLogs(letters: readonly string[], probability: readonly number[]): Record<string, number> {
  const logs = letters.map((letter, index) => [letter, Math.log(probability[index] as number)] as const);
  return Object.fromEntries(logs.filter(([, log]) => log > -Infinity));
}
