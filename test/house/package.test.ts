import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { afterAll, beforeAll, expect, it } from "vitest";
import { versionOf } from "../../scripts/version.ts";
import { runCommand } from "./run-command.ts";
import { linkPackages, ROOT, writeFiles } from "./temporary-folder.ts";

/** What is built and packed from: a copy, so that the clone stays as it is. */
const SOURCES = [
  "package.json",
  "tsconfig.json",
  "tsdown.config.ts",
  "src",
  "bin",
  "instruments",
  "LICENSE",
  "NOTICE",
  "README.md",
  "CHANGELOG.md",
];

let scratch = "";
let tarball = "";
let elsewhere = "";

/**
 * The tarball is unpacked as npm does it, and its dependencies are the clone's own: those of the lock file that are
 * installed with the package, so that one which is only there for development is missed. The suite `package` installs it
 * through npm.
 */
beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), "dashpot-package-"));
  const staging = join(scratch, "staging");
  for (const source of SOURCES)
    if (existsSync(join(ROOT, source))) cpSync(join(ROOT, source), join(staging, source), { recursive: true });
  linkPackages(staging);
  await succeed(process.execPath, [join(ROOT, "node_modules/tsdown/dist/run.mjs"), "--logLevel", "warn"], staging);
  await succeed("npm", ["pack", "--ignore-scripts", "--pack-destination", scratch], staging);
  tarball = join(scratch, `dashpot-${versionOf(ROOT)}.tgz`);
  elsewhere = join(scratch, "elsewhere");
  mkdirSync(join(elsewhere, "node_modules", "dashpot"), { recursive: true });
  await succeed(
    "tar",
    ["-xzf", tarball, "--strip-components=1", "-C", join(elsewhere, "node_modules", "dashpot")],
    scratch,
  );
  linkDependencies(join(elsewhere, "node_modules"));
}, 120_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function succeed(command: string, parameters: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, parameters, { cwd });
  if (code !== 0) throw new Error(`${command} ${parameters.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

function linkDependencies(target: string): void {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const names = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path.lastIndexOf("node_modules/") === 0 && dev !== true)
    .map(([path]) => path.slice("node_modules/".length));
  for (const name of names.filter((one) => existsSync(join(ROOT, "node_modules", one)))) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), join(target, name), "junction");
  }
}

const dashpot = (...parameters: string[]) =>
  runCommand(process.execPath, [join(elsewhere, "node_modules", "dashpot", "bin", "dashpot.js"), ...parameters], {
    cwd: elsewhere,
    env: { ...process.env, DASHPOT_HOME: join(scratch, "home") },
  });

it("H7: the package holds what is built, the instruments and the notices, and neither sources nor tests", () => {
  const files = readdirSync(join(elsewhere, "node_modules", "dashpot"), { recursive: true }).map(String);
  for (const file of [
    "bin/dashpot.js",
    "bin/follow.js",
    "dist/index.mjs",
    "dist/index.d.mts",
    "dist/cli/main.mjs",
    "LICENSE",
    "NOTICE",
    "README.md",
    "CHANGELOG.md",
    "instruments/relational/bank.yaml",
    "instruments/relational/situations.jsonl",
    "instruments/relational/dyads.jsonl",
  ]) {
    expect(files).toContain(file);
  }
  expect(
    files.filter((file) => /\.test\.|^(src|test|scripts|bench|docs|node_modules)\b|(?<!\.d)\.ts$/.test(file)),
  ).toEqual([]);
});

it("H7: publint finds nothing", async () => {
  const bytes = readFileSync(tarball);
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const { messages } = await publint({ pack: { tarball: copy as ArrayBuffer }, strict: true });
  expect(messages).toEqual([]);
});

it("H7: arethetypeswrong finds nothing wrong for a package of ES modules", async () => {
  const attw = join(ROOT, "node_modules", ".bin", "attw");
  const plain = ["--no-definitely-typed", "--no-emoji", "--no-color", "--format", "ascii"];
  const { code, stdout } = await runCommand(attw, [tarball, "--profile", "esm-only", ...plain], { cwd: scratch });
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/node16 \(from ESM\): OK \(ESM\)[\s\S]*bundler: OK/);
});

it("H7: elsewhere the command runs: version, help, and a whole run of a reference policy", async () => {
  expect(await dashpot("--version")).toMatchObject({ code: 0, stdout: `${versionOf(ROOT)}\n` });
  expect((await dashpot("--help")).stdout).toContain("profile");
  const run = await dashpot("profile", "policy:communal", "--out", "run", "--json");
  expect(run.code, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({ profile: { schema: "dashpot/profile@1", dashpot: versionOf(ROOT) } });
  expect(readdirSync(join(elsewhere, "run"))).toEqual(
    expect.arrayContaining(["profile.json", "report.html", "card.dsse.json"]),
  );
});

it("H7: the package offers the same functions as the sources", async () => {
  const program = "console.log(JSON.stringify(Object.keys(await import(process.argv[1])).sort()))";
  const keysOf = async (specifier: string) =>
    JSON.parse(
      await succeed(process.execPath, ["--input-type=module", "-e", program, specifier], elsewhere),
    ) as string[];
  const offered = await keysOf("dashpot");
  expect(offered).toEqual(await keysOf(join(ROOT, "src", "index.ts")));
  expect(offered).toEqual(expect.arrayContaining(["prepareRun", "carryOut", "verifyCard", "DashpotError"]));
});

const examples = readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".ts"));

it("H8: the examples compile against the package's types, under strict settings", async () => {
  expect(examples.length).toBeGreaterThan(0);
  for (const file of examples) cpSync(join(ROOT, "examples", file), join(elsewhere, file));
  writeFiles(elsewhere, {
    "package.json": '{ "type": "module", "private": true }\n',
    "tsconfig.json": JSON.stringify({
      compilerOptions: {
        ...{
          strict: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          target: "es2024",
        },
        ...{ module: "nodenext", types: ["node"], typeRoots: [join(ROOT, "node_modules", "@types")] },
      },
      files: examples,
    }),
  });
  expect(await succeed(join(ROOT, "node_modules", ".bin", "tsc"), ["-p", "."], elsewhere)).toBe("");
});

it.each(examples)("H8: the example %s runs", async (file) => {
  cpSync(join(ROOT, "examples", file), join(elsewhere, file));
  const { code, stdout, stderr } = await runCommand(process.execPath, [file], { cwd: elsewhere });
  expect(code, stderr).toBe(0);
  expect(stdout).not.toMatch(/NaN|undefined/);
  expect(stdout.trim()).not.toBe("");
});
