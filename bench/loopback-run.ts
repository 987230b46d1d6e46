import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boundHeap } from "../src/adapters/bound-heap.ts";
import { systemClock } from "../src/adapters/clock.ts";
import { openJournal } from "../src/adapters/journal.ts";
import { OpenAiModel } from "../src/adapters/language-models/openai.ts";
import { createRunEngine } from "../src/adapters/run-engine.ts";
import { randomStream } from "../src/kernel/random.ts";
import type { Journal } from "../src/model/journal.ts";
import { loopbackText } from "../test/fixtures/loopback-server.ts";
import { promptOf, someCall, somePlan } from "../test/fixtures/run-plan.ts";

export const PARALLEL = 50;

/** What one way of putting calls to the loopback server took. */
export interface Pace {
  readonly callsPerSecond: number;
  /** Processor time of the whole process, all threads. */
  readonly cpuMsPerCall: number;
}

export interface RunHooks {
  /** After every answer that is on disk, with their number. */
  readonly onAnswer?: (answers: number) => void;
}

/**
 * Puts `count` calls to a loopback server by the run engine, as `dashpot profile` does: OpenAI dialect, heap
 * bounded, everything journalled. Throws unless every call is journalled once with the server's answer.
 */
export async function runEngine(
  address: string,
  count: number,
  signal: AbortSignal,
  hooks: RunHooks = {},
): Promise<Pace> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-bench-"));
  const name = "loop";
  const model = new OpenAiModel({
    spec: `openai:${name}`,
    name,
    baseUrl: new URL(`${address}/v1`),
    key: undefined,
    clock: systemClock,
  });
  const journal = openJournal(join(folder, "run"), somePlan);
  const engine = createRunEngine({
    model,
    journal,
    clock: systemClock,
    random: randomStream(1, "backoff"),
    parallel: PARALLEL,
    budget: {},
    price: null,
    stop: signal,
    abort: signal,
    timeoutMs: 30_000,
  });
  let answers = 0;
  function* tasks() {
    for (let index = 0; index < count; index += 1) {
      yield async () => {
        await engine.ask(someCall(`k${index}`));
        answers += 1;
        hooks.onAnswer?.(answers);
      };
    }
  }
  try {
    const release = boundHeap();
    const pace = await timed(count, () => engine.pool(tasks(), count)).finally(release);
    requireAnswers(journal, count);
    return pace;
  } finally {
    await journal.close();
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same calls by a bare pool of `fetch`: nothing kept, nothing retried. Throws unless every answer is the server's. */
export async function runFetch(address: string, count: number, signal: AbortSignal): Promise<Pace> {
  let next = 0;
  const work = async () => {
    while (next < count) {
      const { request } = someCall(`k${next++}`);
      const body = JSON.stringify({
        model: "loop",
        messages: request.messages,
        max_tokens: request.maximumTokens,
        temperature: 0,
        seed: 1,
      });
      const response = await fetch(`${address}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal,
      });
      const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
      const prompt = request.messages[0]?.content ?? "";
      requireText(choices[0]?.message.content, prompt);
    }
  };
  return timed(count, () => Promise.all(Array.from({ length: PARALLEL }, work)));
}

async function timed(count: number, action: () => Promise<unknown>): Promise<Pace> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await action();
  const spent = process.cpuUsage(cpu);
  return {
    callsPerSecond: (count * 1000) / (performance.now() - began),
    cpuMsPerCall: (spent.user + spent.system) / 1000 / count,
  };
}

function requireAnswers(journal: Journal, count: number): void {
  if (journal.count() !== count)
    throw new Error(`expected ${count} answers in the journal, received ${journal.count()}`);
  for (let index = 0; index < count; index += 1) {
    const answer = journal.get(`k${index}`)?.answer;
    requireText(answer?.kind === "chat" ? answer.text : undefined, promptOf(`k${index}`));
  }
}

export function requireText(text: string | undefined, prompt: string): void {
  const expected = loopbackText(prompt);
  if (text !== expected)
    throw new Error(`expected the answer ${JSON.stringify(expected)}, received ${JSON.stringify(text)}`);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}
