import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { runCommand } from "../house/run-command.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";
import type { SuiteResult } from "./suite-state.ts";

/** Packs this clone and installs the tarball through npm in an empty folder, with its dependencies from the registry. */
export const suite: VerifySuite = {
  name: "package",
  proves: ["H7", "H8"],
  title: "the packed package installs through npm in an empty folder, and its command, functions and examples run",
  budgetMinutes: 5,
  model: "none",
  run,
  doc: "docs/package.md",
  section: "package",
};

async function run({ log, signal }: SuiteContext): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-package-"));
  const rows: string[] = [];
  const step = async (what: string, command: string, ...parameters: string[]): Promise<string> => {
    signal.throwIfAborted();
    log(what);
    const cwd = what === "npm pack" ? process.cwd() : folder;
    const path = [dirname(process.execPath), join(folder, "node_modules", ".bin"), process.env.PATH].join(delimiter);
    const env = { ...process.env, PATH: path, DASHPOT_HOME: join(folder, "home") };
    const { code, stdout, stderr } = await runCommand(command, parameters, { cwd, env });
    rows.push(`| ${what} | ${code === 0 ? "succeeded" : `ended with ${code}`} |`);
    if (code !== 0) log(stdout + stderr);
    return code === 0 ? stdout : "";
  };
  try {
    writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
    await step("npm pack", "npm", "pack", "--pack-destination", folder);
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "absent.tgz";
    await step("npm install of the tarball", "npm", "install", "--no-audit", "--no-fund", join(folder, tarball));
    await step("dashpot --version", "dashpot", "--version");
    await step("dashpot models", "dashpot", "models");
    await step("dashpot profile policy:communal", "dashpot", "profile", "policy:communal", "--out", "run", "--quiet");
    for (const example of readdirSync(join(process.cwd(), "examples")).filter((name) => name.endsWith(".ts"))) {
      cpSync(join(process.cwd(), "examples", example), join(folder, example));
      await step(`examples/${example}`, "node", example);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    table: ["| Step in an empty folder | Outcome |", "| --- | --- |", ...rows].join("\n"),
    holds: rows.every((row) => row.endsWith("| succeeded |")),
  };
}
