import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { DashpotError } from "../model/error.ts";
import { LONGEST_RECORD, textOf, tooLong } from "./text-lines.ts";

/** A row of a table as it stands, with the line that it ends in. */
export interface CsvRow {
  readonly fields: readonly string[];
  readonly line: number;
}

/** A row that is none, and why. */
export interface CsvFault {
  readonly fault: string;
  readonly line: number;
}

const DELIMITERS = [",", ";", "\t"] as const;

/**
 * Rows of a CSV table one by one, header first, the separator (comma, semicolon or tab) told by the first line. A row
 * that cannot be parsed comes as a fault, and reading goes on behind it. Errors: those of `textOf`, `line-too-long`.
 */
export async function* csvRows(path: string): AsyncGenerator<CsvRow | CsvFault> {
  const { head, whole } = await withFirstLine(textOf(path), path);
  const faults: CsvFault[] = [];
  const parser = parse({
    delimiter: delimiterOf(head),
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    skip_records_with_error: true,
    max_record_size: LONGEST_RECORD,
    on_skip: (error) => {
      const { code, lines } = error as CsvError & { lines?: number };
      faults.push({ fault: code, line: lines ?? 1 });
    },
  });
  Readable.from(whole)
    .on("error", (error) => parser.destroy(error))
    .pipe(parser);
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      yield* faults.splice(0);
      yield { fields: record, line: info.lines };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    const { code, lines } = cause as CsvError & { lines?: number };
    faults.push({ fault: code, line: lines ?? 1 });
  }
  yield* faults;
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

/** The error for a table whose header lacks a column. */
export function columnMissing(column: string, header: readonly string[], path: string, needs: string): DashpotError {
  const received = header.length === 0 ? "an empty file" : header.join(", ").slice(0, 200);
  return new DashpotError(
    "column-missing",
    `expected a column ${column}, received ${received}, at ${path}:1`,
    `give a header with ${needs}`,
  );
}
