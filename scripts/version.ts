import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Version in a folder's package.json. */
export function versionOf(root: string): string {
  return (JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version;
}
