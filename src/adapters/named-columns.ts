import { DashpotError } from "../model/error.ts";
import { columnMissing, csvRows } from "./csv-rows.ts";

/** A row of a table by the names of its columns, with its line. */
export interface NamedRow {
  readonly line: number;
  /** Trimmed; empty where the column is absent. */
  field(name: string): string;
}

/**
 * Rows of a CSV table with given columns, in any order; others are left alone. Errors, with file and line: `column-missing`,
 * `row-unreadable`, and those of `csvRows`.
 */
export async function* rowsWith(path: string, needed: readonly string[]): AsyncGenerator<NamedRow> {
  let header: readonly string[] | null = null;
  for await (const row of csvRows(path)) {
    if ("fault" in row) throw unreadable(row.fault, `${path}:${row.line}`);
    const { fields, line } = row;
    if (header === null) {
      header = fields.map((name) => name.trim());
      const absent = needed.find((name) => !header?.includes(name));
      if (absent) throw columnMissing(absent, header, path, needed.join(", "));
      continue;
    }
    if (fields.length !== header.length) throw unreadable(`${fields.length} of them`, `${path}:${line}`);
    const places = new Map(header.map((name, at) => [name, at]));
    yield { line, field: (name) => fields[places.get(name) ?? -1]?.trim() ?? "" };
  }
  if (header === null) throw columnMissing(needed[0] as string, [], path, needed.join(", "));
}

function unreadable(what: string, where: string): DashpotError {
  return new DashpotError(
    "row-unreadable",
    `expected CSV with as many fields a row as the header has, received ${what}, at ${where}`,
    "put quotes around values that hold the separator, a quote or a line end",
  );
}
