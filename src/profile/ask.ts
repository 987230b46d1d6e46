import type { Answer, ChatRequest, ScoreRequest } from "../model/language-model.ts";
import type { CallFailure } from "../model/run.ts";

/** A call as the run engine takes it. */
export type Call =
  | { readonly kind: "score"; readonly key: string; readonly request: ScoreRequest }
  | { readonly kind: "chat"; readonly key: string; readonly request: ChatRequest };

/** Puts a call to the model, or gives the journalled answer; resolves only once the answer is durable. */
export type Ask = (call: Call) => Promise<Answer | CallFailure>;

/** Runs tasks with the parallelism that the endpoint bears; rejects with the first error that ends the run. */
export type Pool = (tasks: Iterable<() => Promise<void>>, total: number) => Promise<void>;
