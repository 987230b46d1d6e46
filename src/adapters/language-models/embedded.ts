import type { Llama, LlamaContext, LlamaContextSequence, LlamaModel } from "node-llama-cpp";
import type {
  Capabilities,
  ChatAnswer,
  ChatRequest,
  LanguageModel,
  ModelIdentity,
  ScoreAnswer,
  ScoreRequest,
} from "../../model/language-model.ts";
import { hashFile } from "../weights.ts";
import { AddonEvaluator, addonOf } from "./addon-evaluator.ts";
import { type ChatTokens, chatTokens } from "./chat-tokens.ts";
import { EmbeddedChat, tooLong } from "./embedded-chat.ts";
import { BATCH_SIZE, embeddedRuntime, loadWeights, openContext } from "./embedded-runtime.ts";
import { Pacer } from "./pacer.ts";
import { processorClass } from "./processor-class.ts";
import { disagreement, type ReadingCheck } from "./reading-check.ts";
import { type Evaluator, type ScoreTextsOptions, scoreTexts } from "./score-texts.ts";
import { SequenceEvaluator } from "./sequence-evaluator.ts";
import { ThreadChoice, threadCandidates } from "./thread-choice.ts";

export interface OpenEmbeddedOptions {
  /** `embedded:smollm2-135m` or `gguf:PATH`. */
  readonly spec: string;
  /** The GGUF file. */
  readonly path: string;
  readonly name: string;
  /** Of the file, where the caller has just checked it; else it is computed. */
  readonly sha256?: string | undefined;
  /** Share of the file that is loaded, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Evaluate with this many threads, instead of measuring which number is the fastest, at load and again meanwhile. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Stands in for the look at node-llama-cpp's internals, to test what happens where they are others. */
  readonly findAddon?: typeof addonOf;
}

/** A language model that runs in this process, on the processor alone. */
export interface EmbeddedModel extends LanguageModel {
  score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer>;
  chat(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer>;
  /** The same as `score`, bit for bit, with the prompt evaluated anew for every reply (L3). */
  scoreFromScratch(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer>;
  /** The number of threads that is the fastest so far. */
  readonly threads: number;
}

/** Tokens that a prompt with its longest reply may have. */
const SCORE_CONTEXT = 2048;
/** Tokens that a conversation with its answer may have. */
const CHAT_CONTEXT = 4096;

/**
 * Loads a GGUF file and measures with how many threads it is evaluated fastest (L4, L5).
 *
 * `usage` of a score counts the prompt once, and the tokens of all replies as completion. One request is worked on at
 * a time; others wait.
 *
 * Errors: `weights-missing` (no such file), `weights-unreadable` (no GGUF file, a damaged one, or one that llama.cpp
 * does not know), `weights-too-large` (for this machine's memory), `chat-template-missing`, `chat-template-unreadable`,
 * `runtime-unavailable` (no build of llama.cpp for this machine). On abort, the signal's reason.
 */
export async function openEmbeddedModel(options: OpenEmbeddedOptions): Promise<EmbeddedModel> {
  const signal = options.signal ?? new AbortController().signal;
  const llama = await embeddedRuntime();
  const loaded: Loaded = { model: await loadWeights(llama, options.path, signal, options.onProgress), contexts: [] };
  try {
    const tokens = chatTokens(loaded.model, options.path);
    const sha256 = options.sha256 ?? (await hashFile(options.path, signal)).sha256;
    const candidates = options.threads === undefined ? threadCandidates(llama.cpuMathCores) : [options.threads];
    const sequence = (await contextOf(loaded, options, CHAT_CONTEXT)).getSequence();
    const chat = new EmbeddedChat(llama, sequence, new Pacer(new ThreadChoice(candidates)));
    const scoring = await openScoring(llama, loaded, sequence, candidates, options);
    return new OpenedModel(loaded, tokens, chat, scoring, {
      spec: options.spec,
      provider: options.spec.startsWith("gguf:") ? "gguf" : "embedded",
      name: options.name,
      sha256,
      reported: `llama.cpp ${llama.llamaCppRelease.release}`,
      processor: processorClass(llama.systemInfo, process.platform, process.arch),
    });
  } catch (error) {
    await unload(loaded);
    throw error;
  }
}

/**
 * A model and the contexts made from it. They are kept here until they are disposed: of a context that was garbage
 * collected before, node-llama-cpp still waits for the end when the model is disposed.
 */
interface Loaded {
  readonly model: LlamaModel;
  readonly contexts: LlamaContext[];
}

async function contextOf({ model, contexts }: Loaded, { path }: OpenEmbeddedOptions, size: number) {
  const context = await openContext(model, path, size);
  contexts.push(context);
  return context;
}

async function unload({ model, contexts }: Loaded): Promise<void> {
  for (const context of contexts) await context.dispose();
  await model.dispose();
}

interface Scoring {
  readonly evaluator: Evaluator;
  readonly pacer: Pacer;
  readonly contextSize: number;
  /** Why texts are read by the slow public API, where they are. */
  readonly slowBecause?: string;
}

async function openScoring(
  llama: Llama,
  loaded: Loaded,
  sequence: LlamaContextSequence,
  candidates: readonly number[],
  options: OpenEmbeddedOptions,
): Promise<Scoring> {
  const pacer = new Pacer(new ThreadChoice(candidates));
  const context = await contextOf(loaded, options, SCORE_CONTEXT);
  const fast = fastEvaluator(llama, loaded.model, context, pacer, options.findAddon ?? addonOf);
  // Its reading takes longer than its evaluation: its times say nothing to the other's pacer.
  const slowPacer = new Pacer(new ThreadChoice(candidates));
  const slow = new SequenceEvaluator(sequence, slowPacer);
  const check = checkText(loaded.model);
  if (fast) await measureThreads(fast, pacer, check);
  const slowBecause = fast ? await disagreement(fast, slow, check) : "this node-llama-cpp has other internals";
  if (fast && slowBecause === undefined) return { evaluator: fast, pacer, contextSize: context.contextSize };
  await fast?.close();
  await context.dispose();
  const { contextSize } = sequence;
  return { evaluator: slow, pacer: slowPacer, contextSize, ...(slowBecause ? { slowBecause } : {}) };
}

function fastEvaluator(
  llama: Llama,
  model: LlamaModel,
  context: LlamaContext,
  pacer: Pacer,
  findAddon: typeof addonOf,
): AddonEvaluator | undefined {
  const addon = findAddon(llama, model, context);
  return addon && new AddonEvaluator(addon, BATCH_SIZE, pacer);
}

/** A text with likely and unlikely tokens. */
function checkText(model: LlamaModel): ReadingCheck {
  const text = model.tokenize("The capital of France is Paris, and seven zebra turn.", false);
  return { prompt: text.slice(0, 4), reply: text.slice(4, 12) };
}

/** Longest time for it at load, in milliseconds; what is left open then is measured in the first requests. */
const MEASURING_MS = 1000;

async function measureThreads(evaluator: Evaluator, pacer: Pacer, { prompt, reply }: ReadingCheck) {
  const start = performance.now();
  // The first evaluation reads the weights from disk.
  await evaluator.advance(prompt);
  while (pacer.isMeasuring && performance.now() - start < MEASURING_MS) {
    await evaluator.eraseFrom(prompt.length);
    await evaluator.logProbabilities(reply.slice(0, -1), reply.slice(1));
  }
}

class OpenedModel implements EmbeddedModel {
  readonly identity: ModelIdentity;
  readonly capabilities: Capabilities;
  readonly #loaded: Loaded;
  readonly #tokens: ChatTokens;
  readonly #chat: EmbeddedChat;
  readonly #scoring: Scoring;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(loaded: Loaded, tokens: ChatTokens, chat: EmbeddedChat, scoring: Scoring, identity: ModelIdentity) {
    this.#loaded = loaded;
    this.#tokens = tokens;
    this.#chat = chat;
    this.#scoring = scoring;
    this.identity = identity;
    this.capabilities = {
      score: true,
      chat: true,
      letterLogProbabilities: true,
      maximumParallel: 1,
      lacks: scoring.slowBecause ? { "fast score": scoring.slowBecause } : {},
    };
  }

  get threads(): number {
    return this.#scoring.pacer.fastest;
  }

  score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
    return this.#alone(() => this.#score(request, signal, { keepPrefix: true }));
  }

  scoreFromScratch(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
    return this.#alone(() => this.#score(request, signal, { keepPrefix: false }));
  }

  chat(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> {
    return this.#alone(async () => {
      signal.throwIfAborted();
      return this.#chat.answer(this.#tokens.prompt(request.messages), request, signal);
    });
  }

  close(): Promise<void> {
    return this.#alone(async () => {
      if (this.#loaded.model.disposed) return;
      await this.#scoring.evaluator.close();
      await unload(this.#loaded);
    });
  }

  async #score(request: ScoreRequest, signal: AbortSignal, options: ScoreTextsOptions): Promise<ScoreAnswer> {
    signal.throwIfAborted();
    const prompt = this.#tokens.prompt(request.messages);
    const replies = request.replies.map((text) => this.#tokens.reply(text));
    const tokens = replies.map((reply) => reply.length);
    const needed = prompt.length + Math.max(0, ...tokens);
    if (needed > this.#scoring.contextSize) throw tooLong(needed, this.#scoring.contextSize);
    if (this.#scoring.slowBecause) this.#chat.forget();
    const logProbabilities = await scoreTexts(this.#scoring.evaluator, prompt, replies, signal, options);
    const completionTokens = tokens.reduce((sum, count) => sum + count, 0);
    return { kind: "score", logProbabilities, tokens, usage: { promptTokens: prompt.length, completionTokens } };
  }

  /** After everything that was asked before, whether that succeeded or not. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work, work);
    this.#queue = result.catch(() => {});
    return result;
  }
}
