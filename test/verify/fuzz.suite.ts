import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Chunk } from "../fuzz/run-chunk.ts";
import type { FuzzOutcome, FuzzTarget } from "../fuzz/target.ts";
import { TARGETS } from "../fuzz/targets.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const SIZE = { full: { cases: 100_000, chunks: 10 }, quick: { cases: 200, chunks: 1 } } as const;
/** A chunk of ten thousand cases takes minutes at the most: one that takes longer holds a case that does not end. */
const CHUNK_TIMEOUT_MS = 3_600_000;
/** Processor time that one case may take. A plan of power, the slowest by far, takes two seconds on a slow machine. */
const BOUND_MS = 10_000;

/** F7: every parser of what comes from outside, at full size. */
export const suite: VerifySuite = {
  name: "fuzz",
  proves: ["F7"],
  title: "Whatever comes from outside is a value or a coded error, in bounded time",
  budgetMinutes: 120,
  model: "none",
  doc: "docs/faults.md",
  section: "fuzz",
  run: async (context) => {
    await runChunks(context);
    const rows = TARGETS.map((target) => ({ target, outcome: outcomeOf(target, context) }));
    return { table: tableOf(rows), holds: rows.every(({ outcome }) => held(outcome)) };
  },
};

function held({ failure, slowestMs }: FuzzOutcome): boolean {
  return failure === null && slowestMs <= BOUND_MS;
}

/** Each chunk has its own seed, since fast-check tries edges first and goes further out with every case. */
function chunksOf({ name }: FuzzTarget, { quick }: SuiteContext): { readonly key: string; readonly chunk: Chunk }[] {
  const { cases, chunks } = SIZE[quick ? "quick" : "full"];
  return Array.from({ length: chunks }, (_, index) => index + 1).map((seed) => ({
    key: `${name} ${seed}`,
    chunk: { target: name, cases: cases / chunks, seed },
  }));
}

/** As many at once as there are cores: each is a process of its own, whose processor time alone is counted. */
async function runChunks(context: SuiteContext): Promise<void> {
  const { state, signal } = context;
  const open = TARGETS.flatMap((target) => chunksOf(target, context).map((one) => ({ target, ...one })))
    .filter(({ key }) => !state.has(key))
    .values();
  const lane = async () => {
    for (const { target, key, chunk } of open) {
      signal.throwIfAborted();
      state.put(key, await chunkOf(chunk, signal));
      if (chunksOf(target, context).every((one) => state.has(one.key))) tell(target, context);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

function tell(target: FuzzTarget, context: SuiteContext): void {
  const { cases, values, slowestMs, failure } = outcomeOf(target, context);
  const found = failure === null ? "" : `\n${failure}`;
  context.log(`${target.name}: ${cases} cases, ${values} values, slowest ${slowestMs.toFixed(0)} ms${found}`);
}

function outcomeOf(target: FuzzTarget, context: SuiteContext): FuzzOutcome {
  return chunksOf(target, context)
    .map(({ key }) => context.state.get<FuzzOutcome>(key) as FuzzOutcome)
    .reduce(both);
}

function both(left: FuzzOutcome, right: FuzzOutcome): FuzzOutcome {
  const codes = { ...left.codes };
  for (const [code, count] of Object.entries(right.codes)) codes[code] = (codes[code] ?? 0) + count;
  return {
    cases: left.cases + right.cases,
    values: left.values + right.values,
    codes,
    slowestMs: Math.max(left.slowestMs, right.slowestMs),
    failure: left.failure ?? right.failure,
  };
}

const RUN_CHUNK = fileURLToPath(new URL("../fuzz/run-chunk.ts", import.meta.url));

function chunkOf(chunk: Chunk, signal: AbortSignal): Promise<FuzzOutcome> {
  const options = {
    signal,
    timeout: CHUNK_TIMEOUT_MS,
    stdio: ["ignore", "ignore", "pipe", "ipc"] as const,
    execArgv: [],
  };
  const child = fork(RUN_CHUNK, [JSON.stringify(chunk)], { ...options, stdio: [...options.stdio] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-2000)));
  return new Promise((resolve, reject) => {
    child.once("message", (outcome: FuzzOutcome) => resolve(outcome));
    child.once("error", reject);
    child.once("exit", (code, killed) => {
      const failure = `expected the chunk ${JSON.stringify(chunk)} to end, received ${killed ?? `exit code ${code}`}\n${said}`;
      resolve({ cases: 0, values: 0, codes: {}, slowestMs: 0, failure });
    });
  });
}

function tableOf(rows: readonly { readonly target: FuzzTarget; readonly outcome: FuzzOutcome }[]): string {
  const lines = rows.map(({ target, outcome }) => {
    const refused = Object.values(outcome.codes).reduce((sum, count) => sum + count, 0);
    const { cases, values, slowestMs, failure } = outcome;
    return `| ${target.parsers} | ${cases} | ${values} | ${refused} in ${Object.keys(outcome.codes).length} | ${slowestMs.toFixed(0)} | ${failure === null ? "none" : "**found**"} |`;
  });
  const codes = rows.map(({ target, outcome }) => {
    const known = Object.entries(outcome.codes).sort(([left], [right]) => left.localeCompare(right));
    return `- ${target.parsers}: ${known.map(([code, count]) => `\`${code}\` ${count}`).join(", ") || "none"}`;
  });
  const found = rows.flatMap(({ target, outcome }) =>
    outcome.failure === null ? [] : [`${target.parsers}:`, "```", outcome.failure.trim(), "```"],
  );
  return [
    "Valid inputs with a few parts replaced, dropped, doubled or added to, their texts and bytes cut and put into, and inputs that were never valid. A case is parsed or refused with a code; other exceptions are defects. The slowest case is in processor time.",
    "",
    "| Parsers | Cases | Parsed | Refused, in so many codes | Slowest, ms | Other exceptions |",
    "| --- | ---: | ---: | ---: | ---: | --- |",
    ...lines,
    "",
    "Refusals by code:",
    "",
    ...codes,
    ...(found.length > 0 ? ["", ...found] : []),
  ].join("\n");
}
