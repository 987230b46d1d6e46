import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runCommand } from "../house/run-command.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";
import type { SuiteResult } from "./suite-state.ts";

/** One command of the walk, and the minutes that it may take. */
interface Step {
  readonly what: string;
  readonly seconds: number;
  readonly most: number | null;
  readonly outcome: string;
  readonly holds: boolean;
}

const RUN = "dashpot-runs/quickstart";
const VERIFY = ["--no", "dashpot", "card", "verify", `${RUN}/card.dsse.json`, "--key", `${RUN}/public-key.pem`];

/** H5: both commands of the README, each in a clone in an empty folder, with an empty home and empty caches. */
export const suite: VerifySuite = {
  name: "fresh-clone",
  proves: ["H5"],
  title: "A clone in an empty folder passes both commands in the stated time",
  budgetMinutes: 40,
  model: "embedded",
  doc: "docs/fresh-clone.md",
  section: "fresh-clone",
  run: async (context) => {
    const walked = async (name: string, steps: Parameters<typeof walk>[2]) => {
      const before = context.state.get<Step[]>(name);
      if (before) return before;
      const found = await walk(name, context, steps);
      context.state.put(name, found);
      return found;
    };
    return resultOf([
      ...(await walked("quickstart", quickstart)),
      ...(context.quick ? [] : await walked("npm test", bareTest)),
    ]);
  },
};

type Call = (
  command: string,
  ...parameters: string[]
) => Promise<{ code: number | null; seconds: number; text: string }>;

/** A clone of the last commit in a home of its own; nothing that this machine keeps for its user is seen. */
async function walk(
  name: string,
  { log, signal }: SuiteContext,
  steps: (clone: string, call: Call) => Promise<Step[]>,
): Promise<Step[]> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-clone-"));
  // As a user's folder is: one test lets another user try.
  chmodSync(folder, 0o755);
  const clone = join(folder, "dashpot");
  const kept = Object.entries(process.env).filter(
    ([key]) => !/^(npm_|XDG_|DASHPOT_|NODE_OPTIONS|NODE_ENV|INIT_CWD)/i.test(key),
  );
  const path = (process.env.PATH ?? "").split(delimiter).filter((one) => !one.includes("node_modules"));
  const env = { ...Object.fromEntries(kept), PATH: path.join(delimiter), HOME: join(folder, "home") };
  const call: Call = async (command, ...parameters) => {
    signal.throwIfAborted();
    log(`${name}: ${[command, ...parameters].join(" ").slice(0, 60)}`);
    const began = performance.now();
    const { code, text } = await ended(command, parameters, { cwd: clone, env, signal });
    if (code !== 0) log(text.slice(-2000));
    return { code, seconds: (performance.now() - began) / 1000, text };
  };
  try {
    const dirty = (await runCommand("git", ["status", "--porcelain", "--untracked-files=no"], { env })).stdout.trim();
    if (dirty !== "")
      throw new Error(`expected everything committed, since the last commit is cloned, received: ${dirty}`);
    const { code, stderr } = await runCommand("git", ["clone", "--quiet", process.cwd(), clone], { env });
    if (code !== 0) throw new Error(`expected a clone, received: ${stderr}`);
    return await steps(clone, call);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function quickstart(clone: string, call: Call): Promise<Step[]> {
  const begun = await call("npm", "run", "quickstart");
  const begunStep = timed("`npm run quickstart`, nothing cached", begun, 10, "card and picture");
  if (begun.code !== 0) return [begunStep];
  const verified = await call("npx", ...VERIFY);
  const card = join(clone, RUN, "card.json");
  const bytes = readFileSync(card);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
  writeFileSync(card, bytes);
  const refused = await call("npx", ...VERIFY);
  const tested = await call("npm", "test");
  return [
    begunStep,
    said("`dashpot card verify`", verified, 0),
    said("the same after one changed byte of `card.json`", refused, 1),
    timed("`npm test`, packages and weights cached", tested, 5, countsIn(tested.text)),
  ];
}

async function bareTest(_: string, call: Call): Promise<Step[]> {
  const tested = await call("npm", "test");
  return [timed("`npm test` in another clone, nothing cached", tested, 10, countsIn(tested.text))];
}

function timed(what: string, { code, seconds }: Awaited<ReturnType<Call>>, most: number, outcome: string): Step {
  const holds = code === 0 && seconds <= 60 * most;
  return { what, seconds, most, outcome: code === 0 ? outcome : `exit ${code}`, holds };
}

function said(what: string, { code, seconds }: Awaited<ReturnType<Call>>, expected: number): Step {
  return { what, seconds, most: null, outcome: `exit ${code}`, holds: code === expected };
}

/** The last line of the tests: `1090 passed, 0 failed`. */
function countsIn(text: string): string {
  return /^\d+ passed, \d+ failed.*$/m.exec(text)?.[0] ?? "no counts";
}

function ended(
  command: string,
  parameters: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<{ code: number | null; text: string }> {
  const child = spawn(command, parameters, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (piece: string) => (text = (text + piece).slice(-200_000)));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
}

function resultOf(steps: readonly Step[]): SuiteResult {
  const time = (seconds: number) => `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  const rows = steps.map(
    ({ what, seconds, most, outcome, holds }) =>
      `| ${what} | ${outcome} | ${time(seconds)} | ${most === null ? "" : `${most} min`} | ${holds ? "yes" : "**no**"} |`,
  );
  return {
    table: ["| Step | Outcome | Took | At most | Holds |", "| --- | --- | ---: | ---: | --- |", ...rows].join("\n"),
    holds: steps.every(({ holds }) => holds),
  };
}
