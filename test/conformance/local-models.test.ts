import { homedir } from "node:os";
import { it, vi } from "vitest";
import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import { smollm2Path } from "../../src/adapters/language-models/smollm2.ts";
import { languageModelConformance } from "./language-model.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

const weights = await smollm2Path(new AbortController().signal).catch((error: Error) => error);

if (weights instanceof Error) {
  it.skip(`L1: local models, for the weights of SmolLM2 cannot be had here: ${weights.message}`, () => {});
} else {
  for (const spec of ["embedded:smollm2-135m", `gguf:${weights}`]) {
    languageModelConformance(spec.split(":")[0] as string, async () => ({
      model: await openLanguageModel(spec, { environment: process.env, home: homedir() }),
      expectations: { score: true, letters: true, abortable: true },
    }));
  }
}
