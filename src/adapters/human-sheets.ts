import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { randomStream } from "../kernel/random.ts";
import type { TextUnit } from "../model/coding.ts";
import type { CodingSummary } from "../model/coding-summary.ts";
import { DashpotError } from "../model/error.ts";
import type { CodedRow } from "../profile/code/coding-rows.ts";
import { csvLine } from "../profile/code/csv-line.ts";
import { type FilledRow, makeSheet, readSheet, SHEET_DIMENSIONS } from "../profile/code/human-sheet.ts";
import { sheetPage } from "../profile/code/sheet-page.ts";
import { prefixesOf } from "./code-transcripts.ts";
import { ourCodebook } from "./coding-files.ts";
import { csvRows } from "./csv-rows.ts";
import { filledRows, otherSheet, sheetKeyMissing, sheetMalformed, writeSheetFiles } from "./filled-rows.ts";
import { countMalformed, type MalformedRecords, transcriptMalformed } from "./transcripts/malformed-records.ts";
import { readTranscripts } from "./transcripts/read-transcripts.ts";
import type { TranscriptFormat } from "./transcripts/transcript.ts";
import { version } from "./version.ts";

/** Texts on one sheet: more are more than a person codes, and than a page holds well. */
const MOST_TEXTS = 5000;
/** Without it some spreadsheets do not take a table for UTF-8. */
const BYTE_ORDER_MARK = "\ufeff";
const COLUMNS = ["sheet", "id", "text", "context", ...SHEET_DIMENSIONS, "remark"] as const;

const keySchema = z.strictObject({
  schema: z.literal("dashpot/sheet-key@1"),
  dashpot: z.string(),
  /** Of the sheet, as its rows name it. */
  sheet: z.string(),
  seed: z.int().min(0),
  /** Unit of each item. */
  units: z.record(z.string(), z.string()),
});

export interface SheetRequest {
  readonly files: readonly string[];
  readonly format?: TranscriptFormat;
  readonly lenient: boolean;
  readonly seed: number;
  readonly directory: string;
}

/**
 * Writes what people code with into a folder (K12): `sheet.html`, `sheet.csv`, and apart `key.json`, which tells which unit
 * each item is. Errors: `transcript-malformed` unless lenient, `sheet-empty`, `sheet-too-long`, `sheet-exists`, `directory-unwritable`,
 * those of reading.
 */
export async function writeSheet(request: SheetRequest): Promise<{ readonly texts: number; readonly skipped: number }> {
  const units: TextUnit[] = [];
  let skipped = 0;
  const prefixes = prefixesOf(request.files);
  for (const [place, file] of request.files.entries())
    for await (const one of readTranscripts(file, request.format)) {
      if (one.kind === "text") units.push({ ...one.unit, unit: `${prefixes[place]}${one.unit.unit}` });
      if (one.kind === "malformed" && request.lenient) skipped += 1;
      else if (one.kind === "malformed") throw transcriptMalformed(one.what, one.where);
      if (units.length > MOST_TEXTS) throw tooLong(file);
    }
  if (units.length === 0)
    throw new DashpotError(
      "sheet-empty",
      "expected texts to code, received none",
      "name files with texts; acts need no person",
    );
  const sheet = makeSheet(units, randomStream(request.seed, "human-sheet"));
  const rows = sheet.items.map(({ id, text, context }) =>
    csvLine([sheet.name, id, harmless(text), harmless(context), ...SHEET_DIMENSIONS.map(() => ""), ""]),
  );
  const key = {
    schema: "dashpot/sheet-key@1",
    dashpot: version(),
    sheet: sheet.name,
    seed: request.seed,
    units: Object.fromEntries(sheet.key),
  };
  const written = {
    "sheet.html": sheetPage(sheet, ourCodebook()),
    "sheet.csv": BYTE_ORDER_MARK + csvLine(COLUMNS) + rows.join(""),
    "key.json": `${JSON.stringify(key, null, 1)}\n`,
  };
  await writeSheetFiles(request.directory, written);
  return { texts: units.length, skipped };
}

/** A spreadsheet would take such a text for a formula. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

/** Whether a table is a filled sheet: it names sheet and item in its header. */
export async function isFilledSheet(path: string): Promise<boolean> {
  if (!/\.(csv|tsv|txt)$/i.test(path) || !existsSync(path)) return false;
  for await (const row of csvRows(path)) {
    if ("fault" in row) continue;
    const header = row.fields.map((name) => name.trim().toLowerCase());
    return header.includes("sheet") && header.includes("id");
  }
  return false;
}

export interface FilledRequest {
  readonly files: readonly string[];
  /** Where the key is, if not beside the first file. */
  readonly key?: string;
  readonly lenient: boolean;
}

/**
 * Codes of filled sheets, each by the coder that its file is named for (K12). Errors: `sheet-key-missing`, `sheet-other`,
 * `sheet-malformed` unless lenient, `column-missing`, those of reading.
 */
export async function readSheets(
  { files, key, lenient }: FilledRequest,
  put: (rows: readonly CodedRow[]) => Promise<void> | void,
): Promise<CodingSummary> {
  const path = key ?? join(dirname(files[0] as string), "key.json");
  const { sheet, units, seed } = readKey(path);
  const malformedRows: MalformedRecords = { n: 0, first: [] };
  const coders: CodingSummary["coders"] = [];
  const coded = new Set<string>();
  for (const file of files) {
    const coder = basename(file).replace(/\.[^.]+$/, "");
    const { rows, others } = await rowsOf(file, sheet, lenient);
    const { codes, faults, unfilled } = readSheet(rows, new Map(Object.entries(units)), coder);
    for (const { line, what } of [...others, ...faults]) {
      if (!lenient) throw sheetMalformed(what, `${file}:${line}`);
      countMalformed(malformedRows, what, `${file}:${line}`);
    }
    for (const { unit } of codes) coded.add(unit);
    await put(codes);
    coders.push({ coder, by: `filled sheet, ${unfilled} texts not coded`, codes: countsOf(codes) });
  }
  return {
    schema: "dashpot/coding@1",
    dashpot: version(),
    seed,
    files: files.map((file) => basename(file)),
    ...{ texts: coded.size, acts: 0, dyads: 0, malformed: malformedRows, apart: {} },
    coders,
  };
}

function readKey(path: string): z.infer<typeof keySchema> {
  try {
    return keySchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    throw sheetKeyMissing(path, cause);
  }
}

async function rowsOf(file: string, sheet: string, lenient: boolean) {
  const rows: FilledRow[] = [];
  const others: { line: number; what: string }[] = [];
  for await (const { at, line } of filledRows(file, COLUMNS, SHEET_DIMENSIONS)) {
    if (at("sheet") !== sheet) {
      if (!lenient) throw otherSheet(at("sheet"), `the sheet ${sheet}`, `${file}:${line}`);
      others.push({ line, what: `a row of the sheet ${JSON.stringify(at("sheet").slice(0, 40))}` });
      continue;
    }
    rows.push({
      id: at("id"),
      codes: Object.fromEntries(SHEET_DIMENSIONS.map((dimension) => [dimension, at(dimension)])),
      remark: at("remark"),
      line,
    });
  }
  return { rows, others };
}

function countsOf(codes: readonly CodedRow[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { dimension, value } of codes) {
    const of = counts[dimension] ?? {};
    counts[dimension] = of;
    of[value] = (of[value] ?? 0) + 1;
  }
  return counts;
}

function tooLong(file: string): DashpotError {
  return new DashpotError(
    "sheet-too-long",
    `expected at most ${MOST_TEXTS} texts for a sheet, received more, at ${file}`,
    "draw a sample, or make several sheets",
  );
}
