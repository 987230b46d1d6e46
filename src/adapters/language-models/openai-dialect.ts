import type { ChatRequest } from "../../model/language-model.ts";
import type { RefusedRequest } from "./http-failure.ts";

type Limit = "max_tokens" | "max_completion_tokens";

/** Log-probabilities of the first token: as many as OpenAI gives, then as many as the most frugal servers do. */
const CANDIDATES = [20, 5] as const;

/** What of Chat Completions one server takes, learnt from what it refuses. */
export class OpenAiDialect {
  readonly lacks: Record<string, string> = {};
  readonly #limits: Limit[];
  #candidates = 0;
  readonly #dropped = new Set<string>();

  /** OpenAI refuses `max_tokens` for its newer models; other servers may silently ignore `max_completion_tokens`. */
  constructor(first: Limit) {
    this.#limits = first === "max_tokens" ? [first, "max_completion_tokens"] : [first, "max_tokens"];
  }

  body(name: string, request: ChatRequest, reasoningTokens: number): Record<string, unknown> {
    const most = CANDIDATES[this.#candidates];
    const all: Record<string, unknown> = {
      model: name,
      messages: request.messages,
      [this.#limits[0] as Limit]: request.maximumTokens + reasoningTokens,
      temperature: request.temperature,
      seed: request.seed,
    };
    if (request.letters && most) Object.assign(all, { logprobs: true, top_logprobs: most });
    if (request.schema)
      all.response_format = {
        type: "json_schema",
        json_schema: { name: "answer", strict: true, schema: request.schema },
      };
    for (const parameter of this.#dropped) delete all[parameter];
    return all;
  }

  /** Learns from a refusal of `sent`; whether the request is worth putting once more. */
  learn(refused: RefusedRequest, sent: Readonly<Record<string, unknown>>): boolean {
    const culprit = PARAMETERS.find(
      (parameter) => parameter in sent && NAMES[parameter].some((name) => refused.mentions(name)),
    );
    if (!culprit) return false;
    if (culprit === "top_logprobs" || culprit === "logprobs") return this.#fewerCandidates(culprit, sent);
    if (culprit === "max_tokens" || culprit === "max_completion_tokens") return this.#otherLimit(culprit);
    this.#dropped.add(culprit);
    this.lacks[culprit] = LACKS[culprit];
    return true;
  }

  #otherLimit(refused: Limit): boolean {
    if (this.#limits[0] !== refused) return true;
    if (this.#limits.length === 1) return false;
    this.#limits.shift();
    return true;
  }

  #fewerCandidates(culprit: "logprobs" | "top_logprobs", sent: Readonly<Record<string, unknown>>): boolean {
    const nextFewer = sent.top_logprobs === CANDIDATES[0] ? 1 : CANDIDATES.length;
    this.#candidates = Math.max(this.#candidates, culprit === "logprobs" ? CANDIDATES.length : nextFewer);
    return true;
  }
}

const PARAMETERS = [
  "top_logprobs",
  "logprobs",
  "response_format",
  "max_completion_tokens",
  "max_tokens",
  "temperature",
  "seed",
] as const;

/** How refusals call each parameter. */
const NAMES: Readonly<Record<(typeof PARAMETERS)[number], readonly string[]>> = {
  top_logprobs: ["top_logprobs"],
  logprobs: ["logprobs"],
  response_format: ["response_format", "json_schema"],
  max_completion_tokens: ["max_completion_tokens"],
  max_tokens: ["max_tokens"],
  temperature: ["temperature"],
  seed: ["seed"],
};

const LACKS = {
  response_format: "the server refuses response_format; the schema stands in the prompt only",
  temperature: "the server refuses temperature; answers are drawn at its own",
  seed: "the server refuses seed; sampled answers cannot be drawn again alike",
} as const;
