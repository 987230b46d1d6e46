/**
 * A failure with a code that a person or a program can act on.
 *
 * `message` says what was expected, what was received and where, in lower case and without secrets; `fix` says what to
 * do. `exit` is the process status the command line ends with: 2 wrong use or bad input, 3 stopped early and resumable,
 * 1 the answer is no, 4 undecided.
 */
export class DashpotError extends Error {
  readonly code: string;
  readonly fix: string;
  readonly exit: ExitCode;

  constructor(code: string, message: string, fix: string, options: { exit?: ExitCode; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DashpotError";
    this.code = code;
    this.fix = fix;
    this.exit = options.exit ?? 2;
  }
}

export type ExitCode = 1 | 2 | 3 | 4;

export function isDashpotError(value: unknown): value is DashpotError {
  return value instanceof DashpotError;
}
