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
    super(short(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "DashpotError";
    this.code = code;
    this.fix = fix;
    this.exit = options.exit ?? 2;
  }
}

/** Enough for any place and what was found there. */
const LONGEST_MESSAGE = 2000;

/** Messages quote what came from outside, which may be of any length. */
function short(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  return `${message.slice(0, LONGEST_MESSAGE).toWellFormed()}… (${message.length} characters)`;
}

export type ExitCode = 1 | 2 | 3 | 4;

export function isDashpotError(value: unknown): value is DashpotError {
  return value instanceof DashpotError;
}
