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
import { type Candidate, letterLogProbabilities } from "./letters.ts";
import { withPatience } from "./patience.ts";
import { excerptOf } from "./redact.ts";
import { unusable } from "./unusable.ts";

/** The interface that all providers of the AI SDK implement. */
type SdkModel = ReturnType<AnthropicProvider>;
type SdkRequest = Parameters<SdkModel["doGenerate"]>[0];
type SdkResult = Awaited<ReturnType<SdkModel["doGenerate"]>>;

/**
 * Candidates for the first answer token, where a dialect has them and the SDK does not: what is put into the body of a
 * request, and where they stand in the body of its answer.
 */
export interface FirstToken {
  ask(body: Readonly<Record<string, unknown>>): Record<string, unknown>;
  read(body: unknown): readonly Candidate[] | undefined;
}

export interface SdkChatOptions {
  readonly identity: ModelIdentity;
  readonly transport: HttpTransport;
  /** The SDK's model, put over `transportFetch(transport)`. */
  readonly model: SdkModel;
  readonly clock: Clock;
  /** Stop reason of a provider's own finish reason, where it says more than the SDK's. */
  readonly stopOf: (raw: string | undefined) => StopReason | undefined;
  /** Absent where the dialect has no log-probabilities. */
  readonly firstToken?: FirstToken;
}

/** A model behind a native dialect that an AI SDK provider speaks over our transport; chat only. */
export class SdkChatModel implements LanguageModel {
  readonly #options: SdkChatOptions;
  #identity: ModelIdentity;
  #lacks: Readonly<Record<string, string>>;
  #letters = false;
  #candidatesRefused = false;
  #temperatureRefused = false;
  #reasoningTokens = 0;
  #prepared = false;

  constructor(options: SdkChatOptions) {
    this.#options = options;
    this.#identity = options.identity;
    this.#lacks = { ...LACKS, letterLogProbabilities: options.firstToken ? NOT_GIVEN : NOT_IN_DIALECT };
  }

  get identity(): ModelIdentity {
    return this.#identity;
  }

  get capabilities(): Capabilities {
    return {
      score: false,
      chat: true,
      letterLogProbabilities: this.#letters,
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
    this.#letters = probe.letters;
    const { letterLogProbabilities: none, ...rest } = this.#lacks;
    const letters = probe.letters || none === undefined ? {} : { letterLogProbabilities: none };
    this.#lacks = { ...rest, ...letters, ...reasoningNote(probe.reasoningTokens) };
    this.#prepared = true;
  }

  async chat(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> {
    const withCandidates = this.#wantsCandidates(request);
    const ownTemperature = this.#temperatureRefused;
    try {
      const answer = this.#heard(await this.#generate(request, withCandidates, signal), request);
      return ownTemperature ? { ...answer, ownTemperature } : answer;
    } catch (error) {
      const failure = callErrorIn(error) ?? (signal.aborted ? signal.reason : this.#unreadable(error));
      if (!(failure instanceof RefusedRequest) || !this.#learn(failure, withCandidates)) throw failure;
      return this.chat(request, signal);
    }
  }

  /**
   * Learns from a refusal; whether the request is worth putting once more. Models word the refusal of candidates in many
   * ways, and some change their mind in the middle of a run: letters are then sampled, which is said.
   */
  #learn(refused: RefusedRequest, withCandidates: boolean): boolean {
    if (withCandidates && !refused.mentions("temperature")) {
      this.#candidatesRefused = true;
      if (this.#letters) this.#lacks = { ...this.#lacks, letterLogProbabilities: NO_LONGER_GIVEN };
      return true;
    }
    if (this.#temperatureRefused || !refused.mentions("temperature")) return false;
    this.#temperatureRefused = true;
    this.#lacks = { ...this.#lacks, temperature: "the server refuses temperature; answers are drawn at its own" };
    return true;
  }

  #wantsCandidates({ letters }: ChatRequest): boolean {
    const given = !this.#prepared || this.#letters;
    return letters !== undefined && this.#options.firstToken !== undefined && given && !this.#candidatesRefused;
  }

  close(): Promise<void> {
    return this.#options.transport.close();
  }

  async #generate(request: ChatRequest, withCandidates: boolean, signal: AbortSignal): Promise<SdkResult> {
    const options: SdkRequest = {
      prompt: request.messages.map(promptMessage),
      maxOutputTokens: request.maximumTokens + this.#reasoningTokens,
      seed: request.seed,
      abortSignal: signal,
    };
    if (!this.#temperatureRefused) options.temperature = request.temperature;
    if (withCandidates) options.headers = { [CANDIDATES_HEADER]: "1" };
    if (request.schema) options.responseFormat = { type: "json", schema: request.schema };
    return this.#options.model.doGenerate(options);
  }

  #heard(result: SdkResult, { letters }: ChatRequest): ChatAnswer {
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
    const candidates = letters && this.#options.firstToken?.read(response?.body);
    const byLetter = letters && candidates && letterLogProbabilities(candidates, letters);
    const ignored = warnings.some((warning) => warning.type === "unsupported" && warning.feature === "temperature");
    return {
      kind: "chat",
      text,
      stop: this.#options.stopOf(finishReason.raw) ?? STOPS[finishReason.unified],
      ...(byLetter ? { letterLogProbabilities: byLetter } : {}),
      ...(ignored ? { ownTemperature: true as const } : {}),
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
};
const NOT_IN_DIALECT = "this dialect has no log-probabilities of answer tokens";
const NOT_GIVEN = "this model gives no log-probabilities of answer tokens, so letters are sampled";

const NO_LONGER_GIVEN =
  "this model stopped giving log-probabilities of answer tokens; letters were sampled from then on";

/** Tells our `fetch`, through the SDK, that a request asks for candidates; never sent. */
const CANDIDATES_HEADER = "x-dashpot-candidates";

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
export function transportFetch(transport: HttpTransport, firstToken?: FirstToken): typeof fetch {
  return async (input, init) => {
    const url = new URL(String(input instanceof Request ? input.url : input));
    const { [CANDIDATES_HEADER]: candidates, ...headers } = headersOf(init?.headers);
    const body = String(init?.body ?? "");
    const { status, text } = await transport.exchange({
      method: "POST",
      path: url.pathname + url.search,
      headers,
      body: candidates && firstToken ? JSON.stringify(firstToken.ask(JSON.parse(body))) : body,
      signal: init?.signal ?? new AbortController().signal,
    });
    return new Response(text, { status, headers: { "content-type": "application/json" } });
  };
}

function headersOf(headers: unknown): Record<string, string> {
  return Object.fromEntries(new Headers(headers as Record<string, string>));
}
