import { startLoopback } from "../../test/fixtures/loopback.ts";
import type { Benchmark } from "../benchmark.ts";
import { median, PARALLEL, rounded, runEngine, runFetch } from "../loopback-run.ts";

const CALLS = 6000;
const ROUNDS = 3;
const TARGET = 0.9;

/** B1 */
export const benchmark: Benchmark = {
  name: "calls-vs-fetch",
  stage: "profile",
  row: `calls a second at ${PARALLEL} parallel, server answering after 50 ms, everything journalled`,
  target: "≥ 0.9 × a bare fetch pool",
  run: async (signal) => {
    const server = await startLoopback({ latencyMs: 50 });
    try {
      await runFetch(server.address, 500, signal);
      await runEngine(server.address, 500, signal);
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const bare = await runFetch(server.address, CALLS, signal);
        const ours = await runEngine(server.address, CALLS, signal);
        rounds.push({ bare: bare.callsPerSecond, ours: ours.callsPerSecond });
      }
      const figure = median(rounds.map(({ ours, bare }) => ours / bare));
      const [ours, bare] = [median(rounds.map((one) => one.ours)), median(rounds.map((one) => one.bare))];
      return {
        figure: rounded(figure),
        unit: "× bare fetch",
        target: TARGET,
        holds: figure >= TARGET,
        against: `fetch of Node ${process.versions.node}, ${rounded(bare)} calls/s`,
        n: ROUNDS,
        calls: CALLS,
        callsPerSecond: rounded(ours),
        ratios: rounds.map((one) => rounded(one.ours / one.bare)),
      };
    } finally {
      await server.stop();
    }
  },
};
