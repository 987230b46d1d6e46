import { once } from "node:events";
import { boundHeap } from "../../adapters/bound-heap.ts";
import { codeTranscripts } from "../../adapters/code-transcripts.ts";
import type { ModelCoder, ModelCoderSpec } from "../../adapters/model-coder.ts";
import type { Progress } from "../../adapters/run-engine.ts";
import { TRANSCRIPT_FORMATS } from "../../adapters/transcripts/transcript.ts";
import { CANNOT_TELL, DIMENSIONS, type Dimension, NOT_CODABLE } from "../../model/coding.ts";
import type { CodingSummary } from "../../model/coding-summary.ts";
import { DashpotError, isDashpotError } from "../../model/error.ts";
import type { CodedRow } from "../../profile/code/coding-rows.ts";
import { codingText } from "../../profile/code/coding-text.ts";
import { csvLine } from "../../profile/code/csv-line.ts";
import { type CoderNames, readCoderNames } from "../coder-names.ts";
import { type ConductOptions, readConduct } from "../conduct.ts";
import { harmlessJson, harmlessText } from "../harmless-text.ts";
import { watchInterrupts } from "../interrupts.ts";
import { openProgress } from "../progress.ts";
import { readFamilies } from "../read-families.ts";
import { runDirectory } from "../run-directory-name.ts";
import { oneOf, reportFailure, type Terminal, wholeNumber } from "../terminal.ts";

interface Options extends ConductOptions {
  coder?: string[];
  out?: string;
  key?: string;
  format?: string;
  lenient?: boolean;
  seed?: string;
  baseUrl?: string;
  family?: string[];
  dimensions?: string;
}

const TOLD_EVERY_MS = 5000;

export async function work(terminal: Terminal, files: string[], options: Options): Promise<number> {
  const coders = readCoderNames(options.coder ?? ["rules", "flux"], options.baseUrl);
  if (coders.human) return human(terminal, files, options);
  refuseUnused(coders, options);
  const seed = options.seed === undefined ? 0 : wholeNumber("--seed", 0)(options.seed);
  const format = options.format === undefined ? {} : { format: oneOf("--format", TRANSCRIPT_FORMATS)(options.format) };
  const dimensions = readDimensions(options.dimensions);
  const request = { files, ...format, coders: coders.own, lenient: options.lenient ?? false, seed, dimensions };
  const out = terminal.json ? jsonOutput() : csvOutput();
  if (coders.models.length === 0)
    return finish(terminal, out, () => codeTranscripts(request, out.put, progress(terminal)));
  return withModels(terminal, coders, dimensions, options, (models) =>
    finish(terminal, out, async () => {
      const summary = await codeTranscripts({ ...request, models }, out.put, progress(terminal)).catch(goingOn);
      const [only] = models;
      if (models.length === 1 && coders.own.length === 0 && only?.down()) goingOn(only.down());
      return summary;
    }),
  );
}

/** Opens the models that code, watches for interrupts, and closes them after. */
async function withModels(
  terminal: Terminal,
  coders: CoderNames,
  dimensions: readonly Dimension[],
  options: Options,
  work: (models: readonly ModelCoder[]) => Promise<number>,
): Promise<number> {
  const { openModelCoders } = await import("../../adapters/open-model-coders.ts");
  const display = await openProgress(terminal);
  const interrupts = watchInterrupts(terminal);
  const conductFor = async ({ model, name }: ModelCoderSpec) => ({
    ...(await readConduct(model, options)),
    ...{ stop: interrupts.stop, abort: interrupts.abort, onLoading: display.onLoading },
    onProgress: answersTold(terminal, name),
  });
  const families = readFamilies(
    [options.family ?? []].flat(),
    coders.models.map(({ name }) => name),
  );
  const directory = options.out ?? runDirectory(["coding"]);
  const others = coders.own.length > 0;
  let models: readonly ModelCoder[] = [];
  try {
    models = await openModelCoders({ specs: coders.models, families, dimensions, directory, others }, conductFor);
    const release = boundHeap();
    return await work(models).finally(release);
  } finally {
    display.finish();
    interrupts.release();
    for (const model of models) await model.close();
  }
}

/** Throws a failure whose fix names what goes on with the coding: the same command. */
function goingOn(error: unknown): never {
  if (!isDashpotError(error)) throw error;
  const again = "give the same command again, and what is answered is not asked again";
  const fix = error.fix.replace(/go on with: dashpot resume .*$/, again);
  throw new DashpotError(error.code, error.message, fix, { exit: error.exit, cause: error });
}

/** How many answers a model has given, every few seconds. */
function answersTold(terminal: Terminal, name: string): (progress: Progress) => void {
  let last = performance.now();
  return ({ done, perSecond, pausedMs }) => {
    if (performance.now() - last < TOLD_EVERY_MS) return;
    last = performance.now();
    const waiting = pausedMs > 0 ? ", waiting as the endpoint asked" : "";
    terminal.note(`${name}: ${done} answers, ${perSecond.toFixed(1)} a second${waiting}`);
  };
}

function readDimensions(text: string | undefined): readonly Dimension[] {
  if (text === undefined) return DIMENSIONS;
  const wanted = text.split(",").map((name) => oneOf("--dimensions", DIMENSIONS)(name.trim()));
  return DIMENSIONS.filter((dimension) => wanted.includes(dimension));
}

function refuseUnused({ models }: CoderNames, options: Options): void {
  if (options.key !== undefined) throw onlyForHuman("--key");
  if (models.length > 0) return;
  if (options.out !== undefined) throw onlyForHuman("--out");
  const names = ["family", "parallel", "budget", "prices", "timeout"] as const;
  const unused = names.find((name) => options[name] !== undefined);
  if (unused === undefined) return;
  throw new DashpotError(
    "wrong-use",
    `expected --${unused} with a coder behind which a model stands, received it with none`,
    "name such a coder, as in --coder judge:openai:NAME, or leave the option out",
  );
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
    `expected --key with --coder human alone, and --out with it or with a model, received ${what}`,
    "give --coder human alone, or leave it out",
  );
}

const UNCODED: ReadonlySet<string> = new Set([CANNOT_TELL, NOT_CODABLE, "missing"]);

/** Codes beside those that say that there is none. */
function somethingCoded({ coders }: CodingSummary): boolean {
  return coders.some(({ codes }) =>
    DIMENSIONS.some((dimension) => Object.keys(codes[dimension] ?? {}).some((value) => !UNCODED.has(value))),
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
