import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeDirectory } from "./make-directory.ts";

it("F3: directories are made with those above them, and made again without complaint", () => {
  const scratch = mkdtempSync(join(tmpdir(), "dashpot-make-"));
  const path = join(scratch, "a", "b", "c");
  makeDirectory(path);
  makeDirectory(path);
  expect(existsSync(path)).toBe(true);
  rmSync(scratch, { recursive: true });
});

it("F3: a file system that refuses a new entry as not found ends in an error, not in waiting for ever", ({ skip }) => {
  skip(!existsSync("/proc/self"), "no /proc here");
  expect(() => makeDirectory("/proc/dashpot/run")).toThrow(/ENOENT/);
});
