import { createReadStream } from "node:fs";
import { DashpotError } from "../model/error.ts";

/** Longest line or record of a table: more is no code, and would be held in memory. */
export const LONGEST_RECORD = 1 << 20;

/**
 * A file's text piece by piece, without a byte-order mark. Errors: `file-unreadable` where it cannot be opened or is no
 * file, `file-not-utf8`.
 */
export async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const bytes of createReadStream(path)) yield decoder.decode(bytes as Buffer, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): DashpotError {
  if (cause instanceof TypeError && (cause as { code?: string }).code === "ERR_ENCODING_INVALID_ENCODED_DATA") {
    return new DashpotError("file-not-utf8", `expected UTF-8, received other bytes, in ${path}`, "save it as UTF-8", {
      cause,
    });
  }
  const code = (cause as { code?: unknown }).code ?? "an error";
  return new DashpotError(
    "file-unreadable",
    `expected a readable file, received ${code}, at ${path}`,
    "name a file that is there and may be read",
    { cause },
  );
}

/** Lines with their numbers from 1, line ends of either kind taken off. Errors: those of textOf, `line-too-long`. */
export async function* linesOf(path: string): AsyncGenerator<{ readonly line: string; readonly number: number }> {
  let rest = "";
  let number = 0;
  const cut = (line: string) => (line.endsWith("\r") ? line.slice(0, -1) : line);
  for await (const piece of textOf(path)) {
    const parts = (rest + piece).split("\n");
    rest = parts.pop() as string;
    for (const line of parts) yield { line: cut(line), number: ++number };
    if (rest.length > LONGEST_RECORD) throw tooLong(path, number + 1);
  }
  if (rest !== "") yield { line: cut(rest), number: number + 1 };
}

/** The error for a line that is longer than any record. */
export function tooLong(path: string, line: number): DashpotError {
  return new DashpotError(
    "line-too-long",
    `expected lines of at most ${LONGEST_RECORD} characters, received a longer one, at ${path}:${line}`,
    "cut the file into records, one a line",
  );
}
