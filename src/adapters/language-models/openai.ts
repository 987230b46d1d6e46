import { CallError } from "../../model/call-error.ts";
import type {
  Capabilities,
  ChatAnswer,
  ChatRequest,
  LanguageModel,
  ModelIdentity,
  ScoreAnswer,
  ScoreRequest,
} from "../../model/language-model.ts";
import type { Clock } from "../clock.ts";
import { probeChat, reasoningNote } from "./chat-probe.ts";
import type { ChatTemplate } from "./chat-template.ts";
import { RefusedRequest } from "./http-failure.ts";
import { HttpTransport } from "./http-transport.ts";
import { parseChatCompletion } from "./openai-answers.ts";
import { OpenAiDialect } from "./openai-dialect.ts";
import { findScoreWay, type ScoreWay, scoreReplies } from "./openai-score.ts";
import { withPatience } from "./patience.ts";
import { excerptOf } from "./redact.ts";
import { unusable } from "./unusable.ts";

export const OPENAI_ADDRESS = "https://api.openai.com/v1";

export interface OpenAiOptions {
  readonly spec: string;
  readonly name: string;
  readonly baseUrl: URL;
  /** Absent for servers that ask for none. */
  readonly key: string | undefined;
  readonly clock: Clock;
  readonly timeoutMs?: number | undefined;
  /** Of the model behind a server that completes raw text and does not tell its template. */
  readonly chatTemplate?: ChatTemplate | undefined;
}

/**
 * A model behind Chat Completions, at OpenAI or at any server of that dialect (L6).
 *
 * References: OpenAI API reference, "Create chat completion" and legacy "Create completion"; vLLM, "OpenAI-compatible
 * server", extra parameters; llama.cpp, tools/server/README.md; Ollama, "OpenAI compatibility".
 */
export class OpenAiModel implements LanguageModel {
  readonly #options: OpenAiOptions;
  readonly #transport: HttpTransport;
  readonly #dialect: OpenAiDialect;
  #identity: ModelIdentity;
  #capabilities: Capabilities = {
    score: false,
    chat: true,
    letterLogProbabilities: true,
    lacks: { score: "not probed yet" },
  };
  #way: ScoreWay | CallError = new CallError(
    "run",
    "score-unsupported",
    "expected a probed endpoint, received a call to score before prepare",
  );
  #reasoningTokens = 0;
  #countsUsage = true;
  #prepared = false;

  constructor(options: OpenAiOptions) {
    const { spec, name, baseUrl, key } = options;
    const address = baseUrl.origin + baseUrl.pathname;
    this.#options = options;
    this.#identity = { spec, provider: "openai", name, endpoint: address };
    this.#dialect = new OpenAiDialect(address.startsWith(OPENAI_ADDRESS) ? "max_completion_tokens" : "max_tokens");
    this.#transport = new HttpTransport({
      baseUrl,
      address,
      model: name,
      keyVariable: "OPENAI_API_KEY",
      secrets: key ? [key] : [],
      headers: key ? { authorization: `Bearer ${key}` } : {},
      clock: options.clock,
      timeoutMs: options.timeoutMs,
    });
  }

  get identity(): ModelIdentity {
    return this.#identity;
  }

  get capabilities(): Capabilities {
    return this.#capabilities;
  }

  /** Errors, all `DashpotError`: `key-refused`, `model-unknown`, `address-wrong`, `quota-exhausted`, `request-refused`, `endpoint-unavailable`. */
  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#prepared) return;
    try {
      await this.#probe(signal);
    } catch (error) {
      throw unusable(error);
    }
    this.#prepared = true;
  }

  async #probe(signal: AbortSignal): Promise<void> {
    const { clock, name, chatTemplate } = this.#options;
    const ask = (request: ChatRequest) => withPatience(() => this.chat(request, signal), clock, signal);
    const { letters, reasoningTokens } = await probeChat(ask);
    this.#reasoningTokens = reasoningTokens;
    const found = await findScoreWay({ transport: this.#transport, clock, name, chatTemplate }, signal);
    this.#way = "way" in found ? found.way : found.refusal;
    this.#capabilities = {
      score: "way" in found,
      chat: true,
      letterLogProbabilities: letters,
      reasoningTokens,
      lacks: this.#lacks(letters),
    };
  }

  async chat(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> {
    const { letters, ...without } = request;
    const wanted = letters && this.#capabilities.letterLogProbabilities ? request : without;
    for (;;) {
      const body = this.#dialect.body(this.#options.name, wanted, this.#reasoningTokens);
      try {
        const answer = this.#heard(await this.#transport.post("/chat/completions", body, signal), wanted);
        return "temperature" in body ? answer : { ...answer, ownTemperature: true };
      } catch (error) {
        if (!(error instanceof RefusedRequest) || !this.#dialect.learn(error, body)) throw error;
      }
    }
  }

  async score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
    if (this.#way instanceof CallError) throw this.#way;
    return scoreReplies(this.#way, request, signal);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #heard(value: unknown, { letters }: ChatRequest): ChatAnswer {
    const { answer, reported, counted } = parseChatCompletion(value, letters);
    this.#countsUsage &&= counted;
    if (reported && !this.#identity.reported) this.#identity = { ...this.#identity, reported: excerptOf(reported) };
    return answer;
  }

  #lacks(letters: boolean): Readonly<Record<string, string>> {
    return {
      ...(this.#way instanceof CallError ? { score: `${this.#way.code}: ${this.#way.message}` } : {}),
      ...(letters ? {} : { letterLogProbabilities: "the server gives no log-probabilities of answer tokens" }),
      ...(this.#countsUsage ? {} : { usage: "the server does not count tokens; totals are too small" }),
      ...reasoningNote(this.#reasoningTokens),
      ...this.#dialect.lacks,
    };
  }
}
