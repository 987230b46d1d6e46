import { startLoopback } from "../../test/fixtures/loopback.ts";
import type { Benchmark } from "../benchmark.ts";
import { PARALLEL, rounded, runEngine } from "../loopback-run.ts";
import { PROMPTFOO, runPromptfoo } from "../promptfoo-run.ts";

const CALLS = 6000;
const LATENCY_MS = 50;
const TARGET = 8;

/** B2: promptfoo is given the time between its first request and its last answer only, ours opens its journal as well. */
export const benchmark: Benchmark = {
  name: "calls-vs-promptfoo",
  stage: "profile",
  row: `calls a second at ${PARALLEL} parallel, server answering after 50 ms, answers kept by both`,
  target: `≥ 8 × promptfoo ${PROMPTFOO}`,
  run: async (signal) => {
    const server = await startLoopback({ latencyMs: LATENCY_MS });
    try {
      const ours = await runEngine(server.address, CALLS, signal);
      const peer = await runPromptfoo(CALLS, LATENCY_MS, signal);
      const figure = ours.callsPerSecond / peer.callsPerSecond;
      return {
        figure: rounded(figure),
        unit: "× promptfoo",
        target: TARGET,
        holds: figure >= TARGET,
        against: `promptfoo ${PROMPTFOO}, ${rounded(peer.callsPerSecond)} calls/s`,
        n: 1,
        calls: CALLS,
        callsPerSecond: rounded(ours.callsPerSecond),
        peerWithStart: rounded(peer.callsPerSecondOfCommand),
      };
    } finally {
      await server.stop();
    }
  },
};
