import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLoopback } from "../test/fixtures/loopback.ts";
import { promptOf } from "../test/fixtures/run-plan.ts";
import { PARALLEL, requireText } from "./loopback-run.ts";
import { installNpmPeer } from "./peer.ts";

export const PROMPTFOO = "0.121.20";

export interface PeerPace {
  /** From the server's first request to its last answer: without start and without writing the results. */
  readonly callsPerSecond: number;
  /** From the start of the command to its end. */
  readonly callsPerSecondOfCommand: number;
}

/**
 * Puts `count` calls to a loopback server by `promptfoo eval`, as its documentation has it: a configuration file with
 * the server as an OpenAI provider, results kept in its own database and written as JSON; no cache, no telemetry.
 * Throws unless every answer is the server's.
 */
export async function runPromptfoo(count: number, latencyMs: number, signal: AbortSignal): Promise<PeerPace> {
  const peer = await installNpmPeer("promptfoo", PROMPTFOO, signal);
  const folder = mkdtempSync(join(tmpdir(), "dashpot-promptfoo-"));
  const server = await startLoopback({ latencyMs });
  try {
    writeFileSync(join(folder, "config.json"), JSON.stringify(configuration(server.address, count)));
    const began = performance.now();
    await evaluate(join(peer, "node_modules", "promptfoo", "dist", "src", "entrypoint.js"), folder, signal);
    const commandMs = performance.now() - began;
    requireResults(join(folder, "results.json"), count);
    const { spanMs } = await server.log();
    return { callsPerSecond: (count * 1000) / spanMs, callsPerSecondOfCommand: (count * 1000) / commandMs };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function configuration(address: string, count: number) {
  const config = { apiBaseUrl: `${address}/v1`, apiKey: "none", temperature: 0, max_tokens: 8, seed: 1 };
  const tests = Array.from({ length: count }, (_, index) => ({ vars: { prompt: promptOf(`k${index}`) } }));
  return { prompts: ["{{prompt}}"], providers: [{ id: "openai:chat:loop", config }], tests };
}

async function evaluate(entry: string, folder: string, signal: AbortSignal): Promise<void> {
  const options = [
    "--config",
    "config.json",
    "--max-concurrency",
    String(PARALLEL),
    "--no-cache",
    "--no-progress-bar",
    "--no-table",
  ];
  // Nothing else of ours: keys of a user are none of its business.
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    PROMPTFOO_CONFIG_DIR: join(folder, "promptfoo"),
    PROMPTFOO_DISABLE_TELEMETRY: "1",
    PROMPTFOO_DISABLE_UPDATE: "1",
  };
  const child = spawn(process.execPath, [entry, "eval", ...options, "--output", "results.json"], {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
    signal,
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    said = (said + piece).slice(-2000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`expected promptfoo eval to succeed, received exit code ${code}: ${said}`);
}

/** Throws unless the file holds one result a call, each with the server's answer. */
export function requireResults(path: string, count: number): void {
  const { results } = (
    JSON.parse(readFileSync(path, "utf8")) as {
      results: { results: { prompt: { raw: string }; response?: { output?: string } }[] };
    }
  ).results;
  if (results.length !== count) throw new Error(`expected ${count} results of promptfoo, received ${results.length}`);
  const prompts = new Set(results.map(({ prompt }) => prompt.raw));
  if (prompts.size !== count) throw new Error(`expected ${count} prompts of promptfoo, received ${prompts.size}`);
  for (const { prompt, response } of results) requireText(response?.output, prompt.raw);
}
