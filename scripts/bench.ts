import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Benchmark, Measurement } from "../bench/benchmark.ts";
import { codeHash } from "./code-hash.ts";
import { writeSection } from "./doc-section.ts";
import { loadModules, moduleNames } from "./load-modules.ts";
import { readRequest } from "./read-request.ts";

const USAGE = "usage: npm run bench -- --list | NAME… | all [--write]";
const PAGE = "docs/speed.md";
const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** What a figure is of. */
const MEASURED = ["src", "bin", "bench", "instruments", "package.json", "package-lock.json"];

export interface BenchOutput {
  print(line: string): void;
  log(line: string): void;
}

/** How one of several benchmarks is run: in a process of its own, so that none inherits another's memory. */
export type RunAlone = (name: string, flags: ReadonlySet<string>) => Promise<number>;

/**
 * `npm run bench`. Prints one JSON line a benchmark; with `--write` puts each into `docs/speed.md` too. Exit code 0 whether or not targets hold; 1 where an answer was
 * wrong or a peer could not be had, so that there is no figure; 2: wrong use.
 */
export async function bench(
  parameters: readonly string[],
  folders: readonly string[],
  output: BenchOutput,
  signal: AbortSignal,
  runAlone: RunAlone,
): Promise<number> {
  const places = new Map(
    folders.flatMap((folder) => moduleNames(folder, ".ts").map((name) => [name, folder] as const)),
  );
  const load = async (name: string): Promise<Benchmark[]> =>
    loadModules<Benchmark>(places.get(name) ?? "", [name], ".ts", "benchmark");
  const listAll = async () => listed((await Promise.all([...places.keys()].map(load))).flat());
  const request = readRequest(parameters, [...places.keys()], ["write"]);
  if (request.kind === "list") {
    for (const line of await listAll()) output.print(line);
    return 0;
  }
  if (request.kind === "wrong") {
    for (const line of [`error[wrong-use]: ${request.message}`, USAGE, ...(await listAll())]) output.log(line);
    return 2;
  }
  const codes: number[] = [];
  for (const name of request.names) {
    if (request.names.length > 1) codes.push(signal.aborted ? 1 : await runAlone(name, request.flags));
    else for (const benchmark of await load(name)) codes.push(await runOne(benchmark, output, signal, request.flags));
  }
  return Math.max(...codes);
}

async function runOne(
  benchmark: Benchmark,
  output: BenchOutput,
  signal: AbortSignal,
  flags: ReadonlySet<string>,
): Promise<number> {
  try {
    const measured = await benchmark.run(signal);
    const { figure, unit, target, holds, against, n, ...extra } = measured;
    if (flags.has("write")) writeSection(PAGE, benchmark.name, described(benchmark, measured));
    output.print(JSON.stringify({ name: benchmark.name, figure, unit, target, holds, against, n, ...extra }));
    return 0;
  } catch (error) {
    output.log(`${benchmark.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
}

function described({ name, row, target }: Benchmark, { figure, unit, holds, against, n }: Measurement): string {
  const rounded = Number(figure.toPrecision(3));
  return [
    `**${rounded} ${unit}** · target ${target} · ${holds ? "holds" : "**does not hold**"}`,
    "",
    `${row.charAt(0).toUpperCase()}${row.slice(1)}. Against ${against}; n ${n}.`,
    "",
    `\`npm run bench -- ${name}\` · code ${codeHash(ROOT, MEASURED)} · ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`,
  ].join("\n");
}

function listed(benchmarks: readonly Benchmark[]): string[] {
  const width = Math.max(0, ...benchmarks.map((benchmark) => benchmark.name.length));
  return benchmarks.map(({ name, stage, row, target }) => `${name.padEnd(width)}  ${stage}: ${row}; target ${target}`);
}

function inOwnProcess(name: string, flags: ReadonlySet<string>): Promise<number> {
  const parameters = [name, ...[...flags].map((flag) => `--${flag}`)];
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...parameters], { stdio: "inherit" });
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
