import { startLoopback } from "../../test/fixtures/loopback.ts";
import type { Benchmark } from "../benchmark.ts";
import { rounded, runEngine, runFetch } from "../loopback-run.ts";

const FEW = 1000;
const MANY = 20_000;
const LOOK_EVERY = 250;
const TARGET = 60;
const MEGABYTE = 1024 * 1024;

/** B4: the most that is resident at any time after the first thousand calls; the collector runs as it does for users. */
export const benchmark: Benchmark = {
  name: "call-memory",
  stage: "profile",
  row: "growth of resident memory from 1,000 to 20,000 calls, everything journalled",
  target: "≤ 60 MB",
  run: async (signal) => {
    const server = await startLoopback({ latencyMs: 10 });
    const seen: number[] = [];
    const look = (answers: number) => {
      if (answers >= FEW && answers % LOOK_EVERY === 0) seen.push(process.memoryUsage.rss() / MEGABYTE);
    };
    try {
      // Asserts the answers before anything is measured; what it allocates is below the first thousand's.
      await runEngine(server.address, FEW / 10, signal);
      await runEngine(server.address, MANY, signal, { onAnswer: look });
      const [few, most] = [seen[0] as number, Math.max(...seen)];
      const before = process.memoryUsage.rss() / MEGABYTE;
      await runFetch(server.address, MANY, signal);
      const bare = process.memoryUsage.rss() / MEGABYTE - before;
      return {
        figure: rounded(most - few),
        unit: "MB",
        target: TARGET,
        holds: most - few <= TARGET,
        against: `fetch of Node ${process.versions.node}, ${rounded(bare)} MB more after it`,
        n: 1,
        atFew: rounded(few),
        most: rounded(most),
      };
    } finally {
      await server.stop();
    }
  },
};
