import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../src/adapters/clock.ts";
import { openJournal } from "../../src/adapters/journal.ts";
import { OpenAiModel } from "../../src/adapters/language-models/openai.ts";
import { createRunEngine } from "../../src/adapters/run-engine.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { isDashpotError } from "../../src/model/error.ts";
import { startLoopback } from "../fixtures/loopback.ts";
import { loopbackText, loopbackUsage } from "../fixtures/loopback-server.ts";
import { promptOf, someCall, somePlan } from "../fixtures/run-plan.ts";
import { fastClock } from "../fixtures/virtual-clock.ts";

/** What a run through a storm came to. */
export interface StormyRun {
  readonly share: number;
  readonly calls: number;
  readonly requests: number;
  readonly weather: Readonly<Record<string, number>>;
  /** Times that the run stopped, resumable, and was resumed. */
  readonly stops: number;
  /** How it ended: `recovered`, the code of its last stop, or what else was thrown. */
  readonly ending: string;
  readonly answered: number;
  /** Answers that are not the server's. */
  readonly wrong: number;
  readonly totalsExact: boolean;
  readonly mostAtOnce: number;
}

export interface Storm {
  readonly seed: number;
  /** Of requests that the storm hits. */
  readonly share: number;
  readonly calls: number;
  readonly mostStops: number;
  /** Times as fast as real time do pauses and timeouts pass: at 20 a stall of 30 s takes 1.5 s. */
  readonly speed: number;
}

/** Puts calls to a server in a storm, and resumes after every stop, until all are answered or `mostStops` is reached. */
export async function stormyRun(
  { seed, share, calls, mostStops, speed }: Storm,
  signal: AbortSignal,
): Promise<StormyRun> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-storm-"));
  const server = await startLoopback({ latencyMs: 5, storm: { seed, share } });
  const clock = fastClock(speed);
  try {
    let stops = 0;
    let ending = "";
    for (;;) {
      signal.throwIfAborted();
      ending = await oneRun(join(folder, "run"), server.address, calls, clock, seed);
      if (ending === "recovered" || !ending.startsWith("3 ") || stops >= mostStops) break;
      stops += 1;
    }
    const { requests, weather, mostAtOnce } = await server.log();
    return {
      share,
      calls,
      requests,
      weather,
      stops,
      ending,
      ...(await inTheEnd(join(folder, "run"), calls)),
      mostAtOnce,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `recovered`, exit code and code of a coded error, or the name of any other exception. */
async function oneRun(directory: string, address: string, calls: number, clock: Clock, seed: number): Promise<string> {
  const name = "loop";
  const model = new OpenAiModel({
    spec: `openai:${name}`,
    name,
    baseUrl: new URL(`${address}/v1`),
    key: undefined,
    clock,
  });
  const never = new AbortController().signal;
  const journal = openJournal(directory, somePlan);
  const engine = createRunEngine({
    model,
    journal,
    clock,
    random: randomStream(seed, "backoff"),
    parallel: 50,
    budget: {},
    price: null,
    stop: never,
    abort: never,
    timeoutMs: 30_000,
  });
  const tasks = Array.from({ length: calls }, (_, index) => async () => void (await engine.ask(someCall(`k${index}`))));
  try {
    await engine.pool(tasks, calls);
    return "recovered";
  } catch (error) {
    return isDashpotError(error) ? `${error.exit} ${error.code}` : `thrown: ${String(error)}`;
  } finally {
    await journal.close();
    await model.close();
  }
}

async function inTheEnd(
  directory: string,
  calls: number,
): Promise<Pick<StormyRun, "answered" | "wrong" | "totalsExact">> {
  const journal = openJournal(directory, null);
  let wrong = 0;
  const sums = { calls: 0, promptTokens: 0, completionTokens: 0 };
  for (let index = 0; index < calls; index += 1) {
    const prompt = promptOf(`k${index}`);
    const answer = journal.get(`k${index}`)?.answer;
    if (!answer) continue;
    if (answer.kind !== "chat" || answer.text !== loopbackText(prompt)) wrong += 1;
    const { promptTokens, completionTokens } = loopbackUsage(prompt);
    sums.calls += 1;
    sums.promptTokens += promptTokens;
    sums.completionTokens += completionTokens;
  }
  const totals = journal.totals();
  await journal.close();
  return { answered: sums.calls, wrong, totalsExact: JSON.stringify(totals) === JSON.stringify(sums) };
}

/** Recovered with every answer right, or stopped resumable with what it has right. */
export function weathered({ ending, answered, calls, wrong, totalsExact }: StormyRun): boolean {
  const ended = ending === "recovered" ? answered === calls : ending === "3 endpoint-unavailable";
  return ended && wrong === 0 && totalsExact;
}
