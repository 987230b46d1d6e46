import { expect, it } from "vitest";
import { VirtualClock } from "../../test/fixtures/virtual-clock.ts";
import { Limiter } from "./limiter.ts";

const never = new AbortController().signal;

function limiter(ceiling = 50, start = 4) {
  const clock = new VirtualClock();
  return { clock, limiter: new Limiter({ clock, ceiling, start }) };
}

/** One round trip of a healthy endpoint: everything that may start does, and is answered. */
async function round(of: Limiter): Promise<void> {
  const calls = of.limit;
  for (let call = 0; call < calls; call += 1) await of.acquire(never);
  for (let call = 0; call < calls; call += 1) {
    of.succeeded();
    of.release();
  }
}

it("R4: the limit doubles a round trip up to the ceiling and never beyond it", async () => {
  const { limiter: of } = limiter();
  const limits = [of.limit];
  for (let trip = 0; trip < 6; trip += 1) {
    await round(of);
    limits.push(of.limit);
  }
  expect(limits).toEqual([4, 8, 16, 32, 50, 50, 50]);
});

it("R4: a burst of refusals halves the limit once, refusals of later calls halve it again, down to one", () => {
  const { clock, limiter: of } = limiter(50, 40);
  for (let refusal = 0; refusal < 40; refusal += 1) of.pushedBack(clock.now() - 10);
  expect(of.limit).toBe(20);
  of.pushedBack(clock.now() - 5);
  expect(of.limit).toBe(20);
  for (let trip = 0; trip < 10; trip += 1) of.pushedBack(clock.now());
  expect(of.limit).toBe(1);
});

it("R4: after a push-back the limit grows by about one a round trip", async () => {
  const { clock, limiter: of } = limiter(50, 20);
  of.pushedBack(clock.now());
  expect(of.limit).toBe(10);
  for (let trip = 0; trip < 8; trip += 1) await round(of);
  expect(of.limit).toBeGreaterThanOrEqual(16);
  expect(of.limit).toBeLessThanOrEqual(18);
});

it("R4: nobody starts during a pause that the endpoint asked for, and everybody may after it", async () => {
  const { clock, limiter: of } = limiter();
  of.pushedBack(clock.now(), 60_000);
  expect(of.pausedMs).toBe(60_000);
  await of.acquire(never);
  expect(clock.now()).toBeGreaterThanOrEqual(60_000);
  expect(of.pausedMs).toBe(0);
});

it("R4: a shorter pause does not end a longer one, and a later one lengthens it", async () => {
  const { clock, limiter: of } = limiter();
  of.pushedBack(clock.now(), 1000);
  const started = of.acquire(never);
  of.pushedBack(clock.now(), 5000);
  of.pushedBack(clock.now(), 10);
  await started;
  expect(clock.now()).toBeGreaterThanOrEqual(5000);
});

it("R4: waiting calls start in the order they came, and no more than the limit", async () => {
  const { limiter: of } = limiter(2, 2);
  const started: number[] = [];
  const waits = [0, 1, 2, 3].map((call) => of.acquire(never).then(() => started.push(call)));
  await Promise.all(waits.slice(0, 2));
  expect(started).toEqual([0, 1]);
  expect(of.inFlight).toBe(2);
  of.release();
  await waits[2];
  of.release();
  await waits[3];
  expect(started).toEqual([0, 1, 2, 3]);
});

it("R9: a waiting call is let go by its signal and takes no place", async () => {
  const { limiter: of } = limiter(1, 1);
  await of.acquire(never);
  const stop = new AbortController();
  const waiting = of.acquire(stop.signal);
  const next = of.acquire(never);
  stop.abort(new Error("stop"));
  await expect(waiting).rejects.toThrow("stop");
  of.release();
  await next;
  expect(of.inFlight).toBe(1);
  await expect(of.acquire(stop.signal)).rejects.toThrow("stop");
});
