import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { DashpotError } from "../../model/error.ts";
import type { LanguageModel } from "../../model/language-model.ts";
import { policyNamed } from "../../profile/policy.ts";
import { type Clock, systemClock } from "../clock.ts";
import { CHAT_TEMPLATES, type ChatTemplate } from "./chat-template.ts";
import { type Environment, keyFrom, parseBaseUrl, requiredKey } from "./endpoint.ts";

export interface OpenOptions {
  readonly baseUrl?: string | undefined;
  /** Of `gguf:PATH` or `policy:FILE`, where it is not the one that the name says. */
  readonly modelPath?: string | undefined;
  readonly environment: Environment;
  /** The user's home directory, under which weights are cached; empty: that of the process. */
  readonly home: string;
  readonly timeoutMs?: number | undefined;
  readonly onProgress?: ((message: string, fraction: number | null) => void) | undefined;
  readonly threads?: number | undefined;
  readonly chatTemplate?: string | undefined;
  readonly clock?: Clock | undefined;
  /** Ends the fetching and loading of weights. */
  readonly signal?: AbortSignal | undefined;
}

interface Opening extends OpenOptions {
  readonly spec: string;
  readonly name: string;
}

/** Every kind of model, by what stands before the colon; adapters are loaded when needed, so that the rest starts fast. */
const KINDS: Readonly<
  Record<string, { readonly form: string; readonly open: (opening: Opening) => Promise<LanguageModel> }>
> = {
  embedded: { form: "embedded:smollm2-135m", open: openEmbedded },
  gguf: { form: "gguf:PATH", open: openGguf },
  openai: { form: "openai:NAME", open: openOpenAi },
  anthropic: { form: "anthropic:NAME", open: openAnthropic },
  google: { form: "google:NAME", open: openGoogle },
  policy: { form: "policy:NAME", open: openPolicy },
};

/**
 * Opens the model that `spec` names: `embedded:smollm2-135m`, `gguf:PATH`, `openai:NAME`, `anthropic:NAME`,
 * `google:NAME`, `policy:NAME`. The caller calls `prepare` before use and `close` after it.
 *
 * Errors: `model-spec-unknown`, `key-missing`, `key-malformed`, `base-url-invalid`, `base-url-unused`,
 * `chat-template-unused`, `chat-template-unknown`, and those of the adapter.
 */
export async function openLanguageModel(spec: string, options: OpenOptions): Promise<LanguageModel> {
  const [, kind, name] = /^([a-z]+):(.+)$/s.exec(spec) ?? [];
  const known = kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!known || !name) throw specUnknown(spec);
  if (options.baseUrl !== undefined && !SERVERS.has(kind as string)) {
    throw new DashpotError(
      "base-url-unused",
      `expected --base-url with a model behind a server, received it with ${kind}`,
      "leave --base-url out",
    );
  }
  if (options.chatTemplate !== undefined && kind !== "openai") {
    throw new DashpotError(
      "chat-template-unused",
      `expected --chat-template with a server that completes raw text, received it with ${kind}`,
      "leave --chat-template out",
    );
  }
  return known.open({ ...options, spec, name });
}

const SERVERS = new Set(["openai", "anthropic", "google"]);

function specUnknown(spec: string): DashpotError {
  const forms = Object.values(KINDS).map(({ form }) => form);
  return new DashpotError(
    "model-spec-unknown",
    `expected one of ${forms.join(", ")}, received ${JSON.stringify(spec.slice(0, 100))}`,
    "see what is usable here with: dashpot models",
  );
}

async function openEmbedded(opening: Opening): Promise<LanguageModel> {
  const { SMOLLM2_135M, obtainWeights, smollm2Sources, weightsDirectory } = await import("../weights.ts");
  if (opening.name !== SMOLLM2_135M.name) throw specUnknown(opening.spec);
  const directory = weightsDirectory(opening.environment, opening.home || homedir());
  const path = await obtainWeights(
    SMOLLM2_135M,
    {
      directory,
      sources: smollm2Sources(),
      onProgress: ({ stage, source, receivedBytes, totalBytes }) =>
        opening.onProgress?.(`${stage} weights (${source})`, totalBytes > 0 ? receivedBytes / totalBytes : null),
    },
    opening.signal ?? new AbortController().signal,
  );
  return openFile(opening, path, SMOLLM2_135M.sha256);
}

async function openGguf(opening: Opening): Promise<LanguageModel> {
  return openFile(opening, stillThere(opening.modelPath) ?? opening.name);
}

async function openFile(
  { spec, name, onProgress, threads, signal }: Opening,
  path: string,
  sha256?: string,
): Promise<LanguageModel> {
  const { openEmbeddedModel } = await import("./embedded.ts");
  return openEmbeddedModel({
    spec,
    path,
    name,
    onProgress: (share) => onProgress?.("loading weights", share),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function openOpenAi({
  spec,
  name,
  baseUrl,
  environment,
  timeoutMs,
  chatTemplate,
  clock,
}: Opening): Promise<LanguageModel> {
  const { OPENAI_ADDRESS, OpenAiModel } = await import("./openai.ts");
  const variable = "OPENAI_API_KEY";
  const key = baseUrl === undefined ? requiredKey(environment, [variable]) : keyFrom(environment, [variable]);
  return new OpenAiModel({
    spec,
    name,
    baseUrl: parseBaseUrl(baseUrl ?? OPENAI_ADDRESS),
    key,
    clock: clock ?? systemClock,
    timeoutMs,
    chatTemplate: parseChatTemplate(chatTemplate),
  });
}

async function openAnthropic({ spec, name, baseUrl, environment, timeoutMs, clock }: Opening): Promise<LanguageModel> {
  const key = requiredKey(environment, ["ANTHROPIC_API_KEY"]);
  const { ANTHROPIC_ADDRESS, openAnthropicModel } = await import("./anthropic.ts");
  return openAnthropicModel({
    spec,
    name,
    baseUrl: parseBaseUrl(baseUrl ?? ANTHROPIC_ADDRESS),
    key,
    clock: clock ?? systemClock,
    timeoutMs,
  });
}

async function openGoogle({ spec, name, baseUrl, environment, timeoutMs, clock }: Opening): Promise<LanguageModel> {
  const key = requiredKey(environment, ["GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"]);
  const { GOOGLE_ADDRESS, openGoogleModel } = await import("./google.ts");
  return openGoogleModel({
    spec,
    name,
    baseUrl: parseBaseUrl(baseUrl ?? GOOGLE_ADDRESS),
    key,
    clock: clock ?? systemClock,
    timeoutMs,
  });
}

async function openPolicy({ spec, modelPath }: Opening): Promise<LanguageModel> {
  const { openPolicyModel } = await import("./policy.ts");
  return openPolicyModel(spec, stillThere(modelPath));
}

/** A run may have been moved together with its model: the path as it was typed is then the one to try. */
function stillThere(path: string | undefined): string | undefined {
  return path !== undefined && existsSync(path) ? path : undefined;
}

/** Absolute path of the file that `spec` names; null where it names none. */
export function fileOfModel(spec: string): string | null {
  const [, kind, name = ""] = /^(gguf|policy):(.+)$/s.exec(spec) ?? [];
  if (kind === undefined || (kind === "policy" && policyNamed(name))) return null;
  return resolve(name);
}

function parseChatTemplate(name: string | undefined): ChatTemplate | undefined {
  const known = CHAT_TEMPLATES.find((template) => template === name);
  if (name === undefined || known) return known;
  throw new DashpotError(
    "chat-template-unknown",
    `expected one of ${CHAT_TEMPLATES.join(", ")}, received ${JSON.stringify(name.slice(0, 40))}`,
    "correct --chat-template",
  );
}
