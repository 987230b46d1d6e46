import { homedir } from "node:os";
import { obtainWeights, SMOLLM2_135M, smollm2Sources, type WeightsProgress, weightsDirectory } from "../weights.ts";
import { type EmbeddedModel, openEmbeddedModel } from "./embedded.ts";

export interface OpenSmollm2Options {
  /** Fetching and checking of the weights. */
  readonly onWeights?: (progress: WeightsProgress) => void;
  readonly threads?: number | undefined;
}

/** `embedded:smollm2-135m`: fetches the weights where they are not in the cache, checks and loads them (L2). Errors: those of `obtainWeights` and `openEmbeddedModel`. */
export async function openSmollm2(signal: AbortSignal, options: OpenSmollm2Options = {}): Promise<EmbeddedModel> {
  const path = await smollm2Path(signal, options.onWeights);
  return openEmbeddedModel({
    spec: `embedded:${SMOLLM2_135M.name}`,
    path,
    name: SMOLLM2_135M.name,
    sha256: SMOLLM2_135M.sha256,
    threads: options.threads,
    signal,
  });
}

/** Path of a checked copy of the weights in the user's cache. Errors: those of `obtainWeights`. */
export function smollm2Path(signal: AbortSignal, onProgress?: (progress: WeightsProgress) => void): Promise<string> {
  const directory = weightsDirectory(process.env, homedir());
  const told = onProgress ? { onProgress } : {};
  return obtainWeights(SMOLLM2_135M, { directory, sources: smollm2Sources(), ...told }, signal);
}
