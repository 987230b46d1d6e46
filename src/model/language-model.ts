import type { GamesReference } from "./games.ts";
import type { Label, Limit, Mode, Rank, Row } from "./label.ts";
import type { StressReference } from "./stress.ts";

/**
 * The port behind which every model stands: embedded weights, a GGUF file, a server of any dialect, a reference policy.
 * One conformance suite runs against all of them.
 */
export interface LanguageModel {
  readonly identity: ModelIdentity;
  readonly capabilities: Capabilities;
  /** Log-probabilities of given replies after one prompt. Present where `capabilities.score` is true. */
  score?(request: ScoreRequest, signal: AbortSignal): Promise<ScoreAnswer>;
  /** One chat turn. Present where `capabilities.chat` is true. */
  chat?(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer>;
  /** Probes the endpoint once and settles `capabilities`; idempotent. */
  prepare?(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export interface ModelIdentity {
  /** What the user typed, without secrets: `embedded:smollm2-135m`, `openai:NAME`, `policy:communal`. */
  readonly spec: string;
  readonly provider: "embedded" | "gguf" | "openai" | "anthropic" | "google" | "policy" | "people";
  readonly name: string;
  /** SHA-256 of weights or of the policy file, hexadecimal, where there is one. */
  readonly sha256?: string;
  /** The version that the server reported, where it did. */
  readonly reported?: string;
  /** Class of processor on which log-probabilities are bit-identical, for local weights. */
  readonly processor?: string;
  /** Server address without credentials or query. */
  readonly endpoint?: string;
}

export interface Capabilities {
  /** Log-probabilities of a given text. */
  readonly score: boolean;
  readonly chat: boolean;
  /** Log-probabilities of the first answer token among given letters. */
  readonly letterLogProbabilities: boolean;
  /** Most requests worth having in flight (1 for embedded models, undefined: no known bound). */
  readonly maximumParallel?: number;
  /** Answer tokens that a call may take beyond its `maximumTokens`, by a model that reasons before it answers. */
  readonly reasoningTokens?: number;
  /** For each capability that is lacking, why: `{ score: "server returns no prompt log-probabilities" }`. */
  readonly lacks: Readonly<Record<string, string>>;
}

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** What a call is about. Real models never see it; reference policies answer from it. */
export interface ItemReference {
  readonly situation: string;
  readonly domain: string;
  readonly rank: Rank;
  readonly arm: Arm;
  readonly row: Row | Limit | Mode | "content-free";
  /** Label and wording (0, 1, 2) of each offered reply, in the order offered. */
  readonly replies: readonly { readonly label: Label; readonly wording: number }[];
  readonly dyad?: { readonly id: string; readonly turn: number; readonly objects: readonly string[] };
  /** Present in a stress run. */
  readonly stress?: StressReference;
  /** Present in a run of exchanges and games. */
  readonly games?: GamesReference;
}

export type Arm = "bank" | "decoy" | "validation" | "content-free" | "act" | "self" | "stress" | "coding";

export interface ScoreRequest {
  /** Prompt up to and without the reply. */
  readonly messages: readonly ChatMessage[];
  readonly replies: readonly string[];
  readonly item: ItemReference;
}

export interface ScoreAnswer {
  readonly kind: "score";
  /** Sum over the reply's tokens of log P(token | prompt and tokens before), nats; null where it could not be had. */
  readonly logProbabilities: readonly (number | null)[];
  /** Tokens of each reply. */
  readonly tokens: readonly number[];
  readonly usage: Usage;
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly item: ItemReference;
  readonly maximumTokens: number;
  readonly temperature: number;
  readonly seed: number;
  /** Ask for log-probabilities of these single letters as first answer token. */
  readonly letters?: readonly string[];
  /** Ask for a JSON object of this JSON schema; models that cannot be bound to it get it as text only. */
  readonly schema?: Readonly<Record<string, unknown>>;
}

export interface ChatAnswer {
  readonly kind: "chat";
  readonly text: string;
  readonly stop: StopReason;
  /**
   * Nats, by letter, not renormalised: what is missing to 1 went to other tokens. Absent where the endpoint has none,
   * empty where it told too few to say what the letters weigh.
   */
  readonly letterLogProbabilities?: Readonly<Record<string, number>>;
  /** Present where the endpoint refused the temperature asked for and drew at its own. */
  readonly ownTemperature?: true;
  readonly usage: Usage;
}

export type StopReason = "stop" | "length" | "refusal" | "filtered" | "other";

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type Answer = ScoreAnswer | ChatAnswer;
