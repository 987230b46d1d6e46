import { once } from "node:events";
import { CODERS, type CoderName, codeTranscripts } from "../../adapters/code-transcripts.ts";
import { TRANSCRIPT_FORMATS } from "../../adapters/transcripts/transcript.ts";
import type { CodingSummary } from "../../model/coding-summary.ts";
import { DashpotError, isDashpotError } from "../../model/error.ts";
import type { CodedRow } from "../../profile/code/coding-rows.ts";
import { codingText } from "../../profile/code/coding-text.ts";
import { csvLine } from "../../profile/code/csv-line.ts";
import { harmlessJson, harmlessText } from "../harmless-text.ts";
import { oneOf, reportFailure, type Terminal, wholeNumber } from "../terminal.ts";

interface Options {
  coder?: string[];
  out?: string;
  key?: string;
  format?: string;
  lenient?: boolean;
  seed?: string;
}

const TOLD_EVERY_MS = 5000;

export async function work(terminal: Terminal, files: string[], options: Options): Promise<number> {
  if (options.coder?.some((names) => names.split(",").includes("human"))) return human(terminal, files, options);
  if (options.out !== undefined || options.key !== undefined)
    throw onlyForHuman(options.out === undefined ? "--key" : "--out");
  const coders = readCoders(options.coder ?? ["rules", "flux"]);
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  const format = options.format === undefined ? {} : { format: oneOf("--format", TRANSCRIPT_FORMATS)(options.format) };
  const request = { files, ...format, coders, lenient: options.lenient ?? false, seed };
  const out = terminal.json ? jsonOutput() : csvOutput();
  return finish(terminal, out, () => codeTranscripts(request, out.put, progress(terminal)));
}

/** Codes are written as they come; what ends the coding early still leaves one whole document under `--json`. */
async function finish(terminal: Terminal, out: Output, work: () => Promise<CodingSummary>): Promise<number> {
  try {
    const summary = await work();
    await out.end({ summary });
    terminal.note(codingText(summary));
    return somethingCoded(summary) ? 0 : 4;
  } catch (error) {
    if (!terminal.json || !isDashpotError(error)) throw error;
    const { code, message, fix, exit } = error;
    await out.end({ error: { code, message, fix, exit } });
    return reportFailure(error, false);
  }
}

/** Writes a sheet for people, or reads filled ones back (K12). */
async function human(terminal: Terminal, files: string[], options: Options): Promise<number> {
  const { isFilledSheet, readSheets, writeSheet } = await import("../../adapters/human-sheets.ts");
  if (options.coder?.join() !== "human") throw onlyForHuman("--coder human beside another coder");
  const lenient = options.lenient ?? false;
  const filled = await Promise.all(files.map(isFilledSheet));
  if (filled.every(Boolean)) {
    const out = terminal.json ? jsonOutput() : csvOutput();
    return finish(terminal, out, () =>
      readSheets({ files, lenient, ...(options.key ? { key: options.key } : {}) }, out.put),
    );
  }
  const directory = options.out;
  if (directory === undefined) {
    throw new DashpotError(
      "option-invalid",
      "expected a folder for the sheet, received none",
      "name one with --out DIR; filled sheets are told by their columns sheet and id",
    );
  }
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  const format = options.format === undefined ? {} : { format: oneOf("--format", TRANSCRIPT_FORMATS)(options.format) };
  const { texts, skipped } = await writeSheet({ files, ...format, lenient, seed, directory });
  const told = [
    `A sheet of ${texts} text${texts === 1 ? "" : "s"} in ${directory}${skipped === 0 ? "" : `; ${skipped} malformed records skipped`}`,
    "  sheet.html   to code in a browser, by keyboard, offline; saves as CSV",
    "  sheet.csv    the same for a spreadsheet",
    "  key.json     which text is which: not for those who code",
    `Then: dashpot code NAME.csv --coder human --key ${directory}/key.json`,
  ];
  terminal.answer(told.join("\n"), { texts, skipped, directory, files: ["sheet.html", "sheet.csv", "key.json"] });
  return 0;
}

function onlyForHuman(what: string): DashpotError {
  return new DashpotError(
    "wrong-use",
    `expected --out and --key with --coder human alone, received ${what}`,
    "give --coder human alone, or leave it out",
  );
}

function readCoders(names: readonly string[]): CoderName[] {
  const read = names.flatMap((list) => list.split(",")).map((name) => oneOf("--coder", CODERS)(name.trim()));
  return [...new Set(read)];
}

/** Codes beside `cannot-tell` and `not-codable`. */
function somethingCoded({ coders }: CodingSummary): boolean {
  return coders.some(({ codes }) =>
    ["severity", "mode"].some((dimension) =>
      Object.keys(codes[dimension] ?? {}).some((value) => value !== "not-codable" && value !== "cannot-tell"),
    ),
  );
}

interface Output {
  readonly put: (rows: readonly CodedRow[]) => Promise<void>;
  readonly end: (rest: Readonly<Record<string, unknown>>) => Promise<void>;
}

function csvOutput(): Output {
  const columns = ["unit", "coder", "dimension", "value", "reason"] as const;
  const text = bufferedText();
  const begun = text.put(csvLine(columns));
  return {
    put: async (rows) => {
      await begun;
      const lines = rows.map((row) => csvLine(columns.map((column) => row[column]))).join("");
      // A file keeps every character; a terminal would act on some.
      await text.put(process.stdout.isTTY ? harmlessText(lines) : lines);
    },
    end: () => text.flush(),
  };
}

/** One document, written piece by piece: the codes, then what they are. */
function jsonOutput(): Output {
  const text = bufferedText();
  let separator = '{"codes":[';
  return {
    put: async (rows) => {
      for (const row of rows) {
        await text.put(`${separator}\n${harmlessJson(row, 0)}`);
        separator = ",";
      }
    },
    end: async (rest) => {
      await text.put(`${separator === "," ? "" : separator}],${harmlessJson(rest, 0).slice(1)}\n`);
      await text.flush();
    },
  };
}

/** Written in large pieces: a system call a text would take longer than to code it. */
const PIECE = 1 << 16;

function bufferedText(): { put(text: string): Promise<void>; flush(): Promise<void> } {
  let waiting = "";
  const flush = async () => {
    const piece = waiting;
    waiting = "";
    if (piece !== "" && !process.stdout.write(piece)) await once(process.stdout, "drain");
  };
  return {
    put: async (text) => {
      waiting += text;
      if (waiting.length >= PIECE) await flush();
    },
    flush,
  };
}

function progress(terminal: Terminal): (records: number) => void {
  let last = performance.now();
  return (records) => {
    if (records % 4096 !== 0 || performance.now() - last < TOLD_EVERY_MS) return;
    last = performance.now();
    terminal.note(`${records} records read`);
  };
}
