import {
  type Llama,
  type LlamaContextSequence,
  type LlamaGrammar,
  LlamaGrammarEvaluationState,
  type LlamaModel,
  type SequenceEvaluateOptions,
  type Token,
} from "node-llama-cpp";
import { CallError } from "../../model/call-error.ts";
import type { ChatAnswer, ChatRequest, StopReason } from "../../model/language-model.ts";
import { grammarSchema } from "./grammar-schema.ts";
import type { Pacer } from "./pacer.ts";

/** Chat turns of a local model over one sequence, which nothing else may use meanwhile. */
export class EmbeddedChat {
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #sequence: LlamaContextSequence;
  readonly #pacer: Pacer;
  readonly #grammars = new Map<string, LlamaGrammar | undefined>();
  /** Tokens at the beginning of the sequence that were evaluated block by block. */
  #prefix: readonly Token[] = [];

  /** `pacer` chooses threads for single tokens, which gain less from threads than texts do. */
  constructor(llama: Llama, sequence: LlamaContextSequence, pacer: Pacer) {
    this.#llama = llama;
    this.#model = sequence.model;
    this.#sequence = sequence;
    this.#pacer = pacer;
  }

  /**
   * Answers `prompt`. Temperature 0 takes the likeliest token; else the whole vocabulary is sampled at that temperature
   * with `request.seed`. `usage.completionTokens` counts the tokens that the model produced, an end of turn included.
   *
   * Errors: `CallError` `request-refused` where the prompt leaves no room in the context; on abort, the signal's reason.
   */
  async answer(prompt: readonly Token[], request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer> {
    const room = this.#sequence.contextSize - prompt.length - 1;
    const last = prompt.at(-1);
    if (room < 1 || last === undefined) throw tooLong(prompt.length, this.#sequence.contextSize);
    await this.#read(prompt.slice(0, -1), signal);
    const letters = request.letters && (await this.#letterLogProbabilities(last, request.letters));
    const { tokens, stop, produced } = await this.#generate(
      last,
      Math.min(room, request.maximumTokens),
      request,
      signal,
    );
    return {
      kind: "chat",
      text: this.#model.detokenize(tokens),
      stop,
      ...(letters ? { letterLogProbabilities: letters } : {}),
      usage: { promptTokens: prompt.length, completionTokens: produced },
    };
  }

  /** Says that something else has used the sequence. */
  forget(): void {
    this.#prefix = [];
  }

  /**
   * Evaluates `prefix` block by block, keeping the blocks that it has in common with the prefix before (L3): a block
   * is one batch however often it was evaluated, so that an answer is the same whatever was asked before it.
   */
  async #read(prefix: readonly Token[], signal: AbortSignal): Promise<void> {
    // Of a recurrent model no part can be forgotten: what is kept would be read again, in other pieces.
    const kept = this.#sequence.needsCheckpoints ? 0 : wholeBlocks(commonLength(this.#prefix, prefix));
    this.#prefix = [];
    await this.#eraseFrom(kept);
    this.#setThreads(this.#pacer.fastest);
    for (let start = kept; start < prefix.length; start += BLOCK) {
      await this.#sequence.evaluateWithoutGeneratingNewTokens(prefix.slice(start, start + BLOCK));
      signal.throwIfAborted();
    }
    this.#prefix = prefix;
  }

  async #eraseFrom(position: number): Promise<void> {
    const { nextTokenIndex } = this.#sequence;
    if (position === 0) await this.#sequence.clearHistory();
    else if (position < nextTokenIndex) {
      await this.#sequence.eraseContextTokenRanges([{ start: position, end: nextTokenIndex }]);
    }
  }

  /** Of the first answer token, each letter with and without a space before it; the state is left as it was. */
  async #letterLogProbabilities(last: Token, letters: readonly string[]): Promise<Record<string, number>> {
    const position = this.#sequence.nextTokenIndex;
    const whole = { generateNext: { probabilities: true, options: { temperature: 0 } } };
    const [answer] = await this.#sequence.controlledEvaluate([[last, whole]]);
    await this.#sequence.eraseContextTokenRanges([{ start: position, end: position + 1 }]);
    const probabilities = answer?.next.probabilities ?? new Map<Token, number>();
    const nats = (letter: string) => {
      const variants = this.#singleTokens([letter, ` ${letter}`]);
      return Math.log(variants.reduce((sum, token) => sum + (probabilities.get(token) ?? 0), 0) || SMALLEST);
    };
    return Object.fromEntries(letters.map((letter) => [letter, nats(letter)]));
  }

  #singleTokens(texts: readonly string[]): Token[] {
    const tokens = texts.map((text) => this.#model.tokenize(text, false)).filter((split) => split.length === 1);
    return [...new Set(tokens.flat())];
  }

  async #generate(last: Token, maximum: number, request: ChatRequest, signal: AbortSignal) {
    const grammar = request.schema && (await this.#grammar(request.schema));
    const tokens: Token[] = [];
    let produced = 0;
    let stop: StopReason = "length";
    const stream = this.#sequence.evaluate([last], this.#sampling(request, grammar));
    try {
      while (stop !== "stop" && produced < maximum) {
        const { value: token, done } = await this.#pacer.run(this.#setThreads, 1, () => stream.next());
        signal.throwIfAborted();
        if (done) break;
        produced += 1;
        const ended = this.#model.isEogToken(token);
        if (!ended) tokens.push(token);
        if (ended || (grammar && isWholeJson(this.#model.detokenize(tokens)))) stop = "stop";
      }
    } finally {
      // A stream that is left half-way holds the model open for ever.
      await stream.return();
    }
    return { tokens, stop, produced };
  }

  readonly #setThreads = (threads: number) => {
    this.#llama.maxThreads = threads;
  };

  #sampling(request: ChatRequest, grammar: LlamaGrammar | undefined): SequenceEvaluateOptions {
    return {
      temperature: request.temperature,
      // Of llama.cpp's seeds the highest one means "take another".
      seed: request.seed % 0xffffffff,
      topK: 0,
      topP: 1,
      minP: 0,
      yieldEogToken: true,
      ...(grammar ? { grammarEvaluationState: new LlamaGrammarEvaluationState({ model: this.#model, grammar }) } : {}),
    };
  }

  /** Undefined where the schema cannot be made a grammar: the answer is then text as it comes. */
  async #grammar(schema: Readonly<Record<string, unknown>>): Promise<LlamaGrammar | undefined> {
    const key = JSON.stringify(schema);
    if (!this.#grammars.has(key)) {
      const bound = grammarSchema(schema);
      const grammar = bound && (await this.#llama.createGrammarForJsonSchema(bound).catch(() => undefined));
      this.#grammars.set(key, grammar);
    }
    return this.#grammars.get(key);
  }
}

/** Tokens that are evaluated at once; what a conversation adds is some fifty. */
const BLOCK = 64;

function wholeBlocks(tokens: number): number {
  return tokens - (tokens % BLOCK);
}

function commonLength(one: readonly Token[], other: readonly Token[]): number {
  const differs = one.findIndex((token, place) => token !== other[place]);
  return differs < 0 ? one.length : differs;
}

/** Smallest 32-bit probability: a letter that has none gets less than any that has one, and still a number. */
const SMALLEST = 2 ** -149;

/** The grammar asks for four empty lines after the value; the answer ends before them. */
function isWholeJson(text: string): boolean {
  if (!/[}\]"]\s*$|\n$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function tooLong(tokens: number, contextSize: number): CallError {
  return new CallError(
    "call",
    "request-refused",
    `expected a request that fits the context of ${contextSize} tokens, received ${tokens} and the answer`,
    { fix: "shorten the texts, or take a model with a larger context" },
  );
}
