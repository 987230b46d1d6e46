import { readPlan, reopenRun } from "../../adapters/profile-run.ts";
import { CallError } from "../../model/call-error.ts";
import { DashpotError, isDashpotError } from "../../model/error.ts";
import type { RunPlan } from "../../model/run.ts";
import type { Terminal } from "../terminal.ts";
import { type ConductOptions, conductRun, readyToRun } from "./profile.ts";

export async function work(terminal: Terminal, [directory]: string[], options: ConductOptions): Promise<number> {
  const { plan, answers } = await readPlan(directory as string);
  const told = (error: unknown) => Promise.reject(answers > 0 ? resumable(error, plan) : error);
  return conductRun(
    terminal,
    plan.model,
    options,
    directory as string,
    (conduct) => reopenRun(plan, conduct).catch(told),
    (conduct, prepared) => readyToRun(terminal, options, conduct, prepared).catch(told),
  );
}

/** What cannot be gone on with here, as it would be another run. */
const OTHERS: ReadonlySet<string> = new Set([
  "bank-changed",
  "reference-changed",
  "weights-changed",
  "processor-changed",
]);

/** What stops a run that has answers leaves it resumable (F3). */
function resumable(error: unknown, { bank, reference }: RunPlan): unknown {
  if (!isDashpotError(error) && !(error instanceof CallError)) return error;
  if (OTHERS.has(error.code)) return error;
  const back: Record<string, string> = {
    "bank-missing": `put the bank of this run back at ${bank.path}`,
    "profile-missing": `put the reference of this run back at ${reference?.path}`,
  };
  const fix = back[error.code] ?? error.fix;
  return new DashpotError(error.code, error.message, fix, { exit: 3, cause: error });
}
