import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runCommand } from "./run-command.ts";
import { ROOT, temporaryFolder, writeFiles } from "./temporary-folder.ts";

interface Locked {
  readonly version: string;
  readonly optional?: boolean;
}

/**
 * A clone on a machine whose `npm ci` does what it is for in small: it makes `node_modules` with Node 24 and the hidden
 * lock file, and counts its calls.
 */
function clone(packages: Record<string, Locked> = { "node_modules/node": { version: "24.0.0" } }) {
  const folder = temporaryFolder({
    "package.json": '{ "name": "dashpot", "type": "module" }\n',
    "package-lock.json": JSON.stringify({ packages: { "": {}, ...packages } }),
    "scripts/show.ts":
      'console.log(process.versions.node.split(".")[0], JSON.stringify(process.argv.slice(2)));\nif (process.argv[2] === "exit") process.exitCode = 5;\n',
  });
  cpSync(join(ROOT, "scripts", "bootstrap.js"), join(folder, "scripts", "bootstrap.js"));
  cpSync(join(ROOT, "bin"), join(folder, "bin"), { recursive: true });
  const bin = join(folder, "tools");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  writeFileSync(
    join(bin, "npm"),
    `#!/bin/bash
echo "npm $*" | tee -a calls
[ -e broken ] && exit 9
rm -rf node_modules; mkdir -p node_modules/node/bin
ln -s "${process.execPath}" node_modules/node/bin/node
cp package-lock.json node_modules/.package-lock.json
`,
  );
  chmodSync(join(bin, "npm"), 0o755);
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${bin}:/usr/bin:/bin` };
  delete env.npm_execpath;
  return {
    folder,
    run: (...parameters: string[]) =>
      runCommand(join(bin, "node"), ["scripts/bootstrap.js", ...parameters], { cwd: folder, env }),
    calls: () =>
      existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8").trim().split("\n").length : 0,
  };
}

it("H5: a fresh clone is installed, then the script runs with the dev dependency's Node, with its arguments and exit code", async () => {
  const { run, calls } = clone();
  const first = await run("show", "a", "b c");
  expect(first).toMatchObject({ code: 0, stdout: '24 ["a","b c"]\n' });
  expect(first.stderr).toBe("bootstrap: nothing is installed yet; running npm ci\nnpm ci\n");
  expect(await run("show", "exit")).toMatchObject({ code: 5, stderr: "" });
  expect(calls()).toBe(1);
});

it("H5: what is installed is installed again when it is not as the lock file says, and only then", async () => {
  const { folder, run, calls } = clone();
  await run("show");
  const lock = {
    packages: { "": {}, "node_modules/node": { version: "24.0.0" }, "node_modules/one": { version: "1.0.0" } },
  };
  writeFiles(folder, { "package-lock.json": JSON.stringify(lock) });
  expect((await run("show")).stderr).toContain("node_modules/one is not as the lock file says");
  expect(calls()).toBe(2);
  lock.packages["node_modules/one"].version = "1.0.1";
  writeFiles(folder, { "package-lock.json": JSON.stringify(lock) });
  await run("show");
  await run("show");
  expect(calls()).toBe(3);
});

it("H5: a package for another platform is no reason to install, a missing Node 24 and an interrupted installation are", async () => {
  const { folder, run, calls } = clone({
    "node_modules/node": { version: "24.0.0" },
    "node_modules/other": { version: "1.0.0", optional: true },
  });
  await run("show");
  const installed = { packages: { "node_modules/node": { version: "24.0.0" } } };
  writeFiles(folder, { "node_modules/.package-lock.json": JSON.stringify(installed) });
  await run("show");
  expect(calls()).toBe(1);
  rmSync(join(folder, "node_modules", "node", "bin", "node"));
  await run("show");
  expect(calls()).toBe(2);
  rmSync(join(folder, "node_modules", ".package-lock.json"));
  await run("show");
  expect(calls()).toBe(3);
});

it("H5: an installation that fails is told, and nothing is run", async () => {
  const { folder, run } = clone();
  writeFileSync(join(folder, "broken"), "");
  const { code, stdout, stderr } = await run("show");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("error[install-failed]: npm ci ended with 9");
});

it("H5: a name that is no script is wrong use", async () => {
  expect(await clone().run("nothing")).toMatchObject({ code: 2, stdout: "" });
});

it("H5: the README's commands begin with the bootstrap", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect([scripts.test, scripts.quickstart]).toEqual([
    "node scripts/bootstrap.js test",
    "node scripts/bootstrap.js quickstart",
  ]);
});

it("H5: the lock file holds every package that its packages name, other platforms' included, and no registry's address", () => {
  const text = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as {
    packages: Record<string, { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }>;
  };
  // npm ci refuses a lock file without them, and npm install leaves out those that its registry does not have.
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !places(path, name).some((place) => place in packages))
      .map((name) => `${path}: ${name}`),
  );
  expect(missing).toEqual([]);
  expect(text).not.toContain('"resolved"');
});

/** Where Node would look for a package named by the one at a path. */
function places(path: string, name: string): string[] {
  const folders = path
    .split("/node_modules/")
    .map((_, index, parts) => parts.slice(0, index + 1).join("/node_modules/"));
  return ["node_modules", ...folders.filter((folder) => folder !== "").map((folder) => `${folder}/node_modules`)].map(
    (folder) => `${folder}/${name}`,
  );
}
