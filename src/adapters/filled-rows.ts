import { existsSync } from "node:fs";
import { join } from "node:path";
import { DashpotError } from "../model/error.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { columnMissing, csvRows } from "./csv-rows.ts";
import { makeDirectory } from "./make-directory.ts";
import { unwritable } from "./run-directory.ts";

/** A row of a sheet that somebody filled in. */
export interface RowOfSheet {
  /** The field of a column, trimmed; empty where the sheet does not have it. */
  readonly at: (name: string) => string;
  readonly line: number;
}

/**
 * Rows of a filled sheet, those without content left out (K12). Errors: `sheet-malformed` for what is no table or has a
 * column beside `columns`, `column-missing` without any of `needed`, those of reading.
 */
export async function* filledRows(
  file: string,
  columns: readonly string[],
  needed: readonly string[],
): AsyncGenerator<RowOfSheet> {
  let header: readonly string[] | null = null;
  for await (const row of csvRows(file)) {
    if ("fault" in row)
      throw sheetMalformed(
        row.fault,
        `${file}:${row.line}`,
        "put quotes around values that hold the separator, a quote or a line end",
      );
    if (header === null) {
      header = row.fields.map(folded);
      refuseUnknownColumns(header, file, columns, needed);
      continue;
    }
    const names = header;
    if (row.fields.every((field) => field.trim() === "")) continue;
    yield { at: (name) => (row.fields[names.indexOf(name)] ?? "").trim(), line: row.line };
  }
}

/** A column that is not known would be read as not filled in. */
function refuseUnknownColumns(
  header: readonly string[],
  file: string,
  columns: readonly string[],
  needed: readonly string[],
): void {
  const unknown = header.find((name) => name !== "" && !columns.includes(name));
  if (unknown !== undefined)
    throw sheetMalformed(
      `a column ${JSON.stringify(unknown.slice(0, 40))}`,
      `${file}:1`,
      `keep the names ${columns.join(", ")}`,
    );
  if (!needed.some((name) => header.includes(name)))
    throw columnMissing(needed[0] as string, header, file, columns.join(", "));
}

function folded(name: string): string {
  return name.trim().toLowerCase();
}

/** Files of sheets, by name, into a folder that has none of them. Errors: `sheet-exists`, `directory-unwritable`. */
export async function writeSheetFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  refuseOverwriting(directory, Object.keys(files));
  try {
    makeDirectory(directory);
    for (const [name, content] of Object.entries(files)) await writeFileAtomically(join(directory, name), content);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

/** What is there may be filled in, and the key is needed for sheets that were handed out. */
function refuseOverwriting(directory: string, names: readonly string[]): void {
  const there = names.find((name) => existsSync(join(directory, name)));
  if (there === undefined) return;
  throw new DashpotError(
    "sheet-exists",
    `expected a folder without a sheet, received one with ${there}, at ${directory}`,
    "name another --out",
  );
}

export function sheetKeyMissing(path: string, cause: unknown): DashpotError {
  return new DashpotError(
    "sheet-key-missing",
    `expected the key that was written with the sheet, received nothing of the kind, at ${path}`,
    "name it with --key DIR/key.json",
    { cause },
  );
}

export function sheetMalformed(
  what: string,
  where: string,
  fix = "correct the row, or give --lenient to skip and count such rows and fields",
): DashpotError {
  const message = `expected rows of the sheet with its values, received ${what}, at ${where}`;
  return new DashpotError("sheet-malformed", message, fix);
}

export function otherSheet(received: string, expected: string, where: string): DashpotError {
  return new DashpotError(
    "sheet-other",
    `expected rows of ${expected}, received one of ${JSON.stringify(received.slice(0, 40))}, at ${where}`,
    "name the key.json that was written with that sheet, by --key",
  );
}
