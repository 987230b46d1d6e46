import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { summarise } from "../../scripts/test.ts";
import { runCommand } from "./run-command.ts";
import { linkPackages, ROOT, temporaryFolder } from "./temporary-folder.ts";

const counted = (passed: number, failed: number, skipped: number, reasons: Record<string, number> = {}) => ({
  passed,
  failed,
  skipped,
  reasons,
});

it("H9: the last line holds the counts, with skipped ones only where there are some", () => {
  expect(summarise(counted(3, 0, 0), 0)).toEqual({ lines: ["3 passed, 0 failed"], exit: 0 });
  expect(summarise(counted(3, 1, 2, { "no Chromium found": 2 }), 1)).toEqual({
    lines: ["2 skipped: no Chromium found", "3 passed, 1 failed, 2 skipped"],
    exit: 1,
  });
});

it("H9: a run that crashed, counted nothing or failed outside of any test is never a good one", () => {
  expect(summarise(undefined, 0).exit).toBe(1);
  expect(summarise(undefined, "SIGKILL").lines.at(-1)).toBe("0 passed, 1 failed");
  expect(summarise(counted(3, 0, 0), "SIGSEGV").lines.at(-1)).toBe("3 passed, 1 failed");
  expect(summarise(counted(3, 0, 0), 1).lines.at(-1)).toBe("3 passed, 1 failed");
  expect(summarise(counted(0, 0, 0), 0).lines.at(-1)).toBe("0 passed, 1 failed");
});

const runIn = (files: Record<string, string>) => {
  const folder = temporaryFolder({ "package.json": '{ "type": "module" }\n', ...files });
  linkPackages(folder);
  return runCommand(process.execPath, [join(ROOT, "scripts", "test.ts")], { cwd: folder });
};

it("H9: skipped tests are counted with their message", async () => {
  const source = `import { it as check } from "vitest";
check("T1: passes", () => {});
check("T2: needs a browser", ({ skip }) => skip("no Chromium found"));\n`;
  const { code, stdout } = await runIn({ "a.test.ts": source });
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n").slice(-2)).toEqual([
    "1 skipped: no Chromium found",
    "1 passed, 0 failed, 1 skipped",
  ]);
});

it("H9: failed tests, files that do not load and errors outside of tests are counted as failed", async () => {
  const source = `import { it as check } from "vitest";
check("T1: passes", () => {});
check("T2: fails", () => { throw new Error("no"); });
check("T3: leaves an error behind", async () => {
  setTimeout(() => { throw new Error("late"); }, 1);
  await new Promise((resolve) => setTimeout(resolve, 50));
});\n`;
  const { code, stdout } = await runIn({ "a.test.ts": source, "b.test.ts": 'throw new Error("no load");\n' });
  expect(code).toBe(1);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("2 passed, 3 failed");
});

it("H9: a worker that dies is a failure", async () => {
  const source = `import { it as check } from "vitest";
check("T1: dies", () => process.kill(process.pid, "SIGKILL"));\n`;
  const { code, stdout } = await runIn({ "a.test.ts": source });
  expect(code).toBe(1);
  expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^0 passed, [1-9]\d* failed/);
});

/** A machine with the named commands and bare tools only, on which `.ci/run` is run. */
function machine(commands: Record<string, string>): { run: () => ReturnType<typeof runCommand>; calls: () => string } {
  const folder = temporaryFolder();
  const bin = join(folder, "bin");
  mkdirSync(join(folder, ".ci"));
  mkdirSync(bin);
  cpSync(join(ROOT, ".ci", "run"), join(folder, ".ci", "run"));
  for (const tool of ["bash", "dirname", "mktemp", "rm", "tee", "grep", "tail", "id", "cat"]) {
    const path = [`/usr/bin/${tool}`, `/bin/${tool}`].find((one) => existsSync(one));
    if (path !== undefined) symlinkSync(path, join(bin, tool));
  }
  for (const [name, script] of Object.entries({ sudo: 'shift; "$@"', ...commands })) {
    writeFileSync(join(bin, name), `#!/bin/bash\necho "${name} $*" >> "${folder}/calls"\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return {
    run: () =>
      runCommand(join(bin, "bash"), [join(folder, ".ci", "run")], { env: { ...process.env, PATH: bin }, cwd: folder }),
    calls: () => readFileSync(join(folder, "calls"), "utf8"),
  };
}

it("H9: .ci/run installs Chromium where it is absent, then runs the tests, and ends with their counts", async () => {
  const { run, calls } = machine({ "apt-get": "exit 0", npm: "echo '5 passed, 0 failed'" });
  const { code, stdout } = await run();
  expect(code).toBe(0);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("5 passed, 0 failed");
  const order = calls()
    .split("\n")
    .filter((line) => !line.startsWith("sudo"));
  expect(order).toEqual(["apt-get update", "apt-get install -y --no-install-recommends chromium", "npm test", ""]);
});

it("H9: .ci/run goes on where Chromium cannot be installed, and installs nothing where it is", async () => {
  const without = await machine({ "apt-get": "exit 100", npm: "echo '5 passed, 0 failed, 2 skipped'" }).run();
  expect(without.stdout).toContain("could not be installed");
  expect(without.stdout.trimEnd().split("\n").at(-1)).toBe("5 passed, 0 failed, 2 skipped");
  const present = machine({ chromium: "exit 0", "apt-get": "exit 0", npm: "echo '5 passed, 0 failed'" });
  await present.run();
  expect(present.calls()).toBe("npm test\n");
});

it("H9: .ci/run keeps a failure's exit code, and its last line is the counts whatever npm adds", async () => {
  const npm = "echo '4 passed, 1 failed'; echo 'npm error code 1' >&2; exit 1";
  const failed = await machine({ chromium: "exit 0", npm }).run();
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.stdout.trimEnd().split("\n").at(-1)).toBe("4 passed, 1 failed");
  const broken = await machine({ chromium: "exit 0", npm: "echo 'npm error' >&2; exit 7" }).run();
  expect(broken).toMatchObject({ code: 7 });
  expect(broken.stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed");
});
