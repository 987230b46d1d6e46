/** How often what was called last had been called just before, alone or in turn with others. */
export interface Repetition {
  /** Calls that come round: 1 the same call, 2 two by turns. */
  readonly period: number;
  /** Whole rounds at the end of the history, the last included. */
  readonly rounds: number;
}

/** Longest circle looked for: beyond it three rounds do not end within an episode with calls to spare. */
const LONGEST_PERIOD = 3;

/** The most rounds that a history ends with, by the shortest period; null, for no call, is like nothing. */
export function repetitionOf(history: readonly (string | null)[]): Repetition {
  let most: Repetition = { period: 1, rounds: 0 };
  for (let period = 1; period <= LONGEST_PERIOD; period += 1) {
    const rounds = roundsOf(history, period);
    if (rounds > most.rounds) most = { period, rounds };
  }
  return most;
}

function roundsOf(history: readonly (string | null)[], period: number): number {
  let tail = 0;
  for (let at = history.length - 1; at >= 0; at -= 1) {
    const later = tail < period ? history[at] : history[at + period];
    if (later === null || history[at] !== later) break;
    tail += 1;
  }
  return Math.floor(tail / period);
}
