import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { moduleNames } from "../../scripts/load-modules.ts";
import type { Benchmark } from "../benchmark.ts";
import { median, rounded } from "../loopback-run.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ENTRY = join(ROOT, "bin", "dashpot.js");
const ROUNDS = 31;
const TARGET = 150;

/** B7: the two take turns, so that what else the machine does meets both. */
export const benchmark: Benchmark = {
  name: "cli-start",
  stage: "profile",
  row: "`dashpot --help`, beyond what Node takes to start",
  target: "≤ 150 ms above a bare `node -e 0`",
  run: async (signal) => {
    const home = mkdtempSync(join(tmpdir(), "dashpot-start-"));
    try {
      const first = startHelp(home);
      const rounds = Array.from({ length: ROUNDS }, () => {
        signal.throwIfAborted();
        return { bare: startBare(), help: startHelp(home), unkept: startHelp(null) };
      });
      const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
      const figure = of(({ help }) => help) - of(({ bare }) => bare);
      return {
        figure: rounded(figure),
        unit: "ms",
        target: TARGET,
        holds: figure <= TARGET,
        against: `node -e 0 of Node ${process.versions.node}, ${rounded(of(({ bare }) => bare))} ms`,
        n: ROUNDS,
        helpMs: rounded(of(({ help }) => help)),
        leastHelpMs: rounded(Math.min(...rounds.map(({ help }) => help))),
        leastBareMs: rounded(Math.min(...rounds.map(({ bare }) => bare))),
        withoutKeptCompiled: rounded(of(({ unkept }) => unkept) - of(({ bare }) => bare)),
        firstHelpMs: rounded(first),
      };
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};

/** Milliseconds from start to end of a bare Node. */
function startBare(): number {
  return timed(["-e", "0"], process.env).ms;
}

/** The same of the help; Node keeps what it compiled under `home`, or nothing. Throws unless it is the help. */
export function startHelp(home: string | null): number {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, ...own } = process.env;
  const { ms, stdout } = timed([ENTRY, "--help"], {
    ...own,
    ...(home === null ? { NODE_DISABLE_COMPILE_CACHE: "1" } : { DASHPOT_HOME: home }),
  });
  requireHelp(stdout);
  return ms;
}

/** Throws unless a text is the help, with every command there is. */
export function requireHelp(text: string): void {
  const commands = moduleNames(join(ROOT, "src", "cli", "commands"), ".ts");
  const missing = commands.filter((command) => !new RegExp(`^ {2}${command} `, "m").test(text));
  if (text.startsWith("Usage: dashpot ") && commands.length > 0 && missing.length === 0) return;
  throw new Error(`expected the help with every command, received ${JSON.stringify(text.slice(0, 200))}`);
}

function timed(parameters: readonly string[], env: NodeJS.ProcessEnv): { ms: number; stdout: string } {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { env, encoding: "utf8" });
  const ms = performance.now() - began;
  if (status !== 0) throw new Error(`expected exit code 0, received ${status}: ${stderr}`);
  return { ms, stdout };
}
