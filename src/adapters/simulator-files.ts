import { closeSync, constants, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { DashpotError } from "../model/error.ts";
import { parseSimulator, type SimulatorFamily } from "../profile/stress/simulator/simulator-family.ts";

export interface Simulators {
  /** By id. */
  readonly families: readonly SimulatorFamily[];
  /** SHA-256 over all of them. */
  readonly hash: string;
}

/** Beyond which a folder or a file is no suite of ours: it is refused, not read. */
const MOST_FILES = 100;
const LARGEST_BYTES = 1 << 20;

/**
 * The simulators of a suite, from `simulators` in its folder; none where there is no such folder. Errors:
 * `stress-missing` (a file that cannot be read), `stress-malformed`.
 */
export function readSimulators(directory: string): Simulators {
  const folder = join(directory, "simulators");
  const files = namesIn(folder).map((name) => ({ name, path: join(folder, name), text: readText(join(folder, name)) }));
  const families = files.map(({ name, path, text }) => {
    const family = parseSimulator(text, path);
    if (`${family.id}.yaml` !== name) throw misnamed(family.id, path);
    return family;
  });
  return { families, hash: sha256Hex(files.map(({ text }) => `${text.length}:${text}`).join("")) };
}

function namesIn(folder: string): string[] {
  const names = entriesOf(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  if (names.length <= MOST_FILES) return names;
  throw new DashpotError(
    "stress-malformed",
    `expected at most ${MOST_FILES} simulators, received ${names.length}, in ${folder}`,
    "name the folder of a stress suite",
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw missing(folder, cause);
  }
}

function readText(path: string): string {
  const bytes = readAtMost(path, LARGEST_BYTES + 1);
  if (bytes.length <= LARGEST_BYTES) return bytes.toString("utf8");
  throw new DashpotError(
    "stress-malformed",
    `expected a simulator of at most ${LARGEST_BYTES} bytes, received more, in ${path}`,
    "leave out what is no simulator",
  );
}

/** Counts what it reads rather than believe the size, and never waits on a pipe. */
function readAtMost(path: string, most: number): Buffer {
  try {
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const buffer = Buffer.alloc(most);
      let length = 0;
      for (let read = -1; read !== 0 && length < most; length += read)
        read = readSync(file, buffer, length, most - length, null);
      return buffer.subarray(0, length);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw missing(path, cause);
  }
}

function missing(path: string, cause: unknown): DashpotError {
  return new DashpotError(
    "stress-missing",
    `expected a readable simulator, received nothing readable, at ${path}`,
    "name a folder with suite.yaml, families and simulators",
    { cause },
  );
}

function misnamed(id: string, path: string): DashpotError {
  const message = `expected a simulator named by its id, received the id ${JSON.stringify(id)}, in ${path}`;
  return new DashpotError("stress-malformed", message, `name the file ${id}.yaml, or correct the id`);
}
