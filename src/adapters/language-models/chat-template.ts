import type { ChatMessage } from "../../model/language-model.ts";

/** Chat templates that can be named for servers that complete raw text and do not tell their own. */
export const CHAT_TEMPLATES = ["chatml", "llama3", "plain"] as const;
export type ChatTemplate = (typeof CHAT_TEMPLATES)[number];

/** The prompt up to and without the assistant's next turn, without a token for the beginning of the text. */
export function renderChat(template: ChatTemplate, messages: readonly ChatMessage[]): string {
  return messages.map((message) => TURNS[template](message)).join("") + OPENINGS[template];
}

const TURNS: Readonly<Record<ChatTemplate, (message: ChatMessage) => string>> = {
  chatml: ({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`,
  llama3: ({ role, content }) => `<|start_header_id|>${role}<|end_header_id|>\n\n${content.trim()}<|eot_id|>`,
  plain: ({ role, content }) => `${capitalised(role)}: ${content}\n\n`,
};

const OPENINGS: Readonly<Record<ChatTemplate, string>> = {
  chatml: "<|im_start|>assistant\n",
  llama3: "<|start_header_id|>assistant<|end_header_id|>\n\n",
  plain: "Assistant:\n",
};

function capitalised(role: string): string {
  return role.charAt(0).toUpperCase() + role.slice(1);
}
