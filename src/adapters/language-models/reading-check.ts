import type { Token } from "node-llama-cpp";
import type { Evaluator } from "./score-texts.ts";

/** A text to compare two readings on. */
export interface ReadingCheck {
  readonly prompt: readonly Token[];
  readonly reply: readonly Token[];
}

/** Nats by which two readings of one token may differ; their rounding is some 4e-6. */
const TOLERANCE = 1e-4;

/** Why the fast reading cannot be trusted; undefined where it agrees with the slow one on every token of the reply. */
export async function disagreement(fast: Evaluator, slow: Evaluator, check: ReadingCheck): Promise<string | undefined> {
  try {
    const quick = await read(fast, check);
    const whole = await read(slow, check);
    const differences = whole.map((value, place) => Math.abs((value ?? Number.NaN) - (quick[place] ?? Number.NaN)));
    const worst = differences.find((difference) => !(difference <= TOLERANCE));
    return worst === undefined ? undefined : `its fast reading differs by ${worst} nats from its public one`;
  } catch (error) {
    return `its fast reading failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function read(evaluator: Evaluator, { prompt, reply }: ReadingCheck): Promise<(number | null)[]> {
  await evaluator.eraseFrom(0);
  await evaluator.advance(prompt);
  return evaluator.logProbabilities(reply.slice(0, -1), reply.slice(1));
}
