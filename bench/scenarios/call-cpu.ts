import type { Benchmark } from "../benchmark.ts";
import { median, rounded } from "../loopback-run.ts";
import { paces } from "./calls-vs-fetch.ts";

const CALLS = 6000;
/** The first ones are still being compiled, and a run has many thousand calls. */
const ROUNDS = 7;
const TARGET = 0.5;

/** B3: user and system time of the process, the writing thread included. */
export const benchmark: Benchmark = {
  name: "call-cpu",
  stage: "profile",
  row: "processor time a call, all threads, everything journalled",
  target: "≤ 0.5 ms",
  run: async (signal) => {
    const rounds = await paces(CALLS, ROUNDS, signal);
    const ours = rounds.map((round) => round.ours.cpuMsPerCall);
    const figure = median(ours);
    return {
      figure: rounded(figure),
      unit: "ms",
      target: TARGET,
      holds: figure <= TARGET,
      against: `fetch of Node ${process.versions.node}, ${rounded(median(rounds.map(({ bare }) => bare.cpuMsPerCall)))} ms`,
      n: ROUNDS,
      calls: CALLS,
      rounds: ours.map((one) => rounded(one)),
    };
  },
};
