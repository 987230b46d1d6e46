import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Benchmark } from "../bench/benchmark.ts";
import { loadModules } from "./load-modules.ts";

const USAGE = "usage: npm run bench -- --list | NAME…";

export interface BenchOutput {
  print(line: string): void;
  log(line: string): void;
}

/** How one of several benchmarks is run: in a process of its own, so that none inherits another's memory. */
export type RunAlone = (name: string) => Promise<number>;

/**
 * `npm run bench`. Prints one JSON line a benchmark. Exit code 0 whether or not targets hold; 1 where an answer was
 * wrong or a peer could not be had, so that there is no figure; 2: wrong use.
 */
export async function bench(
  parameters: readonly string[],
  folders: readonly string[],
  output: BenchOutput,
  signal: AbortSignal,
  runAlone: RunAlone,
): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    options: { list: { type: "boolean" } },
    allowPositionals: true,
  });
  const benchmarks = (
    await Promise.all(folders.map((folder) => loadModules<Benchmark>(folder, ".ts", "benchmark")))
  ).flat();
  if (values.list) {
    for (const line of listed(benchmarks)) output.print(line);
    return 0;
  }
  const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0 || positionals.length === 0) {
    if (unknown.length > 0)
      output.log(`error[benchmark-unknown]: expected a benchmark, received ${unknown.join(", ")}`);
    for (const line of [USAGE, ...listed(benchmarks)]) output.log(line);
    return 2;
  }
  const chosen = positionals.flatMap((name) => benchmarks.filter((benchmark) => benchmark.name === name));
  if (chosen.length === 1 && chosen[0] !== undefined) return runOne(chosen[0], output, signal);
  const codes: number[] = [];
  for (const benchmark of chosen) codes.push(signal.aborted ? 1 : await runAlone(benchmark.name));
  return Math.max(...codes);
}

async function runOne(benchmark: Benchmark, output: BenchOutput, signal: AbortSignal): Promise<number> {
  try {
    const { figure, unit, target, holds, against, n, ...extra } = await benchmark.run(signal);
    output.print(JSON.stringify({ name: benchmark.name, figure, unit, target, holds, against, n, ...extra }));
    return 0;
  } catch (error) {
    output.log(`${benchmark.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
}

function listed(benchmarks: readonly Benchmark[]): string[] {
  const width = Math.max(0, ...benchmarks.map((benchmark) => benchmark.name.length));
  return benchmarks.map(({ name, stage, row, target }) => `${name.padEnd(width)}  ${stage}: ${row}; target ${target}`);
}

function inOwnProcess(name: string): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), name], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

if (import.meta.main) {
  const output = { print: (line: string) => console.log(line), log: (line: string) => console.error(line) };
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  const folders = ["scenarios", "kernel"].map((folder) => join(process.cwd(), "bench", folder));
  process.exitCode = await bench(process.argv.slice(2), folders, output, stop.signal, inOwnProcess);
}
