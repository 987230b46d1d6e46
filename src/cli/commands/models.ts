import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SMOLLM2_135M, weightsDirectory } from "../../adapters/weights.ts";
import { isDashpotError } from "../../model/error.ts";
import { POLICIES } from "../../profile/policy.ts";
import type { Terminal } from "../terminal.ts";

interface Listed {
  readonly spec: string;
  readonly usable: boolean;
  readonly formats: readonly string[];
  readonly lacks: string;
}

/** Why no model can run here; empty where llama.cpp starts. */
async function runtimeLack(): Promise<string> {
  const { embeddedRuntime } = await import("../../adapters/language-models/embedded-runtime.ts");
  try {
    await embeddedRuntime();
    return "";
  } catch (error) {
    return isDashpotError(error) ? `${error.message}; ${error.fix}` : "llama.cpp does not start here";
  }
}

function weightsLack(): string {
  const path = join(weightsDirectory(process.env, homedir()), SMOLLM2_135M.file);
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === SMOLLM2_135M.bytes) return "";
  return `weights are fetched at first use (98 MB)${size === undefined ? "" : "; what lies in the cache is another file"}`;
}

/** What is usable here and what each lacks, without calling anything (L11). */
export async function work(terminal: Terminal): Promise<number> {
  const { OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY, GEMINI_API_KEY } = process.env;
  const runtime = await runtimeLack();
  const local = (spec: string, lacks: string): Listed => ({
    spec,
    usable: runtime === "",
    formats: ["score", "choice", "act", "self"],
    lacks: runtime || lacks,
  });
  const hosted = (spec: string, key: string | undefined, name: string, formats: string[], more: string): Listed => ({
    spec,
    usable: Boolean(key),
    formats,
    lacks: key ? more : `no key: set ${name}${more ? `; ${more}` : ""}`,
  });
  const models: Listed[] = [
    local("embedded:smollm2-135m", weightsLack()),
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
  const lines = models.map(
    ({ spec, usable, formats, lacks }) =>
      `${usable ? "usable " : "lacking"} ${spec.padEnd(28)}${formats.join(", ").padEnd(28)}${lacks}`,
  );
  terminal.answer(lines.join("\n"), models);
  return 0;
}
