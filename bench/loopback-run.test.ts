import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startLoopback } from "../test/fixtures/loopback.ts";
import { loopbackText } from "../test/fixtures/loopback-server.ts";
import { promptOf } from "../test/fixtures/run-plan.ts";
import { temporaryFolder } from "../test/house/temporary-folder.ts";
import { median, requireText, runEngine, runFetch } from "./loopback-run.ts";
import { requireResults } from "./promptfoo-run.ts";
import { benchmark as memory } from "./scenarios/call-memory.ts";
import { paces } from "./scenarios/calls-vs-fetch.ts";

const never = new AbortController().signal;

async function loopback() {
  const server = await startLoopback({ latencyMs: 5 });
  onTestFinished(() => server.stop());
  return server;
}

it("B1: both ways ask every call once, at most fifty at a time, and have their answers checked", async () => {
  const [fetched, asked] = [await loopback(), await loopback()];
  await runFetch(fetched.address, 300, never);
  await runEngine(asked.address, 300, never);
  for (const server of [fetched, asked]) {
    const log = await server.log();
    expect(log.requests).toBe(300);
    expect(Object.keys(log.answered)).toHaveLength(300);
    expect(log.mostAtOnce).toBeLessThanOrEqual(50);
  }
  expect(() => requireText("another answer", "k0")).toThrow(/expected the answer/);
});

it("B2: results of promptfoo are refused where one is missing, doubled or wrong", () => {
  const path = join(temporaryFolder(), "results.json");
  const result = (key: string, output = loopbackText(promptOf(key))) => ({
    prompt: { raw: promptOf(key) },
    response: { output },
  });
  const write = (results: unknown[]) => writeFileSync(path, JSON.stringify({ results: { results } }));
  write([result("k0"), result("k1")]);
  requireResults(path, 2);
  write([result("k0")]);
  expect(() => requireResults(path, 2)).toThrow(/expected 2 results/);
  write([result("k0"), result("k0")]);
  expect(() => requireResults(path, 2)).toThrow(/expected 2 prompts/);
  write([result("k0"), result("k1", "else")]);
  expect(() => requireResults(path, 2)).toThrow(/expected the answer/);
});

it("B3: processor time is that of the calls timed, for the bare pool and for ours", async () => {
  const rounds = await paces(60, 1, never);
  expect(rounds).toHaveLength(1);
  for (const pace of rounds.flatMap(({ ours, bare }) => [ours, bare])) {
    expect(pace.cpuMsPerCall).toBeGreaterThan(0);
    expect(pace.callsPerSecond).toBeGreaterThan(0);
    expect(pace.callsPerSecond).toBeLessThanOrEqual(1000);
  }
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

it("B4: memory is looked at after every answer that is on disk", async () => {
  const server = await loopback();
  const seen: number[] = [];
  await runEngine(server.address, 120, never, { onAnswer: (answers) => seen.push(answers) });
  expect(seen).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  expect(memory.target).toBe("≤ 60 MB");
});
