import type { AnthropicProvider } from "@ai-sdk/anthropic";
import { CallError } from "../../model/call-error.ts";
import type {
  Capabilities,
  ChatAnswer,
  ChatMessage,
  ChatRequest,
  LanguageModel,
  ModelIdentity,
  StopReason,
} from "../../model/language-model.ts";
import type { Clock } from "../clock.ts";
import { probeChat, reasoningNote } from "./chat-probe.ts";
import { malformedAnswer, RefusedRequest } from "./http-failure.ts";
import type { HttpTransport } from "./http-transport.ts";
import { withPatience } from "./patience.ts";
import { excerptOf } from "./redact.ts";
import { unusable } from "./unusable.ts";

/** The interface that all providers of the AI SDK implement. */
type SdkModel = ReturnType<AnthropicProvider>;
type SdkRequest = Parameters<SdkModel["doGenerate"]>[0];
type SdkResult = Awaited<ReturnType<SdkModel["doGenerate"]>>;

export interface SdkChatOptions {
  readonly identity: ModelIdentity;
  readonly transport: HttpTransport;
  /** The SDK's model, put over `transportFetch(transport)`. */
  readonly model: SdkModel;
  readonly clock: Clock;
  /** Stop reason of a provider's own finish reason, where it says more than the SDK's. */
  readonly stopOf: (raw: string | undefined) => StopReason | undefined;
}

/** A model behind a native dialect that an AI SDK provider speaks over our transport; chat only. */
export class SdkChatModel implements LanguageModel {
  readonly #options: SdkChatOptions;
  #identity: ModelIdentity;
  #lacks: Readonly<Record<string, string>> = LACKS;
  #temperatureRefused = false;
  #reasoningTokens = 0;
  #prepared = false;

  constructor(options: SdkChatOptions) {
    this.#options = options;
    this.#identity = options.identity;
  }

  get identity(): ModelIdentity {
    return this.#identity;
  }

  get capabilities(): Capabilities {
    return {
      score: false,
      chat: true,
      letterLogProbabilities: false,
      reasoningTokens: this.#reasoningTokens,
      lacks: this.#lacks,
    };
  }

  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#prepared) return;
    const { clock } = this.#options;
    const ask = (request: ChatRequest) => withPatience(() => this.chat(request, signal), clock, signal);
    const probe = await probeChat(ask).catch((error: unknown) => {
      throw unusable(error);
    });
    this.#reasoningTokens = probe.reasoningTokens;
    this.#lacks = { ...this.#lacks, ...reasoningNote(probe.reasoningTokens) };
    this.#prepared = true;
  }

  async chat(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> {
    try {
      return this.#heard(await this.#generate(request, signal));
    } catch (error) {
      const failure = callErrorIn(error) ?? (signal.aborted ? signal.reason : this.#unreadable(error));
      if (!(failure instanceof RefusedRequest) || this.#temperatureRefused || !failure.mentions("temperature"))
        throw failure;
      this.#temperatureRefused = true;
      this.#lacks = { ...this.#lacks, temperature: "the server refuses temperature; answers are drawn at its own" };
      return this.chat(request, signal);
    }
  }

  close(): Promise<void> {
    return this.#options.transport.close();
  }

  async #generate(request: ChatRequest, signal: AbortSignal): Promise<SdkResult> {
    const options: SdkRequest = {
      prompt: request.messages.map(promptMessage),
      maxOutputTokens: request.maximumTokens + this.#reasoningTokens,
      seed: request.seed,
      abortSignal: signal,
    };
    if (!this.#temperatureRefused) options.temperature = request.temperature;
    if (request.schema) options.responseFormat = { type: "json", schema: request.schema };
    return this.#options.model.doGenerate(options);
  }

  #heard(result: SdkResult): ChatAnswer {
    const { content, finishReason, usage, response, warnings } = result;
    if (content.length === 0 && finishReason.raw === undefined) {
      throw malformedAnswer("neither content nor a reason for stopping", { address: this.#address() });
    }
    for (const warning of warnings) {
      if (warning.type === "unsupported")
        this.#lacks = { ...this.#lacks, [excerptOf(warning.feature)]: "the provider does not take it" };
    }
    const reported = response?.modelId;
    if (reported && !this.#identity.reported) this.#identity = { ...this.#identity, reported: excerptOf(reported) };
    const text = content.map((part) => (part.type === "text" ? part.text : "")).join("");
    return {
      kind: "chat",
      text,
      stop: this.#options.stopOf(finishReason.raw) ?? STOPS[finishReason.unified],
      usage: { promptTokens: usage.inputTokens.total ?? 0, completionTokens: usage.outputTokens.total ?? 0 },
    };
  }

  #address(): string {
    return this.#identity.endpoint ?? "the server";
  }

  /** What the SDK could not read came from the server; its own text may quote all of it. */
  #unreadable(error: unknown): CallError {
    return malformedAnswer(error instanceof Error ? excerptOf(error.name) : "something else", {
      address: this.#identity.endpoint ?? "the server",
    });
  }
}

const LACKS: Readonly<Record<string, string>> = {
  score: "this dialect has no log-probabilities of a given text",
  letterLogProbabilities: "this dialect has no log-probabilities of answer tokens",
};

const STOPS: Readonly<Record<SdkResult["finishReason"]["unified"], StopReason>> = {
  stop: "stop",
  length: "length",
  "content-filter": "filtered",
  "tool-calls": "other",
  error: "other",
  other: "other",
};

function promptMessage({ role, content }: ChatMessage): SdkRequest["prompt"][number] {
  return role === "system" ? { role, content } : { role, content: [{ type: "text", text: content }] };
}

/** The SDK wraps what its `fetch` throws; ours is somewhere in the causes. */
function callErrorIn(error: unknown): CallError | undefined {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth += 1) {
    if (cause instanceof CallError) return cause;
  }
  return undefined;
}

/** `fetch` as the SDK calls it, over our transport, so that errors, pauses, limits and connections are ours. */
export function transportFetch(transport: HttpTransport): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    const { status, text } = await transport.exchange({
      method: "POST",
      path: url.pathname + url.search,
      headers: headersOf(init?.headers),
      body: String(init?.body ?? ""),
      signal: init?.signal ?? new AbortController().signal,
    });
    return new Response(text, { status, headers: { "content-type": "application/json" } });
  };
}

function headersOf(headers: unknown): Record<string, string> {
  return Object.fromEntries(new Headers(headers as Record<string, string>));
}
