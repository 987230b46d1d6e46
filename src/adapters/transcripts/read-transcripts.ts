import { statSync } from "node:fs";
import { join } from "node:path";
import { DashpotError } from "../../model/error.ts";
import { readBounded } from "../bounded-read.ts";
import { csvRows } from "../csv-rows.ts";
import { linesOf } from "../text-lines.ts";
import { casinoDialogues } from "./casino-dialogues.ts";
import { govsimEvents } from "./govsim-events.ts";
import { inspectArchive, inspectDocument } from "./inspect-transcripts.ts";
import { messageLines } from "./message-lines.ts";
import { runActs } from "./run-acts.ts";
import { actTable, textTable } from "./table-transcripts.ts";
import { fieldsOf, type Transcribed, type TranscriptFormat } from "./transcript.ts";

/** Most bytes of a log that is one JSON document; what is longer has a form that can be read piece by piece. */
const LARGEST_DOCUMENT = 1 << 28;

/**
 * What a file or a run's directory holds, one text or act after the other, at bounded memory. A record that is none is
 * told as such, and reading goes on.
 *
 * `format` undefined: told by name and content. Errors: `transcript-unknown`, `transcript-too-large`,
 * `transcript-unreadable`, `column-missing`, `eval-unreadable`, and those of reading text and runs.
 */
export async function* readTranscripts(path: string, format?: TranscriptFormat): AsyncGenerator<Transcribed> {
  switch (format ?? (await formatOf(path))) {
    case "texts":
      yield* textTable(path);
      return;
    case "acts":
      yield* actTable(path);
      return;
    case "messages":
      yield* messageLines(path);
      return;
    case "govsim":
      yield* govsimEvents(isDirectory(path) ? join(path, "events.jsonl") : path);
      return;
    case "run":
      yield* runActs(path);
      return;
    case "inspect":
      if (/\.eval$/i.test(path)) yield* inspectArchive(path);
      else yield* inspectDocument(fieldsOf(await documentOf(path)) ?? {}, path);
      return;
    case "casino":
      yield* casinoDialogues(listOf(await documentOf(path)), path);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

async function formatOf(path: string): Promise<TranscriptFormat> {
  if (isDirectory(path)) return statSync(join(path, "events.jsonl"), { throwIfNoEntry: false }) ? "govsim" : "run";
  if (/\.eval$/i.test(path)) return "inspect";
  if (/\.json$/i.test(path)) return Array.isArray(await documentOf(path)) ? "casino" : "inspect";
  if (/\.(jsonl|ndjson)$/i.test(path)) return formatOfLines(path);
  if (/\.(csv|tsv|txt)$/i.test(path)) return formatOfTable(path);
  throw unknown(path, "a name without a known ending");
}

async function formatOfLines(path: string): Promise<TranscriptFormat> {
  for await (const { line } of linesOf(path)) {
    if (line.trim() === "") continue;
    return /"action"\s*:/.test(line) && /"run"\s*:/.test(line) ? "govsim" : "messages";
  }
  throw unknown(path, "an empty file");
}

async function formatOfTable(path: string): Promise<TranscriptFormat> {
  for await (const row of csvRows(path)) {
    if ("fault" in row) continue;
    const header = row.fields.map((name) => name.trim().toLowerCase());
    if (header.includes("dyad")) return "acts";
    if (header.includes("text")) return "texts";
    throw unknown(path, `the header ${header.join(", ").slice(0, 200)}`);
  }
  throw unknown(path, "an empty file");
}

function unknown(path: string, received: string): DashpotError {
  return new DashpotError(
    "transcript-unknown",
    `expected texts (unit,text), acts (dyad,time,actor,towards,act), messages (.jsonl), an Inspect log (.json, .eval), CaSiNo, GovSim or a run's directory, received ${received}, at ${path}`,
    "name the --format, or give the columns their names",
  );
}

function listOf(document: unknown): readonly unknown[] {
  return Array.isArray(document) ? document : [document];
}

async function documentOf(path: string): Promise<unknown> {
  const read = await readBounded(path, LARGEST_DOCUMENT).catch((cause: unknown) => {
    throw unreadable(path, String((cause as { code?: unknown }).code ?? "an error"));
  });
  if (read.kind === "too-large") {
    throw new DashpotError(
      "transcript-too-large",
      `expected a JSON document of at most ${LARGEST_DOCUMENT} bytes, received a larger one, at ${path}`,
      "convert it to JSON Lines or, of Inspect, to .eval, which are read piece by piece",
    );
  }
  if (read.kind === "not-a-file") throw unreadable(path, "no file");
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(read.bytes)) as unknown;
  } catch {
    throw unreadable(path, "no JSON in UTF-8");
  }
}

function unreadable(path: string, received: string): DashpotError {
  return new DashpotError(
    "transcript-unreadable",
    `expected a JSON document, received ${received}, at ${path}`,
    "name a file that is there, whole and in UTF-8",
  );
}
