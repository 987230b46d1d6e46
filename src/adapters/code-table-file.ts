import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { parseStrictJson } from "../kernel/strict-json.ts";
import { DashpotError } from "../model/error.ts";
import type { CodeRow } from "../profile/agree/coding-table.ts";
import { LONGEST_RECORD, linesOf, textOf, tooLong } from "./text-lines.ts";

const NEEDED = ["unit", "coder", "value"] as const;
const DELIMITERS = [",", ";", "\t"] as const;

/**
 * Codes in long form, one a row, in the order of the file (K1): CSV with a header (separated by commas, semicolons or
 * tabs), or JSON Lines where the name ends in `.jsonl` or `.ndjson`. Errors, with file and line: `codes-unreadable`,
 * `codes-column-missing`, and those of reading text.
 */
export async function* readCodes(path: string): AsyncGenerator<CodeRow> {
  yield* /\.(jsonl|ndjson)$/i.test(path) ? fromJsonLines(path) : fromCsv(path);
}

async function* fromCsv(path: string): AsyncGenerator<CodeRow> {
  const text = textOf(path);
  const { head, whole } = await withFirstLine(text, path);
  const delimiter = delimiterOf(head);
  const parser = parse({ delimiter, info: true, skip_empty_lines: true, max_record_size: LONGEST_RECORD });
  Readable.from(whole)
    .on("error", (error) => parser.destroy(error))
    .pipe(parser);
  let places: Places | null = null;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (places) yield rowOf(record, places, info.lines, path);
      else places = placesOf(record, path);
    }
  } catch (cause) {
    throw cause instanceof CsvError ? unreadable(cause, path) : cause;
  }
  if (!places) throw missing("a header", path);
}

/** The first line is looked at before anything is parsed, since it tells the delimiter. */
async function withFirstLine(text: AsyncGenerator<string>, path: string) {
  let begun = "";
  while (!begun.includes("\n")) {
    const { value, done } = await text.next();
    if (done) break;
    begun += value;
    if (begun.length > LONGEST_RECORD) throw tooLong(path, 1);
  }
  async function* whole() {
    yield begun;
    yield* text;
  }
  return { head: begun.split("\n", 1)[0] as string, whole: whole() };
}

function delimiterOf(head: string): string {
  const columns = (delimiter: string) => head.split(delimiter).length;
  return DELIMITERS.reduce((best, one) => (columns(one) > columns(best) ? one : best));
}

type Places = Readonly<Record<(typeof NEEDED)[number], number>> & { readonly dimension: number };

function placesOf(header: readonly string[], path: string): Places {
  const names = header.map((name) => name.trim());
  const place = (name: string) => names.indexOf(name);
  const absent = NEEDED.find((name) => place(name) < 0);
  if (absent) throw missing(`a column ${absent}`, path, names);
  return { unit: place("unit"), coder: place("coder"), value: place("value"), dimension: place("dimension") };
}

function rowOf(
  record: readonly string[],
  { unit, coder, value, dimension }: Places,
  line: number,
  path: string,
): CodeRow {
  const at = (place: number) => (record[place] ?? "").trim();
  const empty = at(unit) === "" ? "unit" : at(coder) === "" ? "coder" : null;
  if (empty) {
    const message = `expected a ${empty}, received an empty field, at ${path}:${line}`;
    throw new DashpotError("codes-unreadable", message, "name unit and coder in every row; a code itself may be empty");
  }
  return { unit: at(unit), coder: at(coder), value: at(value), dimension: dimension < 0 ? "" : at(dimension), line };
}

function missing(what: string, path: string, names: readonly string[] = []): DashpotError {
  const received = names.length === 0 ? "an empty file" : names.join(", ").slice(0, 200);
  return new DashpotError(
    "codes-column-missing",
    `expected ${what}, received ${received}, at ${path}:1`,
    "give a header with unit, coder and value, and dimension where there are several",
  );
}

function unreadable(cause: CsvError, path: string): DashpotError {
  const { lines } = cause as { lines?: number };
  return new DashpotError(
    "codes-unreadable",
    `expected CSV with as many fields a row as the header has, received ${cause.code}, at ${path}:${lines ?? 1}`,
    "put quotes around values that hold the separator, a quote or a line end",
    { cause },
  );
}

async function* fromJsonLines(path: string): AsyncGenerator<CodeRow> {
  let rows = 0;
  for await (const { line, number } of linesOf(path)) {
    if (line.trim() === "") continue;
    rows += 1;
    yield jsonRow(line, number, path);
  }
  if (rows === 0) throw missing("a record", path);
}

function jsonRow(text: string, line: number, path: string): CodeRow {
  const value = parsedJson(text);
  const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const read = (name: string) => {
    const field = fields[name];
    if (typeof field === "string" || typeof field === "number") return String(field).trim();
    return field === null || field === undefined ? "" : null;
  };
  const [unit, coder, code, dimension] = [read("unit"), read("coder"), read("value"), read("dimension")];
  if (unit && coder && code !== null && dimension !== null) return { unit, coder, value: code, dimension, line };
  throw new DashpotError(
    "codes-unreadable",
    `expected an object with unit, coder and value, each a text or a number, received ${text.slice(0, 80)}, at ${path}:${line}`,
    "correct the line",
  );
}

function parsedJson(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch {
    return undefined;
  }
}
