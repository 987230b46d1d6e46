import { openJournal } from "../../adapters/journal.ts";
import { reopenRun } from "../../adapters/profile-run.ts";
import { CallError } from "../../model/call-error.ts";
import { DashpotError, isDashpotError } from "../../model/error.ts";
import type { Terminal } from "../terminal.ts";
import { type ConductOptions, conductRun } from "./profile.ts";

export async function work(terminal: Terminal, [directory]: string[], options: ConductOptions): Promise<number> {
  const journal = openJournal(directory as string, null);
  const { plan } = journal;
  const answered = journal.count() > 0;
  await journal.close();
  return conductRun(terminal, plan.model, options, directory as string, (conduct) =>
    reopenRun(plan, conduct).catch((error: unknown) => {
      throw answered ? resumable(error) : error;
    }),
  );
}

/** What stops a run that has answers leaves it resumable (F3). */
function resumable(error: unknown): unknown {
  if (!isDashpotError(error) && !(error instanceof CallError)) return error;
  return new DashpotError(error.code, error.message, error.fix, { exit: 3, cause: error });
}
