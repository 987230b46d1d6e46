import { type StormyRun, stormyRun, weathered } from "./storm-runs.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const SHARES = [0.1, 0.3, 0.5, 0.7, 1] as const;
const CALLS: Readonly<Record<(typeof SHARES)[number], number>> = { 0.1: 300, 0.3: 300, 0.5: 200, 0.7: 60, 1: 10 };
const SEEDS = [1, 2, 3] as const;

/** F2: fourteen kinds of failure mixed at random, at rising shares of all requests. */
export const suite: VerifySuite = {
  name: "storm",
  proves: ["F2", "R4"],
  title: "A storm of failures ends recovered or stopped resumable",
  budgetMinutes: 20,
  model: "none",
  doc: "docs/faults.md",
  section: "storm",
  run: async (context) => {
    const runs: StormyRun[] = [];
    const [shares, seeds] = context.quick ? [SHARES.slice(1, 2), SEEDS.slice(0, 1)] : [SHARES, SEEDS];
    for (const share of shares) for (const seed of seeds) runs.push(await oneRun(share, seed, context));
    return { table: tableOf(runs), holds: runs.every(weathered) };
  },
};

async function oneRun(
  share: (typeof SHARES)[number],
  seed: number,
  { state, log, signal }: SuiteContext,
): Promise<StormyRun> {
  const key = `${share} ${seed}`;
  const known = state.get<StormyRun>(key);
  if (known) return known;
  const found = await stormyRun(
    { seed, share, calls: CALLS[share], mostStops: share === 1 ? 1 : 100, speed: 40 },
    signal,
  );
  state.put(key, found);
  log(
    `${key}: ${found.ending}, ${found.stops} stops, ${found.answered} of ${found.calls} answered, ${found.wrong} wrong`,
  );
  return found;
}

function tableOf(runs: readonly StormyRun[]): string {
  const kinds = [...new Set(runs.flatMap(({ weather }) => Object.keys(weather)))].sort();
  const rows = runs.map(
    (run) =>
      `| ${run.share * 100} % | ${run.requests} | ${run.stops} | ${run.answered} of ${run.calls} | ${run.wrong} | ${run.totalsExact ? "exact" : "wrong"} | ${run.ending.replace(/^3 /, "stopped resumable: ")} |`,
  );
  return [
    `Failures in the mix, drawn at random: ${kinds.join(", ")}. Stops: runs that ended with exit code 3 and were resumed.`,
    "",
    "| Requests hit | Requests | Stops | Answered | Wrong answers | Totals | Ending |",
    "| ---: | ---: | ---: | ---: | ---: | --- | --- |",
    ...rows,
  ].join("\n");
}
