import { startLoopback } from "../../test/fixtures/loopback.ts";
import type { Benchmark } from "../benchmark.ts";
import { median, PARALLEL, type Pace, rounded, runEngine, runFetch } from "../loopback-run.ts";

const CALLS = 6000;
const ROUNDS = 3;
const TARGET = 0.9;

/** B1: the two take turns, so that what else the machine does meets both. */
export async function paces(calls: number, rounds: number, signal: AbortSignal): Promise<{ bare: Pace; ours: Pace }[]> {
  const server = await startLoopback({ latencyMs: 50 });
  try {
    const warm = Math.ceil(calls / 10);
    await runFetch(server.address, warm, signal);
    await runEngine(server.address, warm, signal);
    const found: { bare: Pace; ours: Pace }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const bare = await runFetch(server.address, calls, signal);
      found.push({ bare, ours: await runEngine(server.address, calls, signal) });
    }
    return found;
  } finally {
    await server.stop();
  }
}

export const benchmark: Benchmark = {
  name: "calls-vs-fetch",
  stage: "profile",
  row: `calls a second at ${PARALLEL} parallel, server answering after 50 ms, everything journalled`,
  target: "≥ 0.9 × a bare fetch pool",
  run: async (signal) => {
    const rounds = await paces(CALLS, ROUNDS, signal);
    const ratios = rounds.map(({ ours, bare }) => ours.callsPerSecond / bare.callsPerSecond);
    const figure = median(ratios);
    return {
      figure: rounded(figure),
      unit: "× bare fetch",
      target: TARGET,
      holds: figure >= TARGET,
      against: `fetch of Node ${process.versions.node}, ${rounded(median(rounds.map(({ bare }) => bare.callsPerSecond)))} calls/s`,
      n: ROUNDS,
      calls: CALLS,
      callsPerSecond: rounded(median(rounds.map(({ ours }) => ours.callsPerSecond))),
      ratios: ratios.map((ratio) => rounded(ratio)),
    };
  },
};
