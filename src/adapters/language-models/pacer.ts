import { cpus } from "node:os";
import type { ThreadChoice } from "./thread-choice.ts";

/** How many cores nothing else uses, from the system's own count of idle time. */
export class FreeCores {
  #idleMs = 0;
  #totalMs = 0;
  #free = 1;

  /** `used`: threads that this process kept busy since the last look. At least 1. */
  look(used: number): number {
    const times = cpus().map(({ times }) => times);
    const idleMs = times.reduce((sum, { idle }) => sum + idle, 0);
    const totalMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
    const elapsedMs = (totalMs - this.#totalMs) / times.length;
    // The counters move in steps of 10 ms.
    if (elapsedMs < LEAST_LOOK_MS) return this.#free;
    const idle = (idleMs - this.#idleMs) / elapsedMs;
    [this.#idleMs, this.#totalMs, this.#free] = [idleMs, totalMs, Math.max(1, Math.round(used + idle))];
    return this.#free;
  }
}

const LEAST_LOOK_MS = 50;

/** Evaluates with the number of threads that is next, measured. */
export class Pacer {
  readonly #choice: ThreadChoice;
  readonly #free = new FreeCores();
  #threads = 1;

  constructor(choice: ThreadChoice) {
    this.#choice = choice;
    this.#free.look(0);
  }

  get fastest(): number {
    return this.#choice.fastest;
  }

  get isMeasuring(): boolean {
    return this.#choice.isMeasuring(this.#free.look(this.#threads));
  }

  /** Does `work`, which evaluates `tokens` tokens. */
  async run<T>(setThreads: (threads: number) => void, tokens: number, work: () => Promise<T>): Promise<T> {
    this.#threads = this.#choice.next(this.#free.look(this.#threads));
    setThreads(this.#threads);
    const start = performance.now();
    const result = await work();
    this.#choice.record(this.#threads, (performance.now() - start) / tokens);
    return result;
  }
}
