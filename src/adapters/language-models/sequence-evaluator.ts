import type { LlamaContextSequence, Token } from "node-llama-cpp";
import type { Pacer } from "./pacer.ts";
import type { Evaluator } from "./score-texts.ts";

/**
 * Reads log-probabilities by node-llama-cpp's public API: the probabilities of the whole vocabulary at every token.
 * Slow, and the measure by which the fast reader is checked.
 */
export class SequenceEvaluator implements Evaluator {
  readonly #sequence: LlamaContextSequence;
  readonly #pacer: Pacer;

  /** The sequence must not be used by anything else between `eraseFrom(0)` and the last reading. */
  constructor(sequence: LlamaContextSequence, pacer: Pacer) {
    this.#sequence = sequence;
    this.#pacer = pacer;
  }

  async eraseFrom(position: number): Promise<boolean> {
    const end = this.#sequence.nextTokenIndex;
    if (position < end) await this.#sequence.eraseContextTokenRanges([{ start: position, end }]);
    return true;
  }

  async advance(tokens: readonly Token[]): Promise<void> {
    this.#sequence.model.llama.maxThreads = this.#pacer.fastest;
    if (tokens.length > 0) await this.#sequence.evaluateWithoutGeneratingNewTokens([...tokens]);
  }

  async logProbabilities(tokens: readonly Token[], targets: readonly Token[]): Promise<(number | null)[]> {
    const options = { generateNext: { probabilities: true, options: { temperature: 0 } } };
    const { llama } = this.#sequence.model;
    const setThreads = (threads: number) => {
      llama.maxThreads = threads;
    };
    const answers = await this.#pacer.run(setThreads, tokens.length, () =>
      this.#sequence.controlledEvaluate(tokens.map((token) => [token, options])),
    );
    return targets.map((target, place) => {
      const probability = answers[place]?.next.probabilities?.get(target) ?? 0;
      return probability > 0 ? Math.log(probability) : null;
    });
  }

  async close(): Promise<void> {}
}
