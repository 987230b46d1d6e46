import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadModules } from "../../scripts/load-modules.ts";
import { ROOT, temporaryFolder } from "../../test/house/temporary-folder.ts";
import type { Benchmark } from "../benchmark.ts";
import { requireHelp, startHelp } from "./cli-start.ts";

it("B7: the help is whole from the first start, from what Node kept of it, and where nothing is kept", () => {
  const home = temporaryFolder();
  for (const from of [home, home, null]) expect(startHelp(from)).toBeGreaterThan(0);
  expect(readdirSync(home)).toEqual(["compiled"]);
  expect(readdirSync(join(home, "compiled"), { recursive: true }).length).toBeGreaterThan(3);
});

it("B7: a help that lacks a command is refused", () => {
  const commands = [
    "agree",
    "card",
    "code",
    "compare",
    "gate",
    "instrument",
    "keys",
    "models",
    "power",
    "predict",
    "profile",
    "resume",
    "stress",
    "trend",
  ];
  const help = (some: readonly string[]) => ["Usage: dashpot [options]", ...some.map((one) => `  ${one} x`)].join("\n");
  expect(() => requireHelp(help(commands))).not.toThrow();
  expect(() => requireHelp(help(commands.slice(1)))).toThrow(/expected the help with every command/);
  expect(() => requireHelp("")).toThrow(/expected the help/);
});

it("B7: the benchmark is listed with its target", async () => {
  const folder = join(ROOT, "bench", "scenarios");
  const [benchmark] = await loadModules<Benchmark>(folder, ["cli-start"], ".ts", "benchmark");
  expect(benchmark).toMatchObject({ stage: "profile", target: "≤ 150 ms above a bare `node -e 0`" });
});
