import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startLoopback } from "../../test/fixtures/loopback.ts";
import type { Benchmark } from "../benchmark.ts";
import { rounded, runEngine, runFetch } from "../loopback-run.ts";

const FEW = 1000;
const MANY = 20_000;
const TARGET = 60;
const MEGABYTE = 1024 * 1024;

/** B4 */
export const benchmark: Benchmark = {
  name: "call-memory",
  stage: "profile",
  row: "growth of resident memory from 1,000 to 20,000 calls, everything journalled",
  target: "≤ 60 MB",
  run: async (signal) => {
    const server = await startLoopback({ latencyMs: 10 });
    const collect = collector();
    const seen: NodeJS.MemoryUsage[] = [];
    const look = (answers: number) => {
      if (answers !== FEW && answers !== MANY) return;
      collect();
      seen.push(process.memoryUsage());
    };
    try {
      await runEngine(server.address, MANY, signal, { onAnswer: look });
      const [few, many] = seen as [NodeJS.MemoryUsage, NodeJS.MemoryUsage];
      const figure = (many.rss - few.rss) / MEGABYTE;
      const before = process.memoryUsage.rss();
      await runFetch(server.address, MANY, signal);
      collect();
      return {
        figure: rounded(figure),
        unit: "MB",
        target: TARGET,
        holds: figure <= TARGET,
        against: `a bare fetch pool of ${MANY} calls after it, ${rounded((process.memoryUsage.rss() - before) / MEGABYTE)} MB`,
        n: 1,
        heapGrowth: rounded((many.heapUsed - few.heapUsed) / MEGABYTE),
        residentAtFew: rounded(few.rss / MEGABYTE),
      };
    } finally {
      await server.stop();
    }
  },
};

/** The garbage collector, without a flag on the command line. */
function collector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
