import type { Readable } from "node:stream";
import { createZstdDecompress } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { DashpotError } from "../../model/error.ts";
import { assistantTexts } from "./chat-messages.ts";
import { fieldsOf, type Transcribed } from "./transcript.ts";

/** Most bytes of one sample once unpacked: more is refused before it is held. */
const LARGEST_SAMPLE = 1 << 28;
/** Method of a ZIP entry. */
const ZSTANDARD = 93;

/** Assistants' texts of an Inspect log in one JSON document. */
export function* inspectDocument(log: Readonly<Record<string, unknown>>, where: string): Generator<Transcribed> {
  if (!Array.isArray(log.samples)) {
    yield { kind: "malformed", where, what: "a log without samples" };
    return;
  }
  for (const [place, sample] of log.samples.entries()) yield* sampleTexts(sample, `${where}, sample ${place + 1}`);
}

/** Assistants' texts of an Inspect log of the `.eval` kind, sample by sample. Errors: `eval-unreadable`. */
export async function* inspectArchive(path: string): AsyncGenerator<Transcribed> {
  const archive = await opened(path);
  try {
    for await (const entry of archive.eachEntry()) {
      if (!/^samples\/.+\.json$/.test(entry.fileName)) continue;
      const where = `${path}, ${entry.fileName}`;
      const sample = await sampleOf(archive, entry);
      if (typeof sample === "string") yield { kind: "malformed", where, what: sample };
      else yield* sampleTexts(sample.value, where);
    }
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    archive.close();
  }
}

async function opened(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { autoClose: false, lazyEntries: true });
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): DashpotError {
  if (cause instanceof DashpotError) return cause;
  return new DashpotError(
    "eval-unreadable",
    `expected an Inspect log (.eval), received ${String((cause as Error).message).slice(0, 120)}, at ${path}`,
    "name the file as Inspect wrote it, or convert it: inspect log convert --to json",
    { cause },
  );
}

async function sampleOf(archive: ZipFile, entry: Entry): Promise<{ readonly value: unknown } | string> {
  if (entry.uncompressedSize > LARGEST_SAMPLE) return `a sample of ${entry.uncompressedSize} bytes`;
  try {
    return { value: JSON.parse(await unpacked(archive, entry)) as unknown };
  } catch (cause) {
    return `a sample that cannot be read: ${String((cause as Error).message).slice(0, 120)}`;
  }
}

/** Inspect packs with Zstandard of late, which the ZIP reader hands on as it is. */
async function unpacked(archive: ZipFile, entry: Entry): Promise<string> {
  if (entry.compressionMethod !== ZSTANDARD) return boundedText(await archive.openReadStreamPromise(entry));
  const raw = await archive.openReadStreamPromise(entry, { decodeFileData: false });
  const plain = createZstdDecompress();
  raw.on("error", (error) => plain.destroy(error)).pipe(plain);
  return boundedText(plain);
}

/** Counts what comes rather than believe the size: a sample can be packed to burst. */
async function boundedText(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total > LARGEST_SAMPLE) throw new Error(`more than ${LARGEST_SAMPLE} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function* sampleTexts(sample: unknown, where: string): Generator<Transcribed> {
  const fields = fieldsOf(sample);
  const id = fields?.id;
  if (typeof id !== "string" && typeof id !== "number")
    yield { kind: "malformed", where, what: "a sample without an id" };
  else yield* assistantTexts(fields?.messages, `${id}/${fields?.epoch ?? 1}`, where);
}
