import { openLanguageModel } from "../../src/adapters/language-models/open-language-model.ts";
import type { ChatAnswer } from "../../src/model/language-model.ts";
import { languageModelConformance, type Opened } from "./language-model.ts";
import { startAnthropicServer } from "./servers/anthropic.ts";
import { FAULTS, type Fault, WALL_MS } from "./servers/faults.ts";
import { startGoogleServer } from "./servers/google.ts";
import type { Loopback } from "./servers/loopback.ts";
import { type Flavour, startOpenAiServer } from "./servers/openai.ts";

const KEY = "sk-loopback-0123456789abcdef";

/** Time that stands still for `Retry-After` dates; waits are short but real. */
const clock = {
  now: () => performance.now(),
  wall: () => WALL_MS,
  after: (delayMs: number, callback: () => void) => {
    const timer = setTimeout(callback, Math.min(delayMs, 5));
    return () => clearTimeout(timer);
  },
};

const faults = Object.keys(FAULTS) as Fault[];
const usage = { promptTokens: 11, completionTokens: 3 };
const hostile = "\u001b[2J<script>alert(1)</script>";

type Answers = Readonly<Record<string, Pick<ChatAnswer, "text" | "stop" | "usage">>>;

const COMMON: Answers = {
  hello: { text: "B", stop: "stop", usage },
  empty: { text: "", stop: "stop", usage },
  "run on": { text: "and so", stop: "length", usage },
  object: { text: '{"act":"give"}', stop: "stop", usage },
  hostile: { text: hostile, stop: "stop", usage },
};

const OPENAI: Answers = {
  ...COMMON,
  refuse: { text: "I cannot help with that.", stop: "refusal", usage },
  filter: { text: "", stop: "filtered", usage },
  parts: { text: "B", stop: "stop", usage },
};

interface Capable {
  readonly score: boolean;
  readonly letters: boolean;
}

const FLAVOURS: Readonly<Record<Exclude<Flavour, "echo">, Capable>> = {
  openai: { score: false, letters: true },
  ollama: { score: false, letters: true },
  "llama.cpp": { score: false, letters: true },
  "llama.cpp proposed": { score: true, letters: true },
  vllm: { score: true, letters: true },
  reasoning: { score: false, letters: false },
  bare: { score: false, letters: false },
};

async function open(
  spec: string,
  server: Loopback,
  prefix: string,
  more: Capable & { answers: Answers; faults?: readonly Fault[] },
  chatTemplate?: string,
): Promise<Opened> {
  const environment = { OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY, GOOGLE_GENERATIVE_AI_API_KEY: KEY };
  const model = await openLanguageModel(spec, {
    baseUrl: server.origin + prefix,
    environment,
    home: "",
    timeoutMs: 300,
    clock,
    chatTemplate,
  });
  return { model, expectations: { abortable: true, faults, secret: KEY, ...more }, release: server.close };
}

for (const [flavour, capable] of Object.entries(FLAVOURS) as [Flavour, Capable][]) {
  languageModelConformance(`openai: as ${flavour} documents it`, async () => {
    const server = await startOpenAiServer({ flavour, key: KEY });
    return open("openai:toy", server, "/v1", {
      ...capable,
      answers: OPENAI,
      // One transport serves all flavours: its faults are tried over one of them.
      ...(flavour === "openai" ? {} : { faults: [] }),
    });
  });
}

languageModelConformance("openai: echo behind a named chat template", async () => {
  const server = await startOpenAiServer({ flavour: "echo", key: KEY });
  return open("openai:toy", server, "/v1", { score: true, letters: true, answers: OPENAI }, "chatml");
});

languageModelConformance("anthropic", async () => {
  const answers = {
    ...COMMON,
    refuse: { text: "", stop: "refusal", usage },
    warm: { text: "B", stop: "stop", usage },
  } as const;
  return open("anthropic:toy", await startAnthropicServer(KEY), "/v1", { score: false, letters: false, answers });
});

languageModelConformance("google", async () => {
  const answers = {
    ...COMMON,
    filter: { text: "", stop: "filtered", usage },
    block: { text: "", stop: "filtered", usage },
  } as const;
  return open("google:toy", await startGoogleServer(KEY), "/v1beta", { score: false, letters: false, answers });
});

languageModelConformance("google: a model that gives candidates of its answer tokens", async () => {
  const server = await startGoogleServer(KEY, { logprobs: 20 });
  // Its faults are those of the dialect, tried above.
  return open("google:toy", server, "/v1beta", { score: false, letters: true, answers: COMMON, faults: [] });
});

languageModelConformance("policy", async () => {
  const model = await openLanguageModel("policy:communal", { environment: {}, home: "" });
  return { model, expectations: { score: true, letters: true, abortable: false } };
});
