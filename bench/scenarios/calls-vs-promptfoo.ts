import { startLoopback } from "../../test/fixtures/loopback.ts";
import type { Benchmark } from "../benchmark.ts";
import { PARALLEL, type Pace, rounded, runEngine } from "../loopback-run.ts";
import { type PeerPace, PROMPTFOO, runPromptfoo } from "../promptfoo-run.ts";

const CALLS = 6000;
const LATENCY_MS = 50;
const WARM = 100;
const TARGET = 8;
/** What a server that answers after so long lets anyone have. */
const CEILING = (PARALLEL * 1000) / LATENCY_MS;

/** Both put the same calls; promptfoo is given only the time between its first request and its last answer. */
async function pair(latencyMs: number, signal: AbortSignal): Promise<{ ours: Pace; peer: PeerPace; ratio: number }> {
  const server = await startLoopback({ latencyMs });
  try {
    // Asserts the answers of both, before anything is timed.
    await runEngine(server.address, WARM, signal);
    await runPromptfoo(WARM, latencyMs, signal);
    const ours = await runEngine(server.address, CALLS, signal);
    const peer = await runPromptfoo(CALLS, latencyMs, signal);
    return { ours, peer, ratio: ours.callsPerSecond / peer.callsPerSecond };
  } finally {
    await server.stop();
  }
}

/** B2: with the server's latency as the row has it, and beside it without, where the server is no ceiling to either. */
export const benchmark: Benchmark = {
  name: "calls-vs-promptfoo",
  stage: "profile",
  row: `calls a second at ${PARALLEL} parallel, server answering after ${LATENCY_MS} ms, answers kept by both`,
  target: `≥ ${TARGET} × promptfoo ${PROMPTFOO}`,
  run: async (signal) => {
    const { ours, peer, ratio } = await pair(LATENCY_MS, signal);
    const atOnce = await pair(0, signal);
    return {
      figure: rounded(ratio),
      unit: "× promptfoo",
      target: TARGET,
      holds: ratio >= TARGET,
      against: `promptfoo ${PROMPTFOO}, ${rounded(peer.callsPerSecond)} calls/s, where the server lets nobody have more than ${CEILING}; with a server that answers at once the ratio is ${rounded(atOnce.ratio)}`,
      n: 1,
      calls: CALLS,
      callsPerSecond: rounded(ours.callsPerSecond),
      peerWithStart: rounded(peer.callsPerSecondOfCommand),
      atOnce: rounded(atOnce.ratio),
    };
  },
};
