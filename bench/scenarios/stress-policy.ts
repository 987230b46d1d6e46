import type { Benchmark } from "../benchmark.ts";
import { median, rounded } from "../loopback-run.ts";
import { timeStress } from "../stress-command.ts";

const ROUNDS = 3;
const TARGET = 20;

/** B12. */
export const benchmark: Benchmark = {
  name: "stress-policy",
  stage: "profile",
  row: "stress quick set on a reference policy, whole command",
  target: `≤ ${TARGET} s`,
  run: async (signal) => {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const timed = await timeStress(["policy:threshold-5", "--set", "quick"], signal);
      for (const { factor, threshold } of timed.report.results[0]?.curves ?? []) {
        const bracket = threshold?.index.bracket;
        if (!((bracket?.low ?? 9) <= 5 && 5 <= (bracket?.high ?? 0))) throw new Error(`expected five by ${factor}`);
      }
      rounds.push(timed);
    }
    const figure = median(rounds.map(({ seconds }) => seconds));
    const dry = median(rounds.map(({ drySeconds }) => drySeconds));
    return {
      figure: rounded(figure),
      unit: "s",
      target: TARGET,
      holds: figure <= TARGET,
      against: `the same with --dry-run, ${rounded(dry)} s`,
      n: ROUNDS,
    };
  },
};
