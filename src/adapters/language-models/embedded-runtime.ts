import { open } from "node:fs/promises";
import {
  getLlama,
  InsufficientMemoryError,
  type Llama,
  type LlamaContext,
  LlamaLogLevel,
  type LlamaModel,
  NoBinaryFoundError,
} from "node-llama-cpp";
import { DashpotError } from "../../model/error.ts";

let shared: Promise<Llama> | undefined;

/** llama.cpp, one instance a process, silent, on the processor only. Error: `runtime-unavailable`. */
export function embeddedRuntime(): Promise<Llama> {
  shared ??= startRuntime().catch((error: unknown) => {
    shared = undefined;
    throw error;
  });
  return shared;
}

async function startRuntime(): Promise<Llama> {
  try {
    return await getLlama({
      gpu: false,
      build: "never",
      progressLogs: false,
      logLevel: LlamaLogLevel.disabled,
      logger: () => {},
      maxThreads: 0,
    });
  } catch (cause) {
    if (!(cause instanceof NoBinaryFoundError)) throw cause;
    throw new DashpotError(
      "runtime-unavailable",
      `expected a build of llama.cpp for ${process.platform}-${process.arch}, received none`,
      "install again with optional dependencies, or measure a model on a server (openai:NAME --base-url URL)",
      { cause },
    );
  }
}

/** Errors: `weights-missing`, `weights-unreadable`, `weights-too-large`. On abort, the signal's reason. */
export async function loadWeights(
  llama: Llama,
  path: string,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => {},
): Promise<LlamaModel> {
  await checkHeader(path);
  try {
    return await llama.loadModel({
      modelPath: path,
      gpuLayers: 0,
      loadSignal: signal,
      onLoadProgress: onProgress,
    });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof InsufficientMemoryError) throw tooLarge(path, cause);
    throw unreadable(path, "a damaged one, or one of a kind that this llama.cpp does not know", cause);
  }
}

/** A context of one sequence. Error: `weights-too-large`. */
export async function openContext(model: LlamaModel, path: string, contextSize: number): Promise<LlamaContext> {
  try {
    return await model.createContext({
      contextSize: Math.min(contextSize, model.trainContextSize),
      batchSize: BATCH_SIZE,
      sequences: 1,
      // Rounds otherwise than the plain computation (probabilities differ by a tenth), and how it splits its work is
      // not promised to be the same for every number of threads.
      flashAttention: false,
      // A sliding window would have forgotten what is needed when the state is erased back to the prompt.
      swaFullCache: true,
    });
  } catch (cause) {
    if (cause instanceof InsufficientMemoryError) throw tooLarge(path, cause);
    throw unreadable(path, "one that no context can be made for", cause);
  }
}

/** Longest piece of text that is evaluated at once, in tokens; part of the partition (L3). */
export const BATCH_SIZE = 512;

/**
 * Reads the header of a GGUF file (specification of ggml, version 2 and later): magic, version, number of tensors and
 * of metadata entries. node-llama-cpp takes whatever stands there at its word, and reads without end where it is wrong.
 */
async function checkHeader(path: string): Promise<void> {
  const header = Buffer.alloc(24);
  let fileBytes = 0;
  try {
    const file = await open(path, "r");
    try {
      await file.read(header, 0, header.length, 0);
      fileBytes = (await file.stat()).size;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw unopened(path, cause);
  }
  const bytesAtLeast =
    Number(header.readBigUInt64LE(8)) * LEAST_TENSOR + Number(header.readBigUInt64LE(16)) * LEAST_ENTRY;
  const isGguf = header.toString("latin1", 0, 4) === "GGUF" && [2, 3].includes(header.readUInt32LE(4));
  if (!isGguf) throw unreadable(path, "a file of another kind");
  if (bytesAtLeast > fileBytes) throw unreadable(path, "a damaged one");
}

/** Bytes that the description of a tensor and a metadata entry take at least. */
const LEAST_TENSOR = 24;
const LEAST_ENTRY = 13;

function unopened(path: string, cause: unknown): DashpotError {
  if (!(cause instanceof Error && "code" in cause && cause.code === "ENOENT")) {
    return unreadable(path, "something that cannot be read", cause);
  }
  const message = `expected a GGUF file, received nothing, at ${path}`;
  return new DashpotError("weights-missing", message, "check the path", { cause });
}

function unreadable(path: string, received: string, cause?: unknown): DashpotError {
  return new DashpotError(
    "weights-unreadable",
    `expected a GGUF file of a language model, received ${received}, at ${path}`,
    "fetch the file again, or take another one",
    { cause },
  );
}

function tooLarge(path: string, cause: Error): DashpotError {
  return new DashpotError(
    "weights-too-large",
    `expected a model that fits the memory of this machine, received ${cause.message}, at ${path}`,
    "take a smaller model or a smaller quantisation",
    { cause },
  );
}
