import { CallError } from "../model/call-error.ts";
import { DashpotError, isDashpotError } from "../model/error.ts";
import { harmlessJson, harmlessText } from "./harmless-text.ts";

/** Where a command writes: answers on standard output, everything else on standard error (H12). */
export interface Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly colour: boolean;
  /** Standard error is a terminal: progress is a bar, not lines. */
  readonly interactive: boolean;
  readonly width: number;
  /** The command's answer: text, or with `--json` the document. */
  answer(text: string, document: unknown): void;
  /** Remarks on the way; silent with `--quiet`. */
  note(text: string): void;
}

export function openTerminal(options: { json?: boolean | undefined; quiet?: boolean | undefined }): Terminal {
  const { stdout, stderr, env } = process;
  const json = options.json ?? false;
  const colour = !json && stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return {
    json,
    quiet: options.quiet ?? false,
    colour,
    interactive: stderr.isTTY === true,
    width: stdout.columns ?? 100,
    answer: (text, document) => {
      const shown = json ? harmlessJson(document) : harmlessText(text, colour);
      stdout.write(shown.endsWith("\n") ? shown : `${shown}\n`);
    },
    note: (text) => {
      if (!options.quiet) stderr.write(`${harmlessText(text)}\n`);
    },
  };
}

/** Prints a failure in the one form (`error[code]: …`, `fix: …`) and answers with the exit status. */
export function reportFailure(failure: unknown, json: boolean): number {
  const error = failure instanceof CallError ? new DashpotError(failure.code, failure.message, failure.fix) : failure;
  if (isDashpotError(error)) {
    const { code, message, fix, exit } = error;
    if (json) process.stdout.write(`${harmlessJson({ error: { code, message, fix, exit } })}\n`);
    process.stderr.write(`error[${code}]: ${inOneLine(message)}\nfix: ${inOneLine(fix)}\n`);
    return exit;
  }
  const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (json)
    process.stdout.write(`${harmlessJson({ error: { code: "defect", message: "a defect of ours", exit: 70 } })}\n`);
  process.stderr.write(
    `error[defect]: expected to work, received a defect of ours\nfix: report it with the text below\n${harmlessText(report)}\n`,
  );
  return 70;
}

function inOneLine(text: string): string {
  return harmlessText(text.replaceAll("\n", " "));
}

/** A whole number of at least `least`, or a coded error that names the option. */
export function wholeNumber(option: string, least: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least) return value;
    throw new DashpotError(
      "option-invalid",
      `expected a whole number from ${least} to 9999999999, received ${JSON.stringify(text.slice(0, 40))}, for ${option}`,
      `give ${option} such a number`,
    );
  };
}

/** A finite number within bounds, or a coded error that names the option. */
export function realNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= least && value <= most) return value;
    throw new DashpotError(
      "option-invalid",
      `expected a number from ${least} to ${most}, received ${JSON.stringify(text.slice(0, 40))}, for ${option}`,
      `give ${option} such a number`,
    );
  };
}

/** One of given words, or a coded error that names the option. */
export function oneOf<T extends string>(option: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found) return found;
    throw new DashpotError(
      "option-invalid",
      `expected one of ${words.join(", ")}, received ${JSON.stringify(text.slice(0, 40))}, for ${option}`,
      `give ${option} one of them`,
    );
  };
}
