import { startLoopback } from "../../test/fixtures/loopback.ts";
import type { Benchmark } from "../benchmark.ts";
import { median, rounded, runEngine, runFetch } from "../loopback-run.ts";

const CALLS = 6000;
const ROUNDS = 3;
const TARGET = 0.5;

/** B3 */
export const benchmark: Benchmark = {
  name: "call-cpu",
  stage: "profile",
  row: "processor time a call, all threads, everything journalled",
  target: "≤ 0.5 ms",
  run: async (signal) => {
    const server = await startLoopback({ latencyMs: 50 });
    try {
      await runFetch(server.address, 1000, signal);
      await runEngine(server.address, 1000, signal);
      const [ours, bare]: [number[], number[]] = [[], []];
      for (let round = 0; round < ROUNDS; round += 1) {
        bare.push((await runFetch(server.address, CALLS, signal)).cpuMsPerCall);
        ours.push((await runEngine(server.address, CALLS, signal)).cpuMsPerCall);
      }
      const figure = median(ours);
      return {
        figure: rounded(figure),
        unit: "ms",
        target: TARGET,
        holds: figure <= TARGET,
        against: `fetch of Node ${process.versions.node}, ${rounded(median(bare))} ms`,
        n: ROUNDS,
        calls: CALLS,
        rounds: ours.map((one) => rounded(one)),
      };
    } finally {
      await server.stop();
    }
  },
};
