import type { ChatMessage, Usage } from "../model/language-model.ts";

/** Four characters stand for a token, so that budgets and totals can be tried without a model. */
export function guessedTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

/** What a reference policy says that a call took. */
export function guessedUsage(messages: readonly ChatMessage[]): Usage {
  return { promptTokens: messages.reduce((sum, { content }) => sum + guessedTokens(content), 0), completionTokens: 1 };
}
