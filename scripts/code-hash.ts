import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

/** Written by a suite, so no part of what it measured: hashed, it would outdate the very result that wrote it. */
const WRITTEN_BY_SUITES = "measurement-error.json";

/** Twelve hexadecimal digits of SHA-256 over the names and contents of files and folders, tests and what suites write apart. */
export function codeHash(root: string, paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((one) => filesAt(join(root, one))).sort()) {
    const bytes = readFileSync(path);
    hash.update(`${relative(root, path)}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex").slice(0, 12);
}

function filesAt(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts") && entry.name !== WRITTEN_BY_SUITES)
    .map((entry) => join(entry.parentPath, entry.name));
}
