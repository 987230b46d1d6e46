import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { join, relative } from "node:path";
import type { VerifySuite } from "../test/verify/suite.ts";
import { SuiteState, type TimedResult } from "../test/verify/suite-state.ts";
import { codeHash } from "./code-hash.ts";
import { writeSection } from "./doc-section.ts";
import { loadModules, moduleNames } from "./load-modules.ts";
import { readRequest } from "./read-request.ts";
import { versionOf } from "./version.ts";

const USAGE = "usage: npm run verify -- --list | SUITE… | all [--fresh] [--quick]";
const ENDING = ".suite.ts";

/** Folders that a run works in; a test hands in others. */
export interface VerifyPlaces {
  readonly root: string;
  readonly suites: string;
  readonly state: string;
}

export interface VerifyOutput {
  print(line: string): void;
  log(line: string): void;
}

type Ending = "holds" | "does not hold" | "interrupted" | "failed";

/**
 * `npm run verify`. Exit code 0: everything asked for holds; 1: something does not; 2: wrong use; 3: interrupted, goes
 * on when called again; 70: a suite failed.
 */
export async function verify(
  parameters: readonly string[],
  places: VerifyPlaces,
  output: VerifyOutput,
  signal: AbortSignal,
): Promise<number> {
  const known = moduleNames(places.suites, ENDING);
  const load = (names: readonly string[]) => loadModules<VerifySuite>(places.suites, names, ENDING, "suite");
  const request = readRequest(parameters, known, ["fresh", "quick"]);
  if (request.kind === "list") {
    for (const line of listed(await load(known))) output.print(line);
    return 0;
  }
  if (request.kind === "wrong") {
    for (const line of [`error[wrong-use]: ${request.message}`, USAGE, ...listed(await load(known))]) output.log(line);
    return 2;
  }
  const options = { fresh: request.flags.has("fresh"), quick: request.flags.has("quick") };
  return runAll(await load(request.names), options, places, output, signal);
}

async function runAll(
  suites: readonly VerifySuite[],
  options: { readonly fresh: boolean; readonly quick: boolean },
  places: VerifyPlaces,
  output: VerifyOutput,
  signal: AbortSignal,
): Promise<number> {
  const endings: Ending[] = [];
  for (const suite of suites) {
    const ending = await runSuite(suite, options, places, output, signal);
    endings.push(ending);
    output.log(`${suite.name}: ${ending}`);
    if (ending === "interrupted") break;
  }
  const codes: readonly [Ending, number][] = [
    ["interrupted", 3],
    ["failed", 70],
    ["does not hold", 1],
  ];
  return codes.find(([ending]) => endings.includes(ending))?.[1] ?? 0;
}

async function runSuite(
  suite: VerifySuite,
  options: { readonly fresh: boolean; readonly quick: boolean },
  places: VerifyPlaces,
  output: VerifyOutput,
  signal: AbortSignal,
): Promise<Ending> {
  const code = codeHash(places.root, [
    ...["src", "bin", "scripts", "instruments", "package.json", "package-lock.json"],
    ...["calibration", "fixtures", "fuzz", "peers"].map((folder) => join("test", folder)),
    ...verifyFiles(places, suite.name),
  ]);
  const state = openState(
    join(places.state, `${suite.name}${options.quick ? ".quick" : ""}.jsonl`),
    code,
    options.fresh,
  );
  const log = (line: string): void => output.log(`${suite.name}: ${line}`);
  try {
    const result = state.result ?? (await runOnce(suite, state, { log, signal, quick: options.quick }));
    const text = `${result.table.trim()}\n\n${provenance(suite, state, result, places.root)}`;
    output.print(text);
    if (!options.quick) writeSection(join(places.root, suite.doc), suite.section, text);
    return result.holds ? "holds" : "does not hold";
  } catch (error) {
    if (signal.aborted) return "interrupted";
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return "failed";
  } finally {
    state.close();
  }
}

/** A suite's own file, and what the suites share. */
function verifyFiles({ root, suites }: VerifyPlaces, name: string): string[] {
  return readdirSync(suites)
    .filter((file) => file === `${name}${ENDING}` || !(file.endsWith(ENDING) || file.endsWith(".test.ts")))
    .map((file) => join(relative(root, suites), file));
}

/** A finished run of the same code is not repeated; one of other code is forgotten, and an unfinished one goes on. */
function openState(path: string, code: string, fresh: boolean): SuiteState {
  if (fresh) SuiteState.forget(path);
  const state = new SuiteState(path, code, () => performance.now() / 1000);
  if (state.result === undefined || state.codes.length === 1) return state;
  state.close();
  SuiteState.forget(path);
  return new SuiteState(path, code, () => performance.now() / 1000);
}

async function runOnce(
  suite: VerifySuite,
  state: SuiteState,
  rest: { log(line: string): void; readonly signal: AbortSignal; readonly quick: boolean },
): Promise<TimedResult> {
  const result = await suite.run({ state, ...rest });
  rest.signal.throwIfAborted();
  return state.finish(result);
}

function provenance(suite: VerifySuite, state: SuiteState, result: TimedResult, root: string): string {
  const processor = cpus()[0]?.model ?? "unknown processor";
  const changed = state.codes.length > 1 ? ` (changed in the middle: ${state.codes.join(", ")})` : ` ${state.codes[0]}`;
  return [
    `\`npm run verify -- ${suite.name}\``,
    `dashpot ${versionOf(root)}, code${changed}`,
    `${process.platform} ${process.arch}, ${cpus().length} × ${processor}`,
    `${Math.round(result.seconds)} s`,
    result.holds ? "**holds**" : "**does not hold**",
  ].join(" · ");
}

function listed(suites: readonly VerifySuite[]): string[] {
  const minutes = (model: VerifySuite["model"]): number =>
    suites.filter((suite) => suite.model === model).reduce((sum, suite) => sum + suite.budgetMinutes, 0);
  const width = Math.max(0, ...suites.map((suite) => suite.name.length));
  return [
    ...suites.map(
      (suite) =>
        `${suite.name.padEnd(width)}  ${String(suite.budgetMinutes).padStart(4)} min  ${suite.model === "embedded" ? "embedded model" : "no model      "}  ${suite.proves.join(", ")}: ${suite.title} (${suite.doc})`,
    ),
    `${minutes("none")} minutes without a model, ${minutes("embedded")} with the embedded model, ${minutes("none") + minutes("embedded")} in all`,
  ];
}

if (import.meta.main) {
  const root = process.cwd();
  const places = { root, suites: join(root, "test", "verify"), state: join(root, ".dashpot", "verify") };
  const output = { print: (line: string) => console.log(line), log: (line: string) => console.error(line) };
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  }
  process.exitCode = await verify(process.argv.slice(2), places, output, stop.signal);
}
