/** What a check of a bank found, where, and what to do about it. */
export interface Fault {
  /** A warning leaves the bank usable. */
  readonly severity: "fault" | "warning";
  readonly code: string;
  /** Such as `situations.jsonl`. */
  readonly file: string;
  /** Counted from 1; 0 where the fault is the whole file's. */
  readonly line: number;
  /** Such as `replies.CS.0`; empty where the fault is the whole line's. */
  readonly field: string;
  readonly message: string;
  readonly fix: string;
}

/** A record of a bank with the line it stands on, counted from 1. */
export interface Numbered<T> {
  readonly line: number;
  readonly value: T;
}

export const SITUATIONS_FILE = "situations.jsonl";
export const DYADS_FILE = "dyads.jsonl";
export const HEADER_FILE = "bank.yaml";

/** A fault in one situation's text. */
export function situationFault(line: number, field: string, code: string, message: string, fix: string): Fault {
  return { severity: "fault", code, file: SITUATIONS_FILE, line, field, message, fix };
}
