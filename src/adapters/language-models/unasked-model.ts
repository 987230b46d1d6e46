import type { Capabilities, LanguageModel, ModelIdentity } from "../../model/language-model.ts";
import { SMOLLM2_135M } from "../weights.ts";
import { type OpenOptions, openLanguageModel } from "./open-language-model.ts";

/**
 * A model as far as it is known without loading weights, fetching them or asking an endpoint, for forecasts (R6). It can
 * be asked nothing. Errors: those of `openLanguageModel`.
 */
export async function unaskedModel(spec: string, options: OpenOptions): Promise<LanguageModel> {
  const [kind, name] = [spec.slice(0, spec.indexOf(":")), spec.slice(spec.indexOf(":") + 1)];
  if (kind === "gguf" && name) return described({ spec, provider: "gguf", name });
  if (spec === `embedded:${SMOLLM2_135M.name}`)
    return described({ spec, provider: "embedded", name, sha256: SMOLLM2_135M.sha256 });
  return openLanguageModel(spec, options);
}

/** What every model that runs here can do. */
const LOCAL: Capabilities = {
  score: true,
  chat: true,
  letterLogProbabilities: true,
  maximumParallel: 1,
  lacks: {},
};

function described(identity: ModelIdentity): LanguageModel {
  return { identity, capabilities: LOCAL, close: async () => {} };
}
