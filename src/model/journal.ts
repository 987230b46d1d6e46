import type { AnswerRecord, RunPlan, Totals } from "./run.ts";

/** Where answers become durable. One process writes at a time; a second one is refused at opening. */
export interface Journal {
  /** The plan the directory was opened with first. */
  readonly plan: RunPlan;
  get(key: string): AnswerRecord | undefined;
  /** Resolves once the record is on disk. A key is written once; a second put of one key rejects. */
  put(record: AnswerRecord, spent: Omit<Totals, "calls" | "cost">): Promise<void>;
  /** Answered calls and tokens so far, over all processes that wrote here. */
  totals(): Omit<Totals, "cost">;
  count(): number;
  close(): Promise<void>;
}
