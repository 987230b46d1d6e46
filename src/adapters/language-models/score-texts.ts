import type { Token } from "node-llama-cpp";

/**
 * A model's state over one sequence of tokens, and its log-probabilities.
 *
 * Each call evaluates its tokens as one batch (longer ones in pieces of a fixed size): with quantised weights the
 * numbers depend on how tokens are split into batches, so that whoever calls decides the partition.
 */
export interface Evaluator {
  /** Forgets all tokens from `position` on. False where the model cannot forget a part; it has then forgotten all. */
  eraseFrom(position: number): Promise<boolean>;
  /** Evaluates tokens after those already there. */
  advance(tokens: readonly Token[]): Promise<void>;
  /** The same, and log P(targets[i] | all tokens up to and with tokens[i]) in nats; null where it cannot be had. */
  logProbabilities(tokens: readonly Token[], targets: readonly Token[]): Promise<(number | null)[]>;
  close(): Promise<void>;
}

export interface ScoreTextsOptions {
  /** False: evaluates the prompt anew for every reply, under the same partition and with the same result. */
  readonly keepPrefix?: boolean;
}

/**
 * Sums of log-probabilities of replies after one prompt, in nats; null for a reply without tokens or where one of its
 * tokens gave none.
 *
 * Partition (L3): the prompt up to and without its last token; then for each reply that last token and the reply's
 * tokens without their last one, whose successor nobody asks for. The state is then erased back to the prompt.
 * No end-of-turn token is added to a reply.
 */
export async function scoreTexts(
  evaluator: Evaluator,
  prompt: readonly Token[],
  replies: readonly (readonly Token[])[],
  signal: AbortSignal,
  { keepPrefix = true }: ScoreTextsOptions = {},
): Promise<(number | null)[]> {
  const last = prompt.at(-1);
  if (last === undefined) throw new RangeError("expected a prompt with at least one token, received none");
  const prefix = prompt.slice(0, -1);
  const sums: (number | null)[] = [];
  let evaluated = false;
  for (const reply of replies) {
    signal.throwIfAborted();
    const kept = evaluated && keepPrefix && (await evaluator.eraseFrom(prefix.length));
    if (!kept) {
      await evaluator.eraseFrom(0);
      await evaluator.advance(prefix);
      evaluated = true;
    }
    sums.push(reply.length === 0 ? null : sum(await evaluator.logProbabilities([last, ...reply.slice(0, -1)], reply)));
  }
  return sums;
}

function sum(values: readonly (number | null)[]): number | null {
  let total = 0;
  for (const value of values) {
    if (value === null) return null;
    total += value;
  }
  return total;
}
