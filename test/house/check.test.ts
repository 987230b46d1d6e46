import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type CheckStep, check, STEPS, tableOf } from "../../scripts/check.ts";
import { runCommand } from "./run-command.ts";
import { linkPackages, ROOT, temporaryFolder } from "./temporary-folder.ts";

const step = (name: string, program: string): CheckStep => ({
  name,
  command: process.execPath,
  parameters: ["-e", program],
});

it("H3: types, lint, specification gate, unused code and tests are what is looked at", () => {
  expect(STEPS.map(({ name }) => name)).toEqual(["types", "lint", "spec", "unused", "test"]);
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect(scripts.check).toBe("node scripts/bootstrap.js check");
});

it("H3: a step that fails is reported with its output and hinders no other", async () => {
  const printed: string[] = [];
  const steps = [
    step("types", "console.log('what is wrong'); process.exit(2)"),
    step("lint", "console.log('unseen')"),
    { name: "unused", command: "no-such-command-anywhere", parameters: [] },
    step("test", "console.log('3 passed, 0 failed')"),
  ];
  const outcomes = await check(steps, (text) => printed.push(text));
  expect(outcomes.map(({ name, ok }) => [name, ok])).toEqual([
    ["types", false],
    ["lint", true],
    ["unused", false],
    ["test", true],
  ]);
  expect(printed.join("")).toContain("== types ==\nwhat is wrong");
  expect(printed.join("")).toContain("ENOENT");
  expect(printed.join("")).toContain("3 passed, 0 failed");
  expect(printed.join("")).not.toContain("unseen");
  expect(tableOf(outcomes)).toMatch(
    /^types {3}FAILED +\d+\.\d s\nlint {4}ok +\d+\.\d s\nunused {2}FAILED +\d+\.\d s\ntest {4}ok +\d+\.\d s$/,
  );
});

/** A small project in which every step passes. */
const SOUND = {
  "package.json": '{ "name": "small", "type": "module", "private": true, "devDependencies": { "vitest": "5.1.0" } }\n',
  "tsconfig.json":
    '{ "compilerOptions": { "strict": true, "noEmit": true, "module": "nodenext", "skipLibCheck": true, "types": [] }, "include": ["src"] }\n',
  "biome.json": '{ "formatter": { "enabled": false } }\n',
  "knip.json": '{ "entry": ["src/main.ts"], "project": ["src/**/*.ts"] }\n',
  "docs/spec/things.md": "**T1.** One.\n",
  "src/main.ts": "export const one: number = 1;\n",
  "src/main.test.ts": `import { it } from "vitest";\n\nit("T1: one", () => {});\n`,
};

/** Steps as they are, with the scripts taken from the repository. */
const steps = STEPS.map(({ parameters, ...rest }) => ({
  ...rest,
  command: rest.command === process.execPath ? rest.command : join(ROOT, "node_modules", ".bin", rest.command),
  parameters: parameters.map((one) => (one.startsWith("scripts/") ? join(ROOT, one) : one)),
}));

/** Names of the steps that fail in a project with these files, of those that are looked at. */
async function failing(files: Readonly<Record<string, string>>, looked: readonly string[]): Promise<string[]> {
  const folder = temporaryFolder(files);
  linkPackages(folder);
  const chosen = steps.filter(({ name }) => looked.includes(name));
  const ends = await Promise.all(chosen.map((one) => runCommand(one.command, one.parameters, { cwd: folder })));
  return chosen.filter((_, index) => ends[index]?.code !== 0).map(({ name }) => name);
}

it("H3: in a sound project every step passes", async () => {
  const all = steps.map(({ name }) => name);
  expect(await failing(SOUND, all)).toEqual([]);
});

it.each([
  ["types", { "src/main.ts": 'export const one: number = "1";\n' }],
  ["lint", { "src/main.ts": "export const one: any = 1;\n" }],
  ["spec", { "docs/spec/things.md": "**T1.** One.\n\n**T2.** Two.\n" }],
  ["unused", { "src/stray.ts": "export const stray = 1;\n" }],
  ["test", { "src/main.test.ts": SOUND["src/main.test.ts"].replace("() => {}", "() => Promise.reject(1)") }],
])("H3: a planted fault of %s makes its step fail", async (name, fault) => {
  expect(await failing({ ...SOUND, ...fault }, [name])).toEqual([name]);
});
