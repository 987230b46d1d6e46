import { parseStrictJson } from "../kernel/strict-json.ts";
import { DashpotError } from "../model/error.ts";
import type { CodeRow } from "../profile/agree/coding-table.ts";
import { csvRows } from "./csv-rows.ts";
import { linesOf } from "./text-lines.ts";

const NEEDED = ["unit", "coder", "value"] as const;

/**
 * Codes in long form, one a row, in the order of the file (K1): CSV with a header (separated by commas, semicolons or
 * tabs), or JSON Lines where the name ends in `.jsonl` or `.ndjson`. Errors, with file and line: `codes-unreadable`,
 * `codes-column-missing`, and those of reading text.
 */
export async function* readCodes(path: string): AsyncGenerator<CodeRow> {
  yield* /\.(jsonl|ndjson)$/i.test(path) ? fromJsonLines(path) : fromCsv(path);
}

async function* fromCsv(path: string): AsyncGenerator<CodeRow> {
  let places: Places | null = null;
  let width = 0;
  for await (const row of csvRows(path)) {
    if ("fault" in row) throw unreadable(row.fault, row.line, path);
    if (places === null) {
      places = placesOf(row.fields, path);
      width = row.fields.length;
    } else if (row.fields.length === width) yield rowOf(row.fields, places, row.line, path);
    else throw unreadable(`${row.fields.length} of them`, row.line, path);
  }
  if (!places) throw missing("a header", path);
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

function unreadable(what: string, line: number, path: string): DashpotError {
  return new DashpotError(
    "codes-unreadable",
    `expected CSV with as many fields a row as the header has, received ${what}, at ${path}:${line}`,
    "put quotes around values that hold the separator, a quote or a line end",
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
