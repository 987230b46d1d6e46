import { CallError } from "../../model/call-error.ts";
import { type Clock, sleep } from "../clock.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const TRIES = 5;

/** Tries again while the answer is `later`, for the few calls that are made before a run engine watches over them. */
export async function withPatience<Value>(
  action: () => Promise<Value>,
  clock: Clock,
  signal: AbortSignal,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof CallError) || error.scope !== "later" || attempt >= TRIES) throw error;
      const pauseMs = Math.max(error.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      await sleep(clock, Math.min(LONGEST_PAUSE_MS, pauseMs), signal);
    }
  }
}
