import { randomStream } from "../../src/kernel/random.ts";
import { heldUp, type KilledProfile, type KilledRun, killedProfile, killedRun, profileHeldUp } from "./kill-runs.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const RUNS = 10;
const KILLS_A_RUN = 5;
const CALLS = 400;
/** Beside them, runs of the whole command, dyads and profile included. */
const PROFILES = 4;

/** F1: processes killed at random moments, the journal compared with what they had acknowledged and the server with both. */
export const suite: VerifySuite = {
  name: "kill",
  proves: ["F1", "R1", "R2", "R10"],
  title: "Seventy SIGKILLs lose and repeat nothing that was answered",
  budgetMinutes: 10,
  model: "none",
  doc: "docs/faults.md",
  section: "kill",
  run: async (context) => {
    const runs: KilledRun[] = [];
    for (let run = 0; run < (context.quick ? 1 : RUNS); run += 1) runs.push(await oneRun(run, context));
    const profiles: KilledProfile[] = [];
    for (let run = 0; run < (context.quick ? 1 : PROFILES); run += 1) profiles.push(await oneProfile(run, context));
    return {
      table: [tableOf(runs), tableOfProfiles(profiles)].join("\n\n"),
      holds:
        runs.every(heldUp) &&
        profiles.every(profileHeldUp) &&
        total(runs) >= (context.quick ? 1 : RUNS * KILLS_A_RUN) &&
        total(profiles) >= (context.quick ? 1 : PROFILES * KILLS_A_RUN),
    };
  },
};

async function oneRun(run: number, { state, log, signal }: SuiteContext): Promise<KilledRun> {
  const known = state.get<KilledRun>(`run ${run}`);
  if (known) return known;
  const found = await killedRun(KILLS_A_RUN, CALLS, randomStream(run, "kill"), signal);
  state.put(`run ${run}`, found);
  log(`run ${run}: ${found.kills} kills, ${found.lost} lost, ${found.repeated} repeated, ${found.wrong} wrong`);
  return found;
}

async function oneProfile(run: number, { state, log, signal }: SuiteContext): Promise<KilledProfile> {
  const known = state.get<KilledProfile>(`profile ${run}`);
  if (known) return known;
  const found = await killedProfile(KILLS_A_RUN, randomStream(run, "kill profile"), signal);
  state.put(`profile ${run}`, found);
  log(`profile ${run}: ${found.kills} kills, ${found.repeated} repeated, ${found.sameBytes ? "same" : "other"} bytes`);
  return found;
}

function tableOfProfiles(profiles: readonly KilledProfile[]): string {
  const rows = profiles.map(
    (run, index) =>
      `| ${index + 1} | ${run.kills} | ${run.calls} | ${run.repeated} | ${run.askedAgain} | ${run.sameBytes ? "the same" : "**others**"} |`,
  );
  return [
    `${total(profiles)} more of \`dashpot profile\` and \`dashpot resume\` themselves, dyads and self-report included, six calls at once.`,
    "Bytes: of `profile.json` in the end, against those of a run that nobody killed.",
    "",
    "| Run | Kills | Calls | Repeated | In flight, asked again | Bytes |",
    "| ---: | ---: | ---: | ---: | ---: | --- |",
    ...rows,
  ].join("\n");
}

function tableOf(runs: readonly KilledRun[]): string {
  const rows = runs.map(
    (run, index) =>
      `| ${index + 1} | ${run.kills} | ${run.calls} | ${run.lost} | ${run.repeated} | ${run.askedAgain} | ${run.wrong} | ${run.totalsExact ? "exact" : "wrong"} |`,
  );
  return [
    `${total(runs)} SIGKILLs at random moments in ${runs.length} runs of ${CALLS} calls each, 20 at once. Lost: acknowledged and not in the`,
    "journal after the kill. Repeated: acknowledged and asked again. In flight: caught unanswered by a kill, and asked once more.",
    "",
    "| Run | Kills | Calls | Lost | Repeated | In flight, asked again | Wrong answers | Totals |",
    "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ...rows,
  ].join("\n");
}

function total(runs: readonly { readonly kills: number }[]): number {
  return runs.reduce((sum, run) => sum + run.kills, 0);
}
