import type { Label } from "./label.ts";
import type { Answer, Arm } from "./language-model.ts";

export const FORMATS = ["score", "choice", "act", "self"] as const;
export type Format = (typeof FORMATS)[number];
export const SETS = ["quick", "full"] as const;
export type SetName = (typeof SETS)[number];
export const VARIATIONS = ["persona", "frame", "order", "wording", "temperature"] as const;
export type Variation = (typeof VARIATIONS)[number];

/** By how much a bias scatters over the forms of a bank, measured on one model: standard deviations, nats. */
export interface BiasError {
  readonly model: string;
  readonly degreesOfFreedom: number;
  readonly bias: Readonly<Record<Label, number>>;
}

/** Which model a run asks, and what it was begun with. */
export interface ModelPlan {
  readonly dashpot: string;
  readonly model: string;
  /** Of a model that is a file, absolute: the directory may be gone on with from elsewhere. */
  readonly modelPath?: string;
  /** Of a model that is a file: what the run was begun with. */
  readonly modelSha256?: string;
  /** Class of processor that local weights were begun on. */
  readonly processor?: string;
  /** For each million tokens, where the user named prices. */
  readonly price?: { readonly promptPerMillion: number; readonly completionPerMillion: number } | null;
  readonly baseUrl?: string;
  /** Chat template to render prompts with where a server only completes raw text. */
  readonly chatTemplate?: string;
}

/** Everything that fixes which calls a run makes. Stored in its journal; a resumed run reads it back. */
export interface RunPlan extends ModelPlan {
  readonly schema: "dashpot/run@1";
  readonly format: Exclude<Format, "act" | "self">;
  /** Why that format was chosen. */
  readonly formatReason: string;
  readonly acts: boolean;
  readonly self: boolean;
  /** Whether the other format is asked a little too, to tell how far the two agree. */
  readonly agreement: boolean;
  readonly set: SetName;
  readonly bank: { readonly path: string; readonly id: string; readonly version: string; readonly hash: string };
  readonly seed: number;
  readonly samples: number;
  readonly temperature: number;
  /** What stands before every call as the system's message: a guardrail. */
  readonly system?: string;
  readonly vary: readonly Variation[];
  /** What bias is told against (A4), by content; null: against zero. */
  readonly reference: {
    readonly name: string;
    readonly path: string;
    readonly hash: string;
    /** Where the reference answered another form of the bank: by how much that may move bias, null where not known. */
    readonly formError?: BiasError | null;
  } | null;
  /** The one temperature of the normalised score (A5). */
  readonly normalisation: { readonly temperature: number; readonly fittedOn: string };
}

/** One answered call as journalled: acknowledged only once it is on disk. */
export interface AnswerRecord {
  /** Stable over runs: `score/workplace-1/bank/none`, `choice/…/3`, `act/dyad-4/7`. */
  readonly key: string;
  /** SHA-256 of the canonical request, so that a stored answer is never given to another question. */
  readonly request: string;
  readonly answer: Answer | CallFailure;
}

/** A call that was answered by a final refusal to answer (not retried on resume), counted as missing. */
export interface CallFailure {
  readonly kind: "failure";
  readonly code: string;
}

export interface Totals {
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** In the currency of the user's price file; null without one. */
  readonly cost: number | null;
}

export interface Budget {
  readonly calls?: number;
  readonly tokens?: number;
  readonly cost?: number;
}

/** Key of a score or choice call. */
export function callKey(
  format: Format,
  situation: string,
  arm: Arm,
  row: string,
  ...more: (string | number)[]
): string {
  return [format, situation, arm, row, ...more].join("/");
}
