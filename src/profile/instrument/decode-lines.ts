import { DashpotError } from "../../model/error.ts";
import type { Numbered } from "./fault.ts";

/** The longest line that is read; our longest has 5 KB. */
export const MAXIMUM_LINE_BYTES = 1024 * 1024;

/**
 * Text of a file in strict UTF-8, without its byte-order mark. Errors: `bank-not-utf8`, `bank-line-too-long`, each with
 * file and line.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  return [...decodeLines(bytes, file)].map(({ value }) => value).join("\n");
}

/**
 * Lines of a file one by one, in strict UTF-8, without byte-order mark, line ends (LF or CRLF) and blank lines at the
 * end; a blank line between others is handed on. A line over the limit is refused before it is decoded or copied.
 * Errors: `bank-not-utf8`, `bank-line-too-long`.
 */
export function* decodeLines(bytes: Uint8Array, file: string): Generator<Numbered<string>> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const length = lengthWithoutBlankEnd(bytes);
  let line = 1;
  for (let start = markLength(bytes); start < length; line += 1) {
    const newline = bytes.subarray(0, length).indexOf(10, start);
    const next = newline === -1 ? length : newline;
    const end = next > start && bytes[next - 1] === 13 ? next - 1 : next;
    if (end - start > MAXIMUM_LINE_BYTES) throw tooLong(file, line, end - start);
    yield { line, value: decoded(decoder, bytes.subarray(start, end), file, line) };
    start = next + 1;
  }
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, file: string, line: number): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const message = `expected UTF-8, received other bytes in ${file}:${line}`;
    throw new DashpotError("bank-not-utf8", message, "save the file as UTF-8", { cause });
  }
}

function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function lengthWithoutBlankEnd(bytes: Uint8Array): number {
  let length = bytes.length;
  while (length > 0 && isBlank(bytes[length - 1])) length -= 1;
  return length;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 10 || byte === 13 || byte === 32 || byte === 9;
}

function tooLong(file: string, line: number, received: number): DashpotError {
  const message = `expected lines of at most ${MAXIMUM_LINE_BYTES} bytes, received one of ${received} in ${file}:${line}`;
  return new DashpotError("bank-line-too-long", message, "write one situation or dyad a line and nothing else");
}
