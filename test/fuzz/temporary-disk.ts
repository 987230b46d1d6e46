import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In memory where there is such a place: a case writes files and waits for the disk, and has nothing to gain from it. */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A folder for this process, removed when it ends; made at the first call. */
export function processFolder(): string {
  if (!made) {
    made = mkdtempSync(join(PLACE, "dashpot-fuzz-"));
    process.once("exit", () => rmSync(made as string, { recursive: true, force: true }));
  }
  return made;
}

let made: string | undefined;
