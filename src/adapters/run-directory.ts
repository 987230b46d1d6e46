import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DashpotError } from "../model/error.ts";
import { makeDirectory } from "./make-directory.ts";

export const JOURNAL_FILE = "journal.sqlite";
const LOCK_FILE = "journal.lock";
/** SQLite's result codes; extended ones keep them in the low byte. */
export const SQLITE = { busy: 5, readOnly: 8, corrupt: 11, full: 13, constraint: 19, notADatabase: 26 } as const;

/** The result code of an error of node:sqlite, 0 for any other. */
export function sqliteCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : 0;
}

/**
 * Makes the directory of a run, or finds the one there is. What a process left that died before it had a journal does
 * not count as foreign.
 *
 * Errors: `run-missing` (to resume, without a journal), `directory-not-empty`, `directory-unwritable`.
 */
export function prepareDirectory(directory: string, resume: boolean): void {
  const found = look(directory, resume);
  if (resume && !found?.includes(JOURNAL_FILE)) {
    const received = found ? "one without a journal" : "nothing";
    throw new DashpotError(
      "run-missing",
      `expected the directory of a run, received ${received}, at ${directory}`,
      "name the --out of the run to go on with",
    );
  }
  if (
    found &&
    !found.includes(JOURNAL_FILE) &&
    found.some((name) => name !== LOCK_FILE && name !== `${LOCK_FILE}-journal`)
  ) {
    throw new DashpotError(
      "directory-not-empty",
      `expected an empty or new directory, received one with other files, at ${directory}`,
      "name another --out",
    );
  }
  try {
    makeDirectory(directory);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

function look(directory: string, resume: boolean): string[] | null {
  try {
    if (!existsSync(directory)) return null;
    if (statSync(directory).isDirectory()) return readdirSync(directory);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
  throw new DashpotError(
    resume ? "run-missing" : "directory-unwritable",
    `expected a directory, received a file, at ${directory}`,
    resume ? "name the --out of the run to go on with" : "name another --out",
  );
}

/**
 * Keeps every other process off a run directory until it is closed (R3). The operating system holds this lock for the
 * process and drops it when the process dies, however it dies. Errors: `run-in-use`, `directory-unwritable`.
 */
export function takeLock(directory: string): DatabaseSync {
  const lock = openLock(directory);
  try {
    lock.exec("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock.close();
    if (sqliteCode(cause) !== SQLITE.busy) throw unwritable(directory, cause);
    throw new DashpotError(
      "run-in-use",
      `expected a run that nobody works on, received one that another process holds, at ${directory}`,
      "wait for it, or stop it, and try again",
      { cause },
    );
  }
}

function openLock(directory: string): DatabaseSync {
  try {
    return new DatabaseSync(join(directory, LOCK_FILE));
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

/** The error for a directory that cannot be made, read or written. */
export function unwritable(directory: string, cause: unknown): DashpotError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `expected a directory that can be written, received: ${reason}, at ${directory}`;
  return new DashpotError("directory-unwritable", message, "free space or rights there, or name another --out", {
    cause,
  });
}
