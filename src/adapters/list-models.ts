import { statSync } from "node:fs";
import { join } from "node:path";
import { isDashpotError } from "../model/error.ts";
import { POLICIES } from "../profile/policy.ts";
import { SMOLLM2_135M, weightsDirectory } from "./weights.ts";

/** A model that can be named, or the pattern of its name. */
export interface ListedModel {
  readonly spec: string;
  readonly usable: boolean;
  readonly formats: readonly string[];
  readonly lacks: string;
}

/** Why no model can run here; empty where llama.cpp starts. */
async function runtimeLack(): Promise<string> {
  const { embeddedRuntime } = await import("./language-models/embedded-runtime.ts");
  try {
    await embeddedRuntime();
    return "";
  } catch (error) {
    return isDashpotError(error) ? `${error.message}; ${error.fix}` : "llama.cpp does not start here";
  }
}

function weightsLack({ environment, home }: Place): string {
  const path = join(weightsDirectory(environment, home), SMOLLM2_135M.file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === SMOLLM2_135M.bytes) return "";
  return `weights are fetched at first use (98 MB)${size === undefined ? "" : "; what lies in the cache is another file"}`;
}

interface Place {
  /** Variables that may hold keys and say where weights are kept. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
}

/** What is usable here and what each lacks, without calling anything (L11). */
export async function listModels(place: Place): Promise<ListedModel[]> {
  const { OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY, GEMINI_API_KEY } = place.environment;
  const runtime = await runtimeLack();
  const local = (spec: string, lacks: string): ListedModel => ({
    spec,
    usable: runtime === "",
    formats: ["score", "choice", "act", "self"],
    lacks: runtime || lacks,
  });
  const hosted = (
    spec: string,
    key: string | undefined,
    name: string,
    formats: string[],
    more: string,
  ): ListedModel => ({
    spec,
    usable: Boolean(key),
    formats,
    lacks: key ? more : `no key: set ${name}${more ? `; ${more}` : ""}`,
  });
  return [
    local("embedded:smollm2-135m", weightsLack(place)),
    local("gguf:PATH", "needs a GGUF file of a chat model"),
    hosted(
      "openai:NAME",
      OPENAI_API_KEY,
      "OPENAI_API_KEY",
      ["choice", "act", "self"],
      "no log-probabilities of given texts, so no score",
    ),
    {
      spec: "openai:NAME --base-url URL",
      usable: true,
      formats: ["score", "choice", "act", "self"],
      lacks: "needs a server; score where its prompt log-probabilities pass the alignment probe",
    },
    hosted(
      "anthropic:NAME",
      ANTHROPIC_API_KEY,
      "ANTHROPIC_API_KEY",
      ["choice", "act", "self"],
      "no log-probabilities, so no score",
    ),
    hosted(
      "google:NAME",
      GOOGLE_GENERATIVE_AI_API_KEY ?? GEMINI_API_KEY,
      "GOOGLE_GENERATIVE_AI_API_KEY or GEMINI_API_KEY",
      ["choice", "act", "self"],
      "no log-probabilities of given texts, so no score",
    ),
    ...POLICIES.map(({ name }) => ({
      spec: `policy:${name}`,
      usable: true,
      formats: ["score", "choice", "act", "self"],
      lacks: "a reference policy, not a model",
    })),
  ];
}
