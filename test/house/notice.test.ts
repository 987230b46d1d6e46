import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { notice } from "../../scripts/notice.ts";
import { ROOT, temporaryFolder } from "./temporary-folder.ts";

const lock = (packages: object): string => JSON.stringify({ packages: { "": {}, ...packages } });

it("H11: NOTICE is what the lock file, the banks and the installed licence texts make it (npm run notice)", () => {
  expect(readFileSync(join(ROOT, "NOTICE"), "utf8")).toBe(notice(ROOT));
});

it("H11: NOTICE has a line for every package of the lock file", () => {
  const text = readFileSync(join(ROOT, "NOTICE"), "utf8");
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, { name?: string; version: string; license?: string }>;
  };
  const missing = Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, { name, version }]) => `${name ?? path.split("node_modules/").at(-1)} ${version}: `)
    .filter((line) => !text.includes(`\n${line}`));
  expect(missing).toEqual([]);
});

it("H11: a package that comes or goes, or another version, changes NOTICE", () => {
  const one = { "node_modules/one": { version: "1.0.0", license: "MIT" } };
  const files = (packages: object) => temporaryFolder({ "package-lock.json": lock(packages) });
  const text = notice(files(one));
  expect(text).toContain("\none 1.0.0: MIT\n");
  expect(notice(files({}))).not.toContain("one 1.0.0");
  expect(notice(files({ "node_modules/one": { version: "1.0.1", license: "ISC" } }))).toContain("\none 1.0.1: ISC\n");
});

it("H11: a package without a licence cannot pass unseen", () => {
  const folder = temporaryFolder({ "package-lock.json": lock({ "node_modules/one": { version: "1.0.0" } }) });
  expect(() => notice(folder)).toThrow("expected a licence");
});

it("H11: the weights and each bank are named with their licence", () => {
  const folder = temporaryFolder({
    "package-lock.json": lock({}),
    "instruments/some/bank.yaml": "id: some\nversion: 1.2.0\nlicence: CC-BY-4.0\n",
  });
  expect(notice(folder)).toContain("\ninstruments/some 1.2.0: CC-BY-4.0\n");
  expect(notice(folder)).toMatch(/^SmolLM2-135M-Instruct.*: Apache-2\.0$/m);
});
