import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";
import { linkPackages, ROOT, writeFiles } from "./temporary-folder.ts";

/** A file as it would be written by someone who breaks a wall, or (`rule` null) by someone who does not. */
interface Planted {
  readonly what: string;
  readonly path: string;
  readonly source: string;
  readonly rule: string | null;
}

const IMPORT = "lint/style/noRestrictedImports";
const GLOBAL = "lint/style/noRestrictedGlobals";
const CYCLE = "lint/suspicious/noImportCycles";
const PLUGIN = "plugin";

const importing = (specifier: string): string => `import { thing } from "${specifier}";\nexport const other = thing;\n`;
const reading = (expression: string): string => `export const read = () => ${expression};\n`;

const LAYERS = ["kernel", "model", "profile", "adapters", "cli"];
const DOMAINS = ["profile", "monitor", "simulate", "diagnose", "govern"];
const PURE = ["kernel", "model", ...DOMAINS];

const upward: Planted[] = LAYERS.flatMap((from, index) =>
  LAYERS.slice(index + 1).map((to) => ({
    what: `${from} imports ${to}`,
    path: `src/${from}/up-to-${to}.ts`,
    source: importing(`../${to}/thing.ts`),
    rule: IMPORT,
  })),
);

const downward: Planted[] = LAYERS.flatMap((from, index) =>
  LAYERS.slice(0, index).map((to) => ({
    what: `${from} imports ${to}`,
    path: `src/${from}/down-to-${to}.ts`,
    source: importing(`../${to}/thing.ts`),
    rule: null,
  })),
);

const across: Planted[] = DOMAINS.flatMap((from) =>
  DOMAINS.filter((to) => to !== from).map((to) => ({
    what: `${from} imports ${to}`,
    path: `src/${from}/across-to-${to}.ts`,
    source: importing(`../${to}/thing.ts`),
    rule: IMPORT,
  })),
);

const others: Planted[] = [
  ["a type across the wall", 'import type { Thing } from "../adapters/thing.ts";\nexport type Other = Thing;\n'],
  ["an import within a function", 'export const later = () => import("../adapters/thing.ts");\n'],
  ["a re-export", 'export { thing } from "../adapters/thing.ts";\n'],
  ["an import from a deeper folder", importing("../../adapters/language-models/thing.ts")],
  ["the library's front door", importing("../index.ts")],
  ["a test", importing("../../test/house/thing.ts")],
  ["a script", importing("../../scripts/thing.ts")],
].map(([what, source], index) => ({
  what: `model imports ${what}`,
  path: `src/model/other-${index}.ts`,
  source: source as string,
  rule: IMPORT,
}));

const cycles: Planted[] = [
  {
    what: "a cycle, first half",
    path: "src/kernel/first.ts",
    source: importing("./second.ts").replace("other", "thing"),
    rule: CYCLE,
  },
  {
    what: "a cycle, second half",
    path: "src/kernel/second.ts",
    source: importing("./first.ts").replace("other", "thing"),
    rule: CYCLE,
  },
  {
    what: "a cycle of types",
    path: "src/model/egg.ts",
    source: 'import type { Hen } from "./hen.ts";\nexport type Egg = Hen[];\n',
    rule: CYCLE,
  },
  {
    what: "a cycle of types",
    path: "src/model/hen.ts",
    source: 'import type { Egg } from "./egg.ts";\nexport type Hen = Egg[];\n',
    rule: CYCLE,
  },
];

const touched: Planted[] = PURE.flatMap((layer) =>
  (
    [
      ["node:fs", importing("node:fs"), IMPORT],
      ["node:fs/promises", importing("node:fs/promises"), IMPORT],
      ["node:http", importing("node:http"), IMPORT],
      ["node:net", importing("node:net"), IMPORT],
      ["node:child_process", importing("node:child_process"), IMPORT],
      ["node:os", importing("node:os"), IMPORT],
      ["undici", importing("undici"), IMPORT],
      ["a later node:fs", 'export const later = () => import("node:fs");\n', IMPORT],
      ["randomBytes", 'import { randomBytes } from "node:crypto";\nexport const some = randomBytes;\n', IMPORT],
      ["all of node:crypto", 'import * as everything from "node:crypto";\nexport const some = everything;\n', IMPORT],
      ["Date.now", reading("Date.now()"), PLUGIN],
      ["Date.now unbound", "export const clock = Date.now;\n", PLUGIN],
      ["new Date()", reading("new Date()"), PLUGIN],
      ["Math.random", reading("Math.random()"), PLUGIN],
      ["Math.random unbound", "export const source = [1].map(Math.random);\n", PLUGIN],
      ["Math.random taken out of Math", "const { random } = Math;\nexport const draw = random;\n", PLUGIN],
      ["the machine's order of letters", reading('"a".localeCompare("b")'), PLUGIN],
      ["process", reading("process.env"), GLOBAL],
      ["process by way of globalThis", reading("globalThis.process"), GLOBAL],
      ["fetch", reading('fetch("http://localhost")'), GLOBAL],
      ["setTimeout", reading("setTimeout(() => {}, 1)"), GLOBAL],
      ["performance", reading("performance.now()"), GLOBAL],
      ["crypto", reading("crypto.randomUUID()"), GLOBAL],
    ] as const
  ).map(([what, source, rule], index) => ({
    what: `${layer} uses ${what}`,
    path: `src/${layer}/touch-${index}.ts`,
    source,
    rule,
  })),
);

const clean: Planted[] = [
  ...PURE.map((layer) => ({
    what: `${layer} hashes, and turns a given time into a date`,
    path: `src/${layer}/clean.ts`,
    source:
      'import { createHash } from "node:crypto";\nexport const hash = (at: number) => createHash("sha256").update(new Date(at).toISOString()).digest("hex");\n',
    rule: null,
  })),
  ...PURE.map((layer) => ({
    what: `a test in ${layer} reads a file`,
    path: `src/${layer}/clean.test.ts`,
    source: importing("node:fs") + reading("process.env"),
    rule: null,
  })),
  ...["adapters", "cli"].map((layer) => ({
    what: `${layer} touches the world`,
    path: `src/${layer}/clean.ts`,
    source: importing("node:fs") + reading("[Date.now(), Math.random(), process.env]"),
    rule: null,
  })),
];

let folder = "";
let found: Map<string, string[]>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dashpot-walls-"));
  for (const file of ["biome.json", ".gitignore"]) cpSync(join(ROOT, file), join(folder, file));
  mkdirSync(join(folder, "scripts"));
  cpSync(join(ROOT, "scripts", "pure-layers.grit"), join(folder, "scripts", "pure-layers.grit"));
  linkPackages(folder);
  const all = [...upward, ...downward, ...across, ...others, ...cycles, ...touched, ...clean];
  writeFiles(folder, Object.fromEntries(all.map(({ path, source }) => [path, source])));
  found = await lint(folder);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Categories of what the linter refuses, by file. */
async function lint(where: string): Promise<Map<string, string[]>> {
  const biome = join(ROOT, "node_modules", ".bin", "biome");
  const { stdout } = await runCommand(biome, ["lint", "--reporter=json", "--max-diagnostics=none", "."], {
    cwd: where,
  });
  const report = JSON.parse(stdout) as {
    diagnostics: { severity: string; category: string; location: { path: string } }[];
  };
  const byFile = new Map<string, string[]>();
  for (const { severity, category, location } of report.diagnostics) {
    if (severity === "error") byFile.set(location.path, [...(byFile.get(location.path) ?? []), category]);
  }
  return byFile;
}

/** What was refused that should not be, or the other way round; empty when the linter is right about all of them. */
function wrongAbout(planted: readonly Planted[]): string[] {
  return planted
    .filter(({ path, rule }) => (rule === null ? found.has(path) : !found.get(path)?.includes(rule)))
    .map(({ what, path }) => `${what} (${path}: ${found.get(path) ?? "accepted"})`);
}

it("H1: the linter refuses an import upwards from each layer", () => {
  expect(upward).toHaveLength(10);
  expect(wrongAbout(upward)).toEqual([]);
});

it("H1: the linter accepts an import downwards from each layer", () => {
  expect(wrongAbout(downward)).toEqual([]);
});

it("H1: the linter refuses an import from one domain to another", () => {
  expect(wrongAbout(across)).toEqual([]);
});

it("H1: the linter refuses the ways round a wall", () => {
  expect(wrongAbout(others)).toEqual([]);
});

it("H1: the linter refuses a cycle, of values and of types", () => {
  expect(wrongAbout(cycles)).toEqual([]);
});

it("H2: the linter refuses clock, randomness, network, disk, processes and environment in every pure layer", () => {
  expect(wrongAbout(touched)).toEqual([]);
});

it("H2: the linter accepts hashing and given times in pure layers, tests beside them, and the outer layers", () => {
  expect(wrongAbout(clean)).toEqual([]);
});
