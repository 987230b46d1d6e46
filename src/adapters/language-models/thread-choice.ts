/** Evaluations that a number of threads is measured by before it is judged. */
const MEASUREMENTS = 3;
/** Evaluations between two looks at a number of threads that was not the fastest. */
const PATIENCE = 64;
const LONGEST_PATIENCE = 512;
/** Weight of the newest measurement. */
const NEWEST = 0.5;

interface Pace {
  msPerToken: number;
  measurements: number;
  lookedAt: number;
  patience: number;
}

/**
 * Which number of threads to evaluate with, from what each has cost so far.
 *
 * The best number depends on what else the machine does: two threads on two cores are 1.7 times as fast as one on a
 * quiet machine and tens of times slower on a busy one, because llama.cpp's threads wait for each other spinning. So
 * every evaluation is measured, a number that became slow loses at once to one that was faster, and the others are
 * looked at again now and then, the more seldom the slower they were.
 */
export class ThreadChoice {
  readonly #paces = new Map<number, Pace>();
  readonly #candidates: readonly number[];
  #evaluations = 0;

  /** `candidates`: numbers of threads, at least one; a single one is always taken. */
  constructor(candidates: readonly number[]) {
    if (candidates.length === 0) throw new RangeError("expected at least one number of threads, received none");
    this.#candidates = candidates;
  }

  /** The number that has been the fastest; the first candidate before anything was measured. */
  get fastest(): number {
    return this.#candidates.reduce((best, threads) =>
      this.#msPerToken(threads) < this.#msPerToken(best) ? threads : best,
    );
  }

  /**
   * The number to evaluate with next: one that is not judged yet or due for another look and for which there are cores,
   * else the fastest.
   */
  next(cores = Number.POSITIVE_INFINITY): number {
    const fastest = this.fastest;
    const open = this.#candidates.filter((threads) => threads <= Math.max(cores, fastest));
    const due = (threads: number) => threads !== fastest && this.#isDue(threads);
    return open.find((threads) => this.#unjudged(threads)) ?? open.find(due) ?? fastest;
  }

  /** Whether a candidate for which there are cores has yet to be judged. */
  isMeasuring(cores = Number.POSITIVE_INFINITY): boolean {
    return this.#candidates.length > 1 && this.#unjudged(this.next(cores));
  }

  record(threads: number, msPerToken: number): void {
    this.#evaluations += 1;
    const before = this.#paces.get(threads);
    // What was measured long ago says nothing of the machine as it is now.
    const known = before && this.#evaluations - before.lookedAt < PATIENCE ? before.msPerToken : msPerToken;
    const smoothed = known + NEWEST * (msPerToken - known);
    const pace: Pace = {
      msPerToken: smoothed,
      measurements: (before?.measurements ?? 0) + 1,
      lookedAt: this.#evaluations,
      patience: before?.patience ?? PATIENCE,
    };
    this.#paces.set(threads, pace);
    pace.patience = this.#isHopeless(threads) ? Math.min(2 * pace.patience, LONGEST_PATIENCE) : PATIENCE;
  }

  #msPerToken(threads: number): number {
    return this.#paces.get(threads)?.msPerToken ?? Number.POSITIVE_INFINITY;
  }

  #isHopeless(threads: number): boolean {
    return this.#msPerToken(threads) > 2 * this.#msPerToken(this.fastest);
  }

  #unjudged(threads: number): boolean {
    const pace = this.#paces.get(threads);
    return pace === undefined || (pace.measurements < MEASUREMENTS && !this.#isHopeless(threads));
  }

  #isDue(threads: number): boolean {
    const pace = this.#paces.get(threads);
    return pace !== undefined && this.#evaluations - pace.lookedAt >= pace.patience;
  }
}

/** 1, 2, 4, … and the number of cores itself; never more, for threads without a core of their own stop the others. */
export function threadCandidates(cores: number): number[] {
  const candidates: number[] = [];
  for (let threads = 1; threads < cores; threads *= 2) candidates.push(threads);
  return [...candidates, Math.max(1, cores)];
}
