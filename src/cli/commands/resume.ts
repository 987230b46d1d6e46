import { openJournal } from "../../adapters/journal.ts";
import { reopenRun } from "../../adapters/profile-run.ts";
import type { Terminal } from "../terminal.ts";
import { type ConductOptions, conductRun } from "./profile.ts";

export async function work(terminal: Terminal, [directory]: string[], options: ConductOptions): Promise<number> {
  const journal = openJournal(directory as string, null);
  const { plan } = journal;
  await journal.close();
  return conductRun(terminal, plan.model, options, directory as string, (conduct) => reopenRun(plan, conduct));
}
