import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { ScoreAnswer, ScoreRequest } from "../../src/model/language-model.ts";

const WORKER = fileURLToPath(new URL("./scoring-worker.ts", import.meta.url));

/**
 * The embedded model once a core, each in a process of its own on one thread: a sixth faster than one with a thread a
 * core, and no slower where the machine has something else to do, for llama.cpp's threads wait for each other spinning.
 * The numbers are the same: they depend on the partition and not on threads (L3).
 */
export class ScoringPool {
  readonly #free: ChildProcess[] = [];
  readonly #all: ChildProcess[];

  constructor(size = availableParallelism()) {
    this.#all = Array.from({ length: size }, () => fork(WORKER, { execArgv: [], serialization: "advanced" }));
    this.#free.push(...this.#all);
  }

  get size(): number {
    return this.#all.length;
  }

  /** At most `size` at once. Rejects where the process ended, or the signal said so. */
  async score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
    const worker = this.#free.pop();
    if (!worker) throw new RangeError(`expected at most ${this.size} at once, received one more`);
    try {
      return await answerOf(worker, request, signal);
    } finally {
      this.#free.push(worker);
    }
  }

  close(): void {
    for (const worker of this.#all) if (worker.connected) worker.disconnect();
  }
}

function answerOf(worker: ChildProcess, request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
  const rest = new AbortController();
  const once = { signal: rest.signal };
  return new Promise<ScoreAnswer>((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`expected a score, received the end of its process, exit code ${code}`));
    signal.addEventListener("abort", () => reject(signal.reason), once);
    if (signal.aborted) reject(signal.reason);
    worker.once("message", resolve);
    worker.once("exit", ended);
    rest.signal.addEventListener("abort", () => worker.off("message", resolve).off("exit", ended));
    worker.send(request);
  }).finally(() => rest.abort());
}
