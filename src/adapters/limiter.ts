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
 * endpoint is at the ceiling within a second; after it by one a window. A push-back halves it at most once a round trip:
 * calls that began before the last cut say nothing about the limit since.
 * Reference: Chiu and Jain 1989, Computer Networks and ISDN Systems 17, 1–14.
 */
export class Limiter {
  readonly #clock: Clock;
  readonly #ceiling: number;
  #limit: number;
  #inFlight = 0;
  #probing = true;
  #lastCutAt = Number.NEGATIVE_INFINITY;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #cancelWake: (() => void) | null = null;
  readonly #waiting = new Set<() => void>();

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
      const grant = () => {
        signal.removeEventListener("abort", abort);
        this.#inFlight += 1;
        resolve();
      };
      const abort = () => {
        this.#waiting.delete(grant);
        if (this.#waiting.size === 0) this.#stopWake();
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.add(grant);
      this.#admit();
    });
  }

  release(): void {
    this.#inFlight -= 1;
    this.#admit();
  }

  succeeded(): void {
    this.#limit = Math.min(this.#ceiling, this.#limit + (this.#probing ? 1 : 1 / this.#limit));
    this.#admit();
  }

  /** The endpoint pushed back on a call that began at `beganAt`; nobody starts before `pauseMs` has passed. */
  pushedBack(beganAt: number, pauseMs = 0): void {
    const now = this.#clock.now();
    this.#probing = false;
    if (beganAt >= this.#lastCutAt) {
      this.#limit = Math.max(1, this.#limit * HALF);
      this.#lastCutAt = now;
    }
    if (pauseMs > 0) this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
  }

  #admit(): void {
    if (this.pausedMs > 0) {
      this.#wakeLater();
      return;
    }
    for (const grant of this.#waiting) {
      if (this.#inFlight >= this.limit) return;
      this.#waiting.delete(grant);
      grant();
    }
  }

  #wakeLater(): void {
    if (this.#cancelWake || this.#waiting.size === 0) return;
    this.#cancelWake = this.#clock.after(this.pausedMs + 1, () => {
      this.#cancelWake = null;
      this.#admit();
    });
  }

  /** A timer that nobody waits for would keep the process. */
  #stopWake(): void {
    this.#cancelWake?.();
    this.#cancelWake = null;
  }
}
