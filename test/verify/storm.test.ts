import { expect, it } from "vitest";
import { stormyRun, weathered } from "./storm-runs.ts";

const never = new AbortController().signal;

it("F2: a run through a storm of failures recovers with every answer right", async () => {
  const run = await stormyRun({ seed: 5, share: 0.3, calls: 80, mostStops: 20, speed: 60 }, never);
  expect(run).toMatchObject({ ending: "recovered", answered: 80, wrong: 0, totalsExact: true });
  expect(Object.keys(run.weather).length).toBeGreaterThan(8);
});

it("F2: an endpoint that only fails stops the run resumable", async () => {
  const run = await stormyRun({ seed: 5, share: 1, calls: 4, mostStops: 0, speed: 60 }, never);
  expect(run).toMatchObject({ ending: "3 endpoint-unavailable", answered: 0 });
  expect(weathered(run)).toBe(true);
});
