import { expect, it } from "vitest";
import { randomStream } from "../../src/kernel/random.ts";
import { heldUp, killedProfile, killedRun, profileHeldUp } from "./kill-runs.ts";

it("F1: a run killed at random moments loses and repeats nothing that was answered, and its totals are exact", async () => {
  const run = await killedRun(3, 200, randomStream(11, "kill"), new AbortController().signal);
  expect(run).toMatchObject({ kills: 3, calls: 200, lost: 0, repeated: 0, wrong: 0, totalsExact: true });
  expect(heldUp(run)).toBe(true);
});

it("F1, R2: dashpot profile, killed at random moments with its dyads, ends in the bytes of an unbroken run and repeats nothing that was answered", {
  timeout: 180_000,
}, async () => {
  const run = await killedProfile(2, randomStream(12, "kill"), new AbortController().signal);
  expect(run).toMatchObject({ kills: 2, repeated: 0, sameBytes: true });
  expect(profileHeldUp(run)).toBe(true);
});
