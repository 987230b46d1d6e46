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
  readonly size: number;
  readonly #free: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  constructor(size = availableParallelism()) {
    this.size = size;
  }

  /** At most `size` at once. Rejects where the process could not be begun or ended, or the signal said so. */
  async score(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
    const worker = this.#free.pop() ?? this.#begin();
    try {
      const answer = await answerOf(worker, request, signal);
      this.#free.push(worker);
      return answer;
    } catch (error) {
      // It is not asked again: its answer might still come.
      this.#all.delete(worker);
      if (worker.connected) worker.disconnect();
      throw error;
    }
  }

  close(): void {
    for (const worker of this.#all) if (worker.connected) worker.disconnect();
  }

  #begin(): ChildProcess {
    if (this.#all.size >= this.size) throw new RangeError(`expected at most ${this.size} at once, received one more`);
    const worker = fork(WORKER, { execArgv: [], serialization: "advanced" });
    this.#all.add(worker);
    return worker;
  }
}

function answerOf(worker: ChildProcess, request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer> {
  return new Promise<ScoreAnswer>((resolve, reject) => {
    const rest = () => {
      worker.off("message", answered).off("exit", ended).off("error", failed);
      signal.removeEventListener("abort", stopped);
    };
    const answered = (answer: ScoreAnswer) => {
      rest();
      resolve(answer);
    };
    const failed = (reason: unknown) => {
      rest();
      reject(reason);
    };
    const stopped = () => failed(signal.reason);
    const ended = (code: number | null) =>
      failed(new Error(`expected a score, received the end of its process, exit code ${code}`));
    worker.once("message", answered).once("exit", ended).once("error", failed);
    signal.addEventListener("abort", stopped);
    if (signal.aborted) stopped();
    else worker.send(request, (error) => error && failed(error));
  });
}
