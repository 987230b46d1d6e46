/** One row of a speed table: a module `bench/scenarios/NAME.ts` or `bench/kernel/NAME.ts` exports one as `benchmark`. */
export interface Benchmark {
  /** In kebab-case, as on the command line. */
  readonly name: string;
  /** `profile`, `monitor`, … */
  readonly stage: string;
  /** What is measured, as in the table. */
  readonly row: string;
  /** As in the table: `≥ 0.9 × bare fetch`. */
  readonly target: string;
  /** Asserts its answers first and throws where they are wrong; then measures, the peer in the same run. */
  run(signal: AbortSignal): Promise<Measurement>;
}

export interface Measurement {
  readonly figure: number;
  readonly unit: string;
  /** The target as a number in that unit. */
  readonly target: number;
  readonly holds: boolean;
  /** What the figure stands against: the peer and its version, or the bare baseline and its own figure. */
  readonly against: string;
  /** Repetitions behind the figure. */
  readonly n: number;
  /** Whatever else was seen: spread, the baseline's figure. */
  readonly [extra: string]: unknown;
}
