import { type ChatHistoryItem, JinjaTemplateChatWrapper, type LlamaModel, type Token } from "node-llama-cpp";
import { CallError } from "../../model/call-error.ts";
import { DashpotError } from "../../model/error.ts";
import type { ChatMessage } from "../../model/language-model.ts";

/** Texts to tokens, by the chat template that a GGUF file carries. */
export interface ChatTokens {
  /** The messages and the header of an answer to them; the next token is the answer's first. */
  prompt(messages: readonly ChatMessage[]): Token[];
  /** An answer's text after that header, without an end-of-turn token. */
  reply(text: string): Token[];
}

/**
 * Errors: `chat-template-missing` where the file has none, `chat-template-unreadable` where it cannot be rendered; of
 * `prompt`, a `CallError` where the template refuses these messages.
 *
 * Text of messages is never read as special tokens, so that a message cannot end its turn. A template that can be told
 * to think aloud is told not to: what is scored follows the header at once.
 */
export function chatTokens(model: LlamaModel, path: string): ChatTokens {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  if (!template) {
    throw new DashpotError(
      "chat-template-missing",
      `expected a model with a chat template, received one without tokenizer.chat_template, in ${path}`,
      "take the chat or instruct variant of this model",
    );
  }
  const wrapper = wrapperOf(template, path);
  // Some tokenizers put a space before every text; after a header that ends in white space it does not belong.
  const startsLine = /\s$/.test(headerText(wrapper, path));
  return {
    prompt: (messages) => promptTokens(model, wrapper, messages),
    reply: (text) => model.tokenize(text, false, startsLine ? "trimLeadingSpace" : undefined),
  };
}

function wrapperOf(template: string, path: string): JinjaTemplateChatWrapper {
  try {
    return new JinjaTemplateChatWrapper({ template, reasoning: false });
  } catch (cause) {
    throw templateUnreadable(path, cause);
  }
}

function headerText(wrapper: JinjaTemplateChatWrapper, path: string): string {
  try {
    return contextText(wrapper, [{ role: "user", content: "Hello" }]).toString();
  } catch (cause) {
    throw templateUnreadable(path, cause);
  }
}

function templateUnreadable(path: string, cause: unknown): DashpotError {
  return new DashpotError(
    "chat-template-unreadable",
    `expected a chat template that can be rendered, received ${String(cause)}, in ${path}`,
    "take another file of this model, whose template follows the usual form",
    { cause },
  );
}

function promptTokens(model: LlamaModel, wrapper: JinjaTemplateChatWrapper, messages: readonly ChatMessage[]): Token[] {
  try {
    const tokens = contextText(wrapper, messages).tokenize(model.tokenizer);
    const { bos, shouldPrependBosToken } = model.tokens;
    return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens;
  } catch (cause) {
    throw new CallError(
      "call",
      "request-refused",
      `the model's chat template refuses these messages: ${String(cause)}`,
      {
        cause,
      },
    );
  }
}

function contextText(wrapper: JinjaTemplateChatWrapper, messages: readonly ChatMessage[]) {
  const chatHistory = [...messages.map(historyItem), { type: "model" as const, response: [""] }];
  return wrapper.generateContextState({ chatHistory }).contextText;
}

function historyItem({ role, content }: ChatMessage): ChatHistoryItem {
  if (role === "assistant") return { type: "model", response: [content] };
  return { type: role, text: content };
}
