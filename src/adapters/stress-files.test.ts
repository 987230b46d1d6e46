import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ourStressPath, readStressSuite } from "./stress-files.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "dashpot-simulators-"));
  mkdirSync(join(directory, "simulators"));
  mkdirSync(join(directory, "families"));
  cpSync(join(ourStressPath(), "suite.yaml"), join(directory, "suite.yaml"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (name: string) =>
  cpSync(join(ourStressPath(), "simulators", "help-desk.yaml"), join(directory, "simulators", name));

it("T20: simulators are read by name, with a hash of their texts; no folder is no simulators", () => {
  put("help-desk.yaml");
  writeFileSync(join(directory, "simulators", "notes.md"), "not one of them");
  const { simulators, families, hash } = readStressSuite(directory);
  expect(simulators.map(({ id }) => id)).toEqual(["help-desk"]);
  expect(families).toEqual([]);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  rmSync(join(directory, "simulators"), { recursive: true });
  const without = readStressSuite(directory);
  expect(without.simulators).toEqual([]);
  expect(without.hash).not.toBe(hash);
});

it("T20: a misnamed, a broken, a far too large, an unreadable file and a pipe are each one coded error", () => {
  const file = (name: string) => join(directory, "simulators", name);
  const read = () => readStressSuite(directory);
  put("other.yaml");
  expect(read).toThrow(
    expect.objectContaining({ code: "stress-malformed", message: expect.stringContaining("other.yaml") }),
  );
  rmSync(file("other.yaml"));
  writeFileSync(file("a.yaml"), "id: a\n");
  expect(read).toThrow(
    expect.objectContaining({ code: "stress-malformed", message: expect.stringContaining("a.yaml") }),
  );
  writeFileSync(file("a.yaml"), Buffer.alloc((1 << 20) + 1, "#"));
  expect(read).toThrow(expect.objectContaining({ message: expect.stringContaining("at most 1048576 bytes") }));
  rmSync(file("a.yaml"));
  mkdirSync(file("b.yaml"));
  expect(read).toThrow(expect.objectContaining({ code: "stress-missing" }));
  rmSync(file("b.yaml"), { recursive: true });
  execFileSync("mkfifo", [file("c.yaml")]);
  expect(read).toThrow(expect.objectContaining({ code: "stress-malformed" }));
});
