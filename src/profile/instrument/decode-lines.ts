import { DashpotError } from "../../model/error.ts";
import type { Numbered } from "./fault.ts";

/** The longest line that is read; our longest has 5 KB. */
export const MAXIMUM_LINE_BYTES = 1024 * 1024;

/**
 * Text of a file in strict UTF-8. Errors: those of {@link decodeLines}.
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  return [...decodeLines(bytes, file)].map(({ value }) => value).join("\n");
}

/**
 * Lines of a file one by one, in strict UTF-8, without blank lines at the end; a blank line between others is handed
 * on. A line over the limit is refused before it is decoded or copied. A byte-order mark and CRLF are refused, for an
 * editor or a checkout that puts them makes another bank of it by hash, and neither is seen on a screen. Errors, each with
 * file and line: `bank-not-utf8`, `bank-line-too-long`, `bank-byte-order-mark`, `bank-line-ends`.
 */
export function* decodeLines(bytes: Uint8Array, file: string): Generator<Numbered<string>> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const length = lengthWithoutBlankEnd(bytes);
  let line = 1;
  if (hasMark(bytes)) throw byteOrderMark(file);
  for (let start = 0; start < length; line += 1) {
    const newline = bytes.subarray(0, length).indexOf(10, start);
    const next = newline === -1 ? length : newline;
    if (next - start > MAXIMUM_LINE_BYTES) throw tooLong(file, line, next - start);
    if (bytes[next] === 13 || (bytes[next] === 10 && bytes[next - 1] === 13)) throw lineEnds(file, line);
    yield { line, value: decoded(decoder, bytes.subarray(start, next), file, line) };
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

function hasMark(bytes: Uint8Array): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
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

function byteOrderMark(file: string): DashpotError {
  const message = `expected text from the first byte on, received a byte-order mark in ${file}:1`;
  return new DashpotError("bank-byte-order-mark", message, "save the file as UTF-8 without a byte-order mark");
}

function lineEnds(file: string, line: number): DashpotError {
  const message = `expected lines that end in LF, received CRLF in ${file}:${line}`;
  const fix = "save the file with LF line ends; where Git put them, set core.autocrlf to input and check it out again";
  return new DashpotError("bank-line-ends", message, fix);
}
