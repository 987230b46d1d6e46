import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openJournal } from "../../src/adapters/journal.ts";
import { readPlan } from "../../src/adapters/model-run.ts";
import type { RandomStream } from "../../src/kernel/random.ts";
import type { Journal } from "../../src/model/journal.ts";
import { callsTo, startAnsweringServer } from "../e2e/answering-server.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import { type Loopback, startLoopback } from "../fixtures/loopback.ts";
import type { LoopbackLog } from "../fixtures/loopback-server.ts";
import { loopbackText, loopbackUsage } from "../fixtures/loopback-server.ts";
import { promptOf } from "../fixtures/run-plan.ts";
import { type CommandEnd, type RunningCommand, runCommand } from "../house/run-command.ts";

/** What one run that was killed again and again came to. */
export interface KilledRun {
  readonly kills: number;
  readonly calls: number;
  /** Answers that the killed processes had acknowledged. */
  readonly acknowledged: number;
  /** Acknowledged answers that were not in the journal after the kill. */
  readonly lost: number;
  /** Acknowledged calls that were put to the server again. */
  readonly repeated: number;
  /** Calls that a kill caught in flight, and that were asked once more. */
  readonly askedAgain: number;
  /** Answers in the end that are not the server's. */
  readonly wrong: number;
  readonly totalsExact: boolean;
}

const ASK_LOOPBACK = fileURLToPath(new URL("../fixtures/ask-loopback.ts", import.meta.url));

/** Kills a run with SIGKILL at random moments, `kills` times or until it has finished, and then lets it finish. */
export async function killedRun(
  kills: number,
  calls: number,
  random: RandomStream,
  signal: AbortSignal,
): Promise<KilledRun> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-kill-"));
  const server = await startLoopback({ latencyMs: 20 });
  try {
    return await killAgainAndAgain(join(folder, "run"), server, kills, calls, random, signal);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killAgainAndAgain(
  directory: string,
  server: Loopback,
  kills: number,
  calls: number,
  random: RandomStream,
  signal: AbortSignal,
): Promise<KilledRun> {
  /** By key, the epoch in which it was acknowledged first. */
  const acknowledged = new Map<string, number>();
  let lost = 0;
  let killed = 0;
  for (let epoch = 0; ; epoch += 1) {
    signal.throwIfAborted();
    const mayLive = killed >= kills;
    // Often in the first milliseconds, sometimes far on: opening, first batch and the steady state are all met.
    const after = mayLive
      ? null
      : { lines: random.integer(Math.ceil((2 * calls) / (kills + 1)) + 1), ms: random.uniform() * 25 };
    const { keys, finished } = await oneProcess(directory, server.address, calls, after);
    for (const key of keys) if (!acknowledged.has(key)) acknowledged.set(key, epoch);
    if (!finished) killed += 1;
    lost += await missingAfter(directory, acknowledged);
    if (finished) break;
    await server.nextEpoch();
  }
  return {
    kills: killed,
    calls,
    acknowledged: acknowledged.size,
    lost,
    ...(await inTheEnd(directory, calls, acknowledged, await server.log())),
  };
}

/** Runs the program once, and kills it `ms` after it has printed `lines` lines. */
async function oneProcess(
  directory: string,
  address: string,
  calls: number,
  kill: { lines: number; ms: number } | null,
) {
  const child = spawn(process.execPath, [ASK_LOOPBACK, directory, address, String(calls)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  let text = "";
  let doomed = false;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    if (!kill || doomed || text.split("\n").length - 1 < kill.lines) return;
    doomed = true;
    setTimeout(() => child.kill("SIGKILL"), kill.ms);
  });
  const [code, name] = (await closed) as [number | null, string | null];
  if (code !== 0 && name !== "SIGKILL")
    throw new Error(`expected a run that finishes or is killed, received exit code ${code}`);
  // A line that the kill cut in half was not acknowledged.
  const lines = text.split("\n").slice(0, -1);
  return { keys: lines.filter((line) => /^k\d+$/.test(line)), finished: lines.includes("finished") };
}

async function missingAfter(directory: string, acknowledged: ReadonlyMap<string, number>): Promise<number> {
  if (acknowledged.size === 0) return 0;
  const journal = openJournal(directory, null);
  const missing = [...acknowledged.keys()].filter((key) => journal.get(key) === undefined).length;
  await journal.close();
  return missing;
}

async function inTheEnd(
  directory: string,
  calls: number,
  acknowledged: ReadonlyMap<string, number>,
  { asked }: LoopbackLog,
) {
  const journal = openJournal(directory, null);
  const keys = Array.from({ length: calls }, (_, index) => `k${index}`);
  const wrong = keys.filter((key) => textOf(journal, key) !== loopbackText(promptOf(key))).length;
  const totals = journal.totals();
  await journal.close();
  const usages = keys.map((key) => loopbackUsage(promptOf(key)));
  const sum = (of: "promptTokens" | "completionTokens") => usages.reduce((total, usage) => total + usage[of], 0);
  const times = (key: string) => asked[promptOf(key)] ?? [];
  return {
    repeated: keys.filter((key) =>
      times(key).some((epoch) => epoch > (acknowledged.get(key) ?? Number.POSITIVE_INFINITY)),
    ).length,
    askedAgain: keys.filter((key) => times(key).length > 1).length,
    wrong,
    totalsExact:
      totals.calls === calls &&
      totals.promptTokens === sum("promptTokens") &&
      totals.completionTokens === sum("completionTokens"),
  };
}

function textOf(journal: Journal, key: string): string | null {
  const answer = journal.get(key)?.answer;
  return answer?.kind === "chat" ? answer.text : null;
}

export function heldUp({ lost, repeated, wrong, totalsExact, acknowledged, calls }: KilledRun): boolean {
  return lost === 0 && repeated === 0 && wrong === 0 && totalsExact && acknowledged >= calls;
}

/** What a `dashpot profile` that was killed again and again, and gone on with, came to. */
export interface KilledProfile {
  readonly kills: number;
  readonly calls: number;
  /** Journalled calls that the last process put to the server again. */
  readonly repeated: number;
  /** Calls that a kill caught before they were journalled, and that were asked once more. */
  readonly askedAgain: number;
  /** Whether its profile has the bytes of that of an unbroken run. */
  readonly sameBytes: boolean;
}

const PARALLEL = 6;
const ENTRY = fileURLToPath(new URL("../../bin/dashpot.js", import.meta.url));

/**
 * Kills `dashpot profile` and `dashpot resume` with SIGKILL at random moments, dyads and self-report included, and lets
 * the last one finish.
 */
export async function killedProfile(kills: number, random: RandomStream, signal: AbortSignal): Promise<KilledProfile> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-killed-profile-"));
  const server = await startAnsweringServer({ delayMs: 4 });
  const dashpot = (parameters: readonly string[], during: (running: RunningCommand) => void = () => {}) =>
    runCommand(process.execPath, [ENTRY, ...parameters], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
      during,
    });
  try {
    writeSmallBank(join(folder, "bank"), { decoys: false });
    const conduct = ["--parallel", String(PARALLEL), "--no-sign", "--quiet"];
    const run = ["openai:m", "--base-url", `${server.origin}/v1`, "--bank", "bank"];
    const profile = (out: string) => ["profile", ...run, "--out", out, ...conduct];
    await finished(dashpot(profile("whole")));
    const calls = callsTo(server);
    let killed = 0;
    let askedAgain = 0;
    let repeated = 0;
    for (let answered = 0; ; ) {
      signal.throwIfAborted();
      const before = callsTo(server);
      const until = killed < kills ? server.asked.length + 1 + random.integer(Math.floor(calls / (kills + 1))) : null;
      const command = answered === 0 ? profile("broken") : ["resume", "broken", ...conduct];
      const killing = killingWhen(() => until !== null && server.asked.length >= until);
      const end = await dashpot(command, killing.begin).finally(killing.end);
      if (end.signal !== "SIGKILL" && end.code !== 0)
        throw new Error(`expected a run that finishes or is killed, received exit code ${end.code}: ${end.stderr}`);
      const answers = await answersIn(join(folder, "broken"));
      const asked = callsTo(server) - before;
      const unjournalled = asked - (answers - answered);
      answered = answers;
      if (end.signal !== "SIGKILL") {
        // A process that nobody killed asks what was not journalled, and nothing else.
        repeated = unjournalled;
        break;
      }
      askedAgain += unjournalled;
      killed += 1;
    }
    const bytes = (out: string) => readFileSync(join(folder, out, "profile.json"));
    return { kills: killed, calls, repeated, askedAgain, sameBytes: bytes("broken").equals(bytes("whole")) };
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** None where a run was killed before it had a journal. */
async function answersIn(directory: string): Promise<number> {
  return existsSync(join(directory, "journal.sqlite")) ? (await readPlan(directory)).answers : 0;
}

async function finished(end: Promise<CommandEnd>): Promise<void> {
  const { code, stderr } = await end;
  if (code !== 0) throw new Error(`expected a run that finishes, received exit code ${code}: ${stderr}`);
}

function killingWhen(holds: () => boolean) {
  let timer: NodeJS.Timeout | undefined;
  const end = () => clearInterval(timer);
  const begin = (running: RunningCommand) => {
    timer = setInterval(() => {
      if (!holds()) return;
      end();
      running.kill("SIGKILL");
    }, 1);
  };
  return { begin, end };
}

export function profileHeldUp({ repeated, sameBytes }: KilledProfile): boolean {
  return repeated === 0 && sameBytes;
}
