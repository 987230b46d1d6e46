import type { SuiteResult, SuiteState } from "./suite-state.ts";

/**
 * A proof that is too long for `npm test`: run by `npm run verify -- NAME`, written into a page of `docs/`. A module
 * `test/verify/NAME.suite.ts` exports one as `suite`.
 */
export interface VerifySuite {
  /** As in the file's name and on the command line. */
  readonly name: string;
  /** Rules of `docs/spec/`, such as `["E12"]`. */
  readonly proves: readonly string[];
  readonly title: string;
  /** On two cores; at most 180. */
  readonly budgetMinutes: number;
  /** Suites that run the embedded model are summed apart. */
  readonly model: "embedded" | "none";
  run(context: SuiteContext): Promise<SuiteResult>;
  /** Page that the table is written in, such as `docs/calibration.md`. */
  readonly doc: string;
  /** Between `<!-- verify:SECTION -->` and `<!-- /verify:SECTION -->`. */
  readonly section: string;
}

export interface SuiteContext {
  /** What was worked out before an interruption; put each costly piece in as soon as it is known. */
  readonly state: SuiteState;
  /** One line of progress, on standard error. */
  log(line: string): void;
  /** Aborted by Ctrl-C or SIGTERM: throw `signal.reason`, what was put into the state is kept. */
  readonly signal: AbortSignal;
  /** A small slice to try the suite out: nothing is written in `docs/`. */
  readonly quick: boolean;
}
