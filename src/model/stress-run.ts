import type { ModelPlan, SetName } from "./run.ts";
import type { Condition, StressFormat } from "./stress.ts";

/** One scenario that is asked: a row of the design table. */
export interface DesignRow {
  readonly family: string;
  /** 0 to 3. */
  readonly surface: number;
  readonly condition: Condition;
}

/** Everything that fixes which calls a stress run makes. Stored in its journal; a resumed run reads it back. */
export interface StressPlan extends ModelPlan {
  readonly schema: "dashpot/stress-run@1";
  readonly formats: readonly StressFormat[];
  /** Why the first of them was chosen. */
  readonly formatReason: string;
  readonly set: SetName;
  readonly suite: { readonly path: string; readonly id: string; readonly version: string; readonly hash: string };
  /** What codes words by `write` and `simulate`. */
  readonly coder: { readonly id: string; readonly version: string; readonly hash: string };
  /** `table`: the design as CSV, so that a run needs no file beside its journal. */
  readonly design: { readonly name: string; readonly table: string; readonly aliases: readonly string[] };
  /** Wordings of each rung that are scored: 1 or 3. */
  readonly wordings: number;
  readonly seed: number;
  /** Answers an item by `choice`, `act` and `write`. */
  readonly samples: number;
  readonly temperature: number;
  /** Whether the model is asked what it notices of each scenario. */
  readonly check?: true;
  /** What stands before every scenario as the system's message: a guardrail. */
  readonly system?: string;
}
