import type { ChatAnswer, ChatRequest, ItemReference } from "../../model/language-model.ts";

const PROBE_ITEM: ItemReference = {
  situation: "probe",
  domain: "probe",
  rank: "equal",
  arm: "content-free",
  row: "content-free",
  replies: [],
};

/** Tokens allowed beside the answer to models that reason first; they are paid as answer tokens. */
const REASONING_TOKENS = 4096;

const PROBE: ChatRequest = {
  messages: [
    { role: "user", content: "Which letter comes first in the alphabet? Answer with one letter only: A or B." },
  ],
  item: PROBE_ITEM,
  maximumTokens: 16,
  temperature: 0,
  seed: 1,
  letters: ["A", "B"],
};

export interface ChatProbe {
  readonly letters: boolean;
  /** Tokens to add to every call's limit. */
  readonly reasoningTokens: number;
}

/** One short chat: whether it works at all, gives log-probabilities of letters, and spends its tokens on reasoning first. */
export async function probeChat(chat: (request: ChatRequest) => Promise<ChatAnswer>): Promise<ChatProbe> {
  const answer = await chat(PROBE);
  const reasons = answer.text.trim() === "" && answer.stop === "length";
  return { letters: answer.letterLogProbabilities !== undefined, reasoningTokens: reasons ? REASONING_TOKENS : 0 };
}

/** Why `capabilities` name reasoning, for users who pay for it. */
export function reasoningNote(reasoningTokens: number): Record<string, string> {
  if (reasoningTokens === 0) return {};
  return {
    "short answers": `the model reasons before it answers; each call may take ${reasoningTokens} more tokens`,
  };
}
