import type { Llama, LlamaContext, LlamaModel, Token } from "node-llama-cpp";
import type { Pacer } from "./pacer.ts";
import type { Evaluator } from "./score-texts.ts";

/** The part of node-llama-cpp's native context and sampler that is used here; its public API is above it. */
export interface Addon {
  readonly context: AddonContext;
  createSampler(): AddonSampler;
}

interface AddonContext {
  initBatch(size: number): void;
  addToBatch(sequence: number, position: number, tokens: Uint32Array, wanted: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  sampleToken(index: number, sampler: AddonSampler, probabilities: boolean, confidence: boolean): Promise<Sample>;
  removeTokenCellsFromSequence(sequence: number, from: number, to: number): boolean;
  setThreads(threads: number): void;
}

interface AddonSampler {
  applyConfig(config: Readonly<Record<string, unknown>>): void;
  dispose(): void;
}

/** Token; token and probability by turns, the likeliest first; the token's own probability. */
type Sample = readonly [token: number, probabilities: readonly number[] | undefined, confidence: number | undefined];

/** Undefined where this version of node-llama-cpp does not have these internals. */
export function addonOf(llama: Llama, model: LlamaModel, context: LlamaContext): Addon | undefined {
  const native = property(context, "_ctx");
  const Sampler = property(property(llama, "_bindings"), "AddonSampler");
  const nativeModel = property(model, "_model");
  const methods = [
    "initBatch",
    "addToBatch",
    "decodeBatch",
    "sampleToken",
    "removeTokenCellsFromSequence",
    "setThreads",
  ];
  if (!methods.every((name) => typeof property(native, name) === "function")) return undefined;
  if (typeof Sampler !== "function" || nativeModel === undefined) return undefined;
  return {
    context: native as AddonContext,
    createSampler: () => Reflect.construct(Sampler, [nativeModel]) as AddonSampler,
  };
}

function property(of: unknown, name: string): unknown {
  return of !== null && (typeof of === "object" || typeof of === "function") ? Reflect.get(of, name) : undefined;
}

const SEQUENCE = 0;

/**
 * Reads log-probabilities below the public API, which gives those of the whole vocabulary as an array for every token:
 * that costs several times what the model itself does.
 *
 * The context must not be used by anything else.
 */
export class AddonEvaluator implements Evaluator {
  readonly #addon: Addon;
  readonly #batchSize: number;
  readonly #pacer: Pacer;
  /** One a thread; a reader changes its samplers while it reads. */
  readonly #readers: TokenReader[] = [];
  #position = 0;

  constructor(addon: Addon, batchSize: number, pacer: Pacer) {
    this.#addon = addon;
    this.#batchSize = batchSize;
    this.#pacer = pacer;
  }

  async eraseFrom(position: number): Promise<boolean> {
    const erased = this.#addon.context.removeTokenCellsFromSequence(SEQUENCE, position, -1);
    if (!erased) this.#addon.context.removeTokenCellsFromSequence(SEQUENCE, 0, -1);
    this.#position = erased ? position : 0;
    return erased;
  }

  async advance(tokens: readonly Token[]): Promise<void> {
    this.#addon.context.setThreads(this.#pacer.fastest);
    for (const piece of pieces(tokens, this.#batchSize)) await this.#decode(piece, false);
  }

  async logProbabilities(tokens: readonly Token[], targets: readonly Token[]): Promise<(number | null)[]> {
    const values: (number | null)[] = [];
    for (const piece of pieces(tokens, this.#batchSize)) {
      const setThreads = (threads: number) => this.#addon.context.setThreads(threads);
      const indexes = await this.#pacer.run(setThreads, piece.length, () => this.#decode(piece, true));
      values.push(...(await this.#readAll(indexes, targets.slice(values.length))));
    }
    return values;
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.splice(0)) reader.close();
  }

  /** The first token alone, for llama.cpp puts its outputs in order when it is first asked for one; then side by side. */
  async #readAll(indexes: Uint32Array, targets: readonly Token[]): Promise<(number | null)[]> {
    const values: (number | null)[] = [await this.#reader(0).read(indexes[0] as number, targets[0])];
    let next = 1;
    const lane = async (_: unknown, number: number) => {
      while (next < indexes.length) {
        const place = next++;
        values[place] = await this.#reader(number).read(indexes[place] as number, targets[place]);
      }
    };
    await Promise.all(Array.from({ length: this.#pacer.fastest }, lane));
    return values;
  }

  #reader(number: number): TokenReader {
    this.#readers[number] ??= new TokenReader(this.#addon);
    return this.#readers[number];
  }

  async #decode(tokens: readonly Token[], read: boolean): Promise<Uint32Array> {
    const { context } = this.#addon;
    context.initBatch(tokens.length);
    const wanted = Uint32Array.from(read ? tokens.keys() : []);
    const indexes = context.addToBatch(SEQUENCE, this.#position, Uint32Array.from(tokens), wanted);
    await context.decodeBatch();
    this.#position += tokens.length;
    return indexes;
  }
}

/** Reads log-probabilities of single tokens off the outputs of the last batch. */
class TokenReader {
  readonly #context: AddonContext;
  readonly #reference: AddonSampler;
  readonly #pair: AddonSampler;

  constructor(addon: Addon) {
    this.#context = addon.context;
    this.#reference = addon.createSampler();
    this.#pair = addon.createSampler();
  }

  /** log P(target) = log P(reference) + (logit of target − logit of reference), for a token that both calls know. */
  async read(index: number, target: Token | undefined): Promise<number | null> {
    if (target === undefined) return null;
    const [reference, logProbability] = await this.#readReference(index);
    if (reference === target || logProbability === null) return logProbability;
    const difference = await this.#logitDifference(index, target, reference);
    return difference === null ? null : logProbability + difference;
  }

  /**
   * Any one token with its probability over the whole vocabulary.
   *
   * The addon sorts what it normalises over, which costs most of its time. Its sum is a 32-bit one over falling terms
   * that begin with 1, so that terms below 2^-24 change no bit of it: leaving them out before the sort (`minP`) gives
   * the same number in a third of the time. Which token comes is drawn by the sampler; seeding anew for every token
   * makes it the same one every time.
   */
  async #readReference(index: number): Promise<[Token, number | null]> {
    this.#reference.applyConfig({ temperature: 1, minP: LOST_IN_THE_SUM, seed: 1 });
    this.#reference.applyConfig({ temperature: 1, minP: LOST_IN_THE_SUM, seed: 2 });
    const [token, , probability] = await this.#context.sampleToken(index, this.#reference, false, true);
    return [token as Token, probability && probability > 0 ? Math.log(probability) : null];
  }

  /** Raises both tokens above all others and reads the ratio of the two; higher, if one of them was still below. */
  async #logitDifference(index: number, one: Token, other: Token): Promise<number | null> {
    for (let raise = 64; raise <= 512; raise *= 2) {
      this.#pair.applyConfig({
        temperature: 1,
        topK: 2,
        seed: 1,
        tokenBiasKeys: Uint32Array.of(one, other),
        tokenBiasValues: Float32Array.of(raise, raise),
      });
      const [, pair] = await this.#context.sampleToken(index, this.#pair, true, false);
      const difference = logRatio(pair ?? [], one, other);
      if (difference !== null) return difference;
    }
    return null;
  }

  close(): void {
    this.#reference.dispose();
    this.#pair.dispose();
  }
}

/** A little below 2^-24, for the filter takes a 32-bit logarithm of it. */
const LOST_IN_THE_SUM = 0.99 * 2 ** -24;

function logRatio(pair: readonly number[], one: Token, other: Token): number | null {
  const [firstToken, first = 0, secondToken, second = 0] = pair;
  if (first <= 0 || second <= 0) return null;
  if (firstToken === one && secondToken === other) return Math.log(first / second);
  if (firstToken === other && secondToken === one) return Math.log(second / first);
  return null;
}

function* pieces(tokens: readonly Token[], size: number): Generator<readonly Token[]> {
  for (let start = 0; start < tokens.length; start += size) yield tokens.slice(start, start + size);
}
