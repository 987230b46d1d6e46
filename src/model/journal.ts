import type { CodingPlan } from "./coding-run.ts";
import type { GamesPlan } from "./games-run.ts";
import type { AnswerRecord, RunPlan, Totals } from "./run.ts";
import type { StressPlan } from "./stress-run.ts";

/** Plan of whichever kind of run a directory holds, told by its schema. */
export type AnyPlan = RunPlan | StressPlan | GamesPlan | CodingPlan;

/** Where answers become durable. One process writes at a time; a second one is refused at opening. */
export interface Journal<P extends AnyPlan = AnyPlan> {
  /** The plan the directory was opened with first. */
  readonly plan: P;
  get(key: string): AnswerRecord | undefined;
  /** Resolves once the record is on disk. A key is written once; a second put of one key rejects. */
  put(record: AnswerRecord, spent: Omit<Totals, "calls" | "cost">): Promise<void>;
  /** Answered calls and tokens so far, over all processes that wrote here. */
  totals(): Omit<Totals, "cost">;
  count(): number;
  close(): Promise<void>;
}
