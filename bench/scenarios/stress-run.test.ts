import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModules } from "../../scripts/load-modules.ts";
import { ROOT } from "../../test/house/temporary-folder.ts";
import type { Benchmark } from "../benchmark.ts";
import { timeStress } from "../stress-command.ts";

it("B12: the whole command is timed and its record read; a command that fails is no figure", async () => {
  const signal = new AbortController().signal;
  const few = ["--families", "tenancy,night-ward", "--factors", "power"];
  const { seconds, drySeconds, report } = await timeStress(["policy:never", ...few], signal);
  expect(seconds).toBeGreaterThan(0);
  expect(drySeconds).toBeGreaterThan(0);
  expect(report.design.scenarios).toBe(8);
  await expect(timeStress(["policy:nobody"], signal)).rejects.toThrow(/exit code 0/);
}, 60_000);

it("B13: both benchmarks are listed with the texts of their rows", async () => {
  const folder = join(ROOT, "bench", "scenarios");
  const found = await loadModules<Benchmark>(folder, ["stress-embedded", "stress-policy"], ".ts", "benchmark");
  expect(found.map(({ target }) => target)).toEqual(["≤ 20 minutes on two cores, resumable", "≤ 20 s"]);
  expect(found[0]?.row).toContain("at most 3,000 reply evaluations");
});
