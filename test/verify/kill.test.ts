import { expect, it } from "vitest";
import { randomStream } from "../../src/kernel/random.ts";
import { heldUp, killedRun } from "./kill-runs.ts";

it("F1: a run killed at random moments loses and repeats nothing that was answered, and its totals are exact", async () => {
  const run = await killedRun(3, 200, randomStream(11, "kill"), new AbortController().signal);
  expect(run).toMatchObject({ kills: 3, calls: 200, lost: 0, repeated: 0, wrong: 0, totalsExact: true });
  expect(heldUp(run)).toBe(true);
});
