import { parseArgs } from "node:util";
import { systemClock } from "../src/adapters/clock.ts";
import { openJournal } from "../src/adapters/journal.ts";
import { profilePlan } from "../src/adapters/journal-records.ts";
import { type PreparedRun, reopenRun } from "../src/adapters/profile-run.ts";
import { renderSubjects, replaceFiles, signFiles } from "../src/adapters/report-files.ts";
import { createRunEngine, type Engine } from "../src/adapters/run-engine.ts";
import { signingKey } from "../src/adapters/signing-keys.ts";
import { randomStream } from "../src/kernel/random.ts";
import type { Journal } from "../src/model/journal.ts";
import type { Profile } from "../src/model/profile.ts";
import { estimateProfile } from "../src/profile/estimate.ts";
import { codeRun, designRun } from "../src/profile/profile-model.ts";

export interface Places {
  /** Directory of the run. */
  readonly run: string;
  /** Where profile and card are written. */
  readonly out: string;
  readonly keys: string;
}

/**
 * Profile and signed card from a run's journal, as `dashpot resume` makes them: recall every answer, code it, estimate,
 * render and sign, each file whole and on disk. Without the pictures, the Inspect log and the look for open calls.
 */
export async function estimateFromJournal({ run, out, keys }: Places): Promise<Profile> {
  const journal = openJournal(run, null);
  try {
    const prepared = await reopenRun(profilePlan(journal.plan, run), {});
    const { plan, bank, model } = prepared;
    const engine = engineOf(prepared, journal);
    const measured = await codeRun(designRun(bank, plan), engine.recall);
    const profile = estimateProfile(measured, {
      ...{ bank, plan, model: model.identity, totals: engine.totals() },
      ...{ reference: null, normalisation: plan.normalisation },
    });
    const files = renderSubjects(profile);
    const key = await signingKey({ directory: keys, now: "2030-01-01T00:00:00.000Z" });
    await replaceFiles(out, [...files, signFiles(profile, files, key)]);
    return profile;
  } finally {
    await journal.close();
  }
}

/** An engine without budget, price or limits. */
export function engineOf({ model }: Pick<PreparedRun, "model">, journal: Journal): Engine {
  const never = new AbortController().signal;
  return createRunEngine({
    ...{ model, journal, clock: systemClock, random: randomStream(1, "backoff") },
    ...{ parallel: 50, budget: {}, price: null, stop: never, abort: never, timeoutMs: 30_000 },
  });
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { run: { type: "string" }, out: { type: "string" }, keys: { type: "string" } },
  });
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await estimateFromJournal(values as unknown as Places);
  const [ended, spent] = [performance.now(), process.cpuUsage(cpu)];
  console.log(JSON.stringify({ ms: ended - began, cpuMs: (spent.user + spent.system) / 1000, msOfProcess: ended }));
}
