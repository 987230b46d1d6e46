import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type CommandOptions, runCommand } from "./run-command.ts";
import { ROOT, temporaryFolder, writeFiles } from "./temporary-folder.ts";

/** Shows what it got and how it ends on signals. */
const MAIN = `export async function main(argv: readonly string[]): Promise<number> {
  console.log(process.versions.node.split(".")[0], JSON.stringify(argv));
  if (argv[0] === "exit") return Number(argv[1]);
  if (argv[0] === "forget") await new Promise(() => {});
  if (argv[0] === "throw") throw new Error("thrown");
  if (argv[0] === "die") process.kill(process.pid, "SIGKILL");
  if (argv[0] === "wait") {
    const timer = setInterval(() => {}, 1000);
    let times = 0;
    for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => {
      console.log(name, ++times);
      setTimeout(() => { clearInterval(timer); process.exitCode = 3; }, 150);
    });
    console.log("waiting");
    await new Promise((resolve) => setTimeout(resolve, 100));
    return 3;
  }
  return 0;
}\n`;

/** A clone with an entry and a command line of its own, and Node 24 as its dev dependency. */
function clone(files: Record<string, string> = { "src/cli/main.ts": MAIN }): string {
  const folder = temporaryFolder({ "package.json": '{ "name": "dashpot", "type": "module" }\n', ...files });
  cpSync(join(ROOT, "bin"), join(folder, "bin"), { recursive: true });
  return folder;
}

function withNode24(folder: string): string {
  mkdirSync(join(folder, "node_modules", "node", "bin"), { recursive: true });
  writeFileSync(join(folder, "node_modules", "node", "package.json"), '{ "name": "node", "version": "24.0.0" }\n');
  symlinkSync(process.execPath, join(folder, "node_modules", "node", "bin", "node"));
  return folder;
}

/**
 * Runs the entry as under Node 20: this Node, telling another version before the entry is read. Where the machine's own
 * Node is old, another test uses that.
 */
function underOldNode(folder: string, parameters: string[], options: CommandOptions = {}) {
  const preload = join(folder, "old.cjs");
  const disguise = `if (process.argv[1] && !process.env.DISGUISED) {
    process.env.DISGUISED = "1";
    Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
    Object.defineProperty(process, "version", { value: "v20.20.2" });
  }`;
  writeFileSync(preload, disguise);
  return runCommand(
    process.execPath,
    ["--require", preload, join(folder, "bin", "dashpot.js"), ...parameters],
    options,
  );
}

it("H6: under Node 24 the entry runs the sources of a clone and keeps their exit code", async () => {
  const run = (...parameters: string[]) =>
    runCommand(process.execPath, [join(clone(), "bin", "dashpot.js"), ...parameters]);
  expect(await run("a", "b c")).toMatchObject({ code: 0, stdout: '24 ["a","b c"]\n' });
  expect(await run("exit", "4")).toMatchObject({ code: 4 });
});

it("H6: a command that ends without an answer is a defect, never a success", async () => {
  const run = (word: string) => runCommand(process.execPath, [join(clone(), "bin", "dashpot.js"), word]);
  const forgotten = await run("forget");
  expect(forgotten.code).toBe(70);
  expect(forgotten.stderr).toContain("error[defect]: expected an answer of the command, received none");
  const thrown = await run("throw");
  expect(thrown.code).toBe(1);
  expect(thrown.stderr).not.toContain("received none");
});

it("H6: in the package the entry runs what was built", async () => {
  const folder = clone({
    "dist/cli/main.mjs": 'export const main = async () => { console.log("built"); return 1; };\n',
  });
  expect(await runCommand(process.execPath, [join(folder, "bin", "dashpot.js")])).toMatchObject({
    code: 1,
    stdout: "built\n",
  });
});

it("H6: with neither sources nor anything built the entry says so", async () => {
  const { code, stderr } = await runCommand(process.execPath, [join(clone({}), "bin", "dashpot.js")]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error\[entry-missing\]: expected .*main\.mjs.*\nfix: npm run build\n$/);
});

it("H6: under an older Node the entry runs itself again with the dev dependency and ends as that ended", async () => {
  const folder = withNode24(clone());
  expect(await underOldNode(folder, ["a", "b c"])).toMatchObject({ code: 0, stdout: '24 ["a","b c"]\n' });
  expect(await underOldNode(folder, ["exit", "4"])).toMatchObject({ code: 4 });
  expect(await underOldNode(folder, ["die"])).toMatchObject({ code: null, signal: "SIGKILL" });
});

it.each(["SIGINT", "SIGTERM"] as const)("H6: a %s reaches the newer Node once", async (name) => {
  const folder = withNode24(clone());
  const during: CommandOptions["during"] = ({ seen, kill }) => seen("waiting", () => kill(name));
  const { code, stdout } = await underOldNode(folder, ["wait"], { during });
  expect({ code, stdout }).toEqual({ code: 3, stdout: `24 ["wait"]\nwaiting\n${name} 1\n` });
});

it("H6: under an older Node without the dev dependency the entry says what to do", async () => {
  const { code, stderr } = await underOldNode(clone(), ["a"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^error\[node-too-old\]: expected Node 24 or later, received v20\.20\.2.*\nfix: in a clone run `npm ci`.*\n$/,
  );
});

it("H6: with the machine's own older Node, where there is one, npx runs the clone's command", async ({ skip }) => {
  const old = ["/usr/bin/node", "/usr/local/bin/node"].find((path) => existsSync(path));
  const version = old === undefined ? "" : (await runCommand(old, ["--version"])).stdout;
  skip(old === undefined || Number(/^v(\d+)/.exec(version)?.[1]) >= 24, "no Node older than 24 on this machine");
  const folder = withNode24(clone());
  chmodSync(join(folder, "bin", "dashpot.js"), 0o755);
  writeFiles(folder, {
    "package.json": '{ "name": "dashpot", "version": "0.1.0", "type": "module", "bin": "bin/dashpot.js" }\n',
  });
  const env = {
    ...process.env,
    PATH: `${join(old as string, "..")}:/usr/bin:/bin`,
    npm_config_cache: join(folder, "cache"),
  };
  const { stdout, stderr } = await runCommand("npx", ["--no", "dashpot", "a"], { cwd: folder, env });
  expect(stdout, stderr).toBe('24 ["a"]\n');
});

it("H6: the entry and what it needs are plain JavaScript, executable, and load nothing but Node's own modules", () => {
  for (const file of ["bin/dashpot.js", "bin/follow.js", "scripts/bootstrap.js"]) {
    const imports = [...readFileSync(join(ROOT, file), "utf8").matchAll(/(?:from|import) "([^"]+)"/g)].map(
      (match) => match[1],
    );
    expect(imports.filter((one) => !one?.startsWith("node:") && !one?.endsWith("follow.js"))).toEqual([]);
  }
  expect(readFileSync(join(ROOT, "bin/dashpot.js"), "utf8").startsWith("#!/usr/bin/env node\n")).toBe(true);
});
