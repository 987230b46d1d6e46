import type { ModelPlan } from "./run.ts";

/**
 * Everything that fixes what a model is asked in order to code texts. Stored in its journal, whose answers are kept by the
 * text: the same texts, alone or among others, are asked once.
 */
export interface CodingPlan extends ModelPlan {
  readonly schema: "dashpot/coding-run@1";
  readonly coder: "judge" | "likelihood";
  /** The prompt or the descriptions that it goes by. */
  readonly instrument: { readonly id: string; readonly version: string; readonly hash: string };
  readonly seed: number;
}
