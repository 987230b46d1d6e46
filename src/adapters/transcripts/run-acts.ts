import { dyadRows, playDyad } from "../../profile/play-dyad.ts";
import { designRun } from "../../profile/profile-model.ts";
import { readBank } from "../bank-files.ts";
import { openJournal } from "../journal.ts";
import { profilePlan } from "../journal-records.ts";
import { recall } from "../run-engine.ts";
import type { Transcribed } from "./transcript.ts";

/** Acts of the dyads that a run of ours played, from its journal. Errors: those of the journal and of its bank. */
export async function* runActs(directory: string): AsyncGenerator<Transcribed> {
  const journal = openJournal(directory, null);
  try {
    const plan = profilePlan(journal.plan, directory);
    const { dyads } = designRun(await readBank(plan.bank.path), plan);
    for (const dyad of dyads) {
      const played = await playDyad(dyad, async (call) => recall(journal, call), plan);
      for (const row of dyadRows(played)) yield { kind: "act", row };
    }
  } finally {
    await journal.close();
  }
}
