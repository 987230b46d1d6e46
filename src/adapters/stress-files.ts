import { closeSync, constants, existsSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { type Dose, doseSchema } from "../model/dose.ts";
import { DashpotError } from "../model/error.ts";
import { parseYaml } from "../profile/instrument/parse-yaml.ts";
import { type Family, parseFamily } from "../profile/stress/family.ts";
import { type RiseCutoffs, riseCutoffsSchema } from "../profile/stress/rise/smooth-or-jump.ts";
import { parseSimulator, type SimulatorFamily } from "../profile/stress/simulator/simulator-family.ts";
import { instrumentsPath } from "./bank-files.ts";

const headerSchema = z.strictObject({
  id: z.string().min(1),
  version: z.string().min(1),
  title: z.string().min(1),
  language: z.string().min(2),
  licence: z.string().min(1),
});

export type SuiteHeader = z.infer<typeof headerSchema>;

export interface StressSuite {
  readonly header: SuiteHeader;
  /** Of texts, by id. */
  readonly families: readonly Family[];
  /** Simulated workplaces, by id; none where the suite has no folder of them. */
  readonly simulators: readonly SimulatorFamily[];
  /** Of the levels (T5); none where nobody compared them. */
  readonly doses: readonly Dose[];
  /** Of smooth or jump (S7), for the designs of the quick and the full set; none where nobody simulated them. */
  readonly cutoffs: readonly RiseCutoffs[];
  /** SHA-256 over header, families, simulators, doses and cut-offs. */
  readonly hash: string;
}

/** Beyond which a folder or a file is no suite: it is refused, not read. */
const MOST_FILES = 100;
const LARGEST_BYTES = 1 << 20;

/** The folder of our stress suite, in a clone and in the installed package. Errors: `bank-missing`. */
export function ourStressPath(): string {
  return join(instrumentsPath(), "stress");
}

/** Whether a folder holds a stress suite, not a bank. */
export function isStressSuite(directory: string): boolean {
  return existsSync(join(directory, "suite.yaml"));
}

/** A suite from its folder. Errors: `stress-missing`, `stress-malformed`. */
export function readStressSuite(directory: string): StressSuite {
  const head = readHeader(directory);
  const texts = filesIn(join(directory, "families"));
  const worlds = existsSync(join(directory, "simulators")) ? filesIn(join(directory, "simulators")) : [];
  const doses = recordIn(join(directory, "doses", "doses.json"));
  const cutoffs = recordIn(join(directory, "rise-cutoffs.json"));
  return {
    header: head.header,
    families: texts.map((file) => named(file, parseFamily)),
    simulators: worlds.map((file) => named(file, parseSimulator)),
    doses: doses.flatMap((file) => parseRecord(file, z.array(doseSchema))),
    cutoffs: cutoffs.flatMap((file) => parseRecord(file, z.array(riseCutoffsSchema))),
    hash: sha256Hex(
      [head, ...texts, ...worlds, ...doses, ...cutoffs].map(({ text }) => `${text.length}:${text}`).join(""),
    ),
  };
}

/** What a suite says of itself, with the text that its hash is of. Errors: `stress-missing`, `stress-malformed`. */
export function readHeader(directory: string): { readonly header: SuiteHeader; readonly text: string } {
  const { path, text } = readText(directory, "suite.yaml");
  const fault = { code: "stress-malformed", expected: "a suite's header", fix: "correct the file" };
  return { header: parseYaml(text, path, headerSchema, fault), text };
}

/** A file that a suite may do without. */
function recordIn(path: string): ReturnType<typeof readText>[] {
  return existsSync(path) ? [readText(path)] : [];
}

function parseRecord<T>({ path, text }: ReturnType<typeof readText>, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `expected a record of a suite, received another, in ${path}`;
    throw new DashpotError("stress-malformed", message, "restore the file", { cause });
  }
}

interface SuiteFile {
  readonly name: string;
  readonly path: string;
  readonly text: string;
}

/** The YAML files of a folder, by name. */
export function filesIn(folder: string): SuiteFile[] {
  const names = entriesOf(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  if (names.length > MOST_FILES)
    throw malformed(`at most ${MOST_FILES} files`, String(names.length), folder, "name the folder of a stress suite");
  return names.map((name) => ({ name, ...readText(folder, name) }));
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw missing(folder, cause);
  }
}

/** A record that its file is named for. */
export function named<T extends { readonly id: string }>(
  { name, path, text }: SuiteFile,
  parse: (text: string, path: string) => T,
): T {
  const family = parse(text, path);
  if (`${family.id}.yaml` === name) return family;
  const fix = `name the file ${family.id}.yaml, or correct the id`;
  throw malformed("a family named by its id", `the id ${JSON.stringify(family.id)}`, path, fix);
}

function readText(...parts: string[]): { readonly path: string; readonly text: string } {
  const path = join(...parts);
  const bytes = readAtMost(path, LARGEST_BYTES + 1);
  if (bytes.length <= LARGEST_BYTES) return { path, text: bytes.toString("utf8") };
  throw malformed(`a file of at most ${LARGEST_BYTES} bytes`, "more", path, "leave out what is no part of a suite");
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
    `expected a stress suite, received nothing readable, at ${path}`,
    "name a folder with suite.yaml and families",
    { cause },
  );
}

function malformed(expected: string, received: string, where: string, fix: string): DashpotError {
  return new DashpotError("stress-malformed", `expected ${expected}, received ${received}, in ${where}`, fix);
}
