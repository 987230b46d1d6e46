import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { SMOLLM2_135M, weightsDirectory } from "../../adapters/weights.ts";
import { POLICIES } from "../../profile/policy.ts";
import type { Terminal } from "../terminal.ts";

interface Listed {
  readonly spec: string;
  readonly usable: boolean;
  readonly formats: readonly string[];
  readonly lacks: string;
}

/** What is usable here and what each lacks, without calling anything (L11). */
export async function work(terminal: Terminal): Promise<number> {
  const { OPENAI_API_KEY, ANTHROPIC_API_KEY, GOOGLE_GENERATIVE_AI_API_KEY, GEMINI_API_KEY } = process.env;
  const weights = existsSync(join(weightsDirectory(process.env, homedir()), SMOLLM2_135M.file));
  const hosted = (spec: string, key: string | undefined, name: string, formats: string[], more: string): Listed => ({
    spec,
    usable: Boolean(key),
    formats,
    lacks: key ? more : `no key: set ${name}${more ? `; ${more}` : ""}`,
  });
  const models: Listed[] = [
    {
      spec: "embedded:smollm2-135m",
      usable: true,
      formats: ["score", "choice", "act", "self"],
      lacks: weights ? "" : "weights are fetched at first use (98 MB)",
    },
    {
      spec: "gguf:PATH",
      usable: true,
      formats: ["score", "choice", "act", "self"],
      lacks: "needs a GGUF file of a chat model",
    },
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
      "GOOGLE_GENERATIVE_AI_API_KEY",
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
