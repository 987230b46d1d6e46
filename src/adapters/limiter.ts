import type { Clock } from "./clock.ts";

/** How many calls may be in flight, and what changes it. */
export interface LimiterOptions {
  readonly clock: Clock;
  /** Never more than this. */
  readonly ceiling: number;
  readonly start?: number;
}

const HALF = 0.5;

/**
 * Additive increase, multiplicative decrease (R4).
 *
 * Until the first push-back the limit grows by one a success, which doubles it each round trip, so that a healthy
 * endpoint is at the ceiling within a second; after it by one a window. A push-back halves it at most once a round trip,
 * for all calls of one burst are refused together.
 * Reference: Chiu and Jain 1989, Computer Networks and ISDN Systems 17, 1–14.
 */
export class Limiter {
  readonly #clock: Clock;
  readonly #ceiling: number;
  #limit: number;
  #inFlight = 0;
  #probing = true;
  #latencyMs = 0;
  #lastCutAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #cancelWake: (() => void) | null = null;
  readonly #waiting: { grant: () => void }[] = [];

  constructor({ clock, ceiling, start = 4 }: LimiterOptions) {
    this.#clock = clock;
    this.#ceiling = Math.max(1, ceiling);
    this.#limit = Math.min(this.#ceiling, Math.max(1, start));
  }

  get limit(): number {
    return Math.floor(this.#limit);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Milliseconds until a pause ends, 0 when there is none. */
  get pausedMs(): number {
    return Math.max(0, this.#pausedUntil - this.#clock.now());
  }

  /** Resolves when the caller may start, first come first served; rejects with the signal's reason. */
  acquire(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const waiter = {
        grant: () => {
          signal.removeEventListener("abort", abort);
          this.#inFlight += 1;
          resolve();
        },
      };
      const abort = () => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  release(): void {
    this.#inFlight -= 1;
    this.#admit();
  }

  succeeded(latencyMs: number): void {
    this.#latencyMs = this.#latencyMs === 0 ? latencyMs : 0.9 * this.#latencyMs + 0.1 * latencyMs;
    this.#limit = Math.min(this.#ceiling, this.#limit + (this.#probing ? 1 : 1 / this.#limit));
    this.#admit();
  }

  /** The endpoint pushed back; with `pauseMs` nobody starts before that has passed. */
  pushedBack(pauseMs = 0): void {
    const now = this.#clock.now();
    this.#probing = false;
    if (now - this.#lastCutAt >= this.#latencyMs) {
      this.#limit = Math.max(1, this.#limit * HALF);
      this.#lastCutAt = now;
    }
    if (pauseMs > 0) this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
  }

  #admit(): void {
    if (this.pausedMs > 0) return this.#wakeLater();
    while (this.#inFlight < this.limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      next.grant();
    }
  }

  #wakeLater(): void {
    if (this.#cancelWake || this.#waiting.length === 0) return;
    this.#cancelWake = this.#clock.after(this.pausedMs + 1, () => {
      this.#cancelWake = null;
      this.#admit();
    });
  }
}
