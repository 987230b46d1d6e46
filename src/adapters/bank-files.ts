import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Bank } from "../model/bank.ts";
import { DashpotError, isDashpotError } from "../model/error.ts";
import { type BankFiles, namedFiles } from "../profile/instrument/bank-hash.ts";
import { DYADS_FILE, HEADER_FILE, SITUATIONS_FILE } from "../profile/instrument/fault.ts";
import { parseBank } from "../profile/instrument/parse-bank.ts";
import { parseSurfaceDomain, parseSurfaceDyads, type Surfaces } from "../profile/instrument/surfaces.ts";
import { makeDirectory } from "./make-directory.ts";

/** Larger files are no bank; ours has less than a megabyte. */
const MAXIMUM_FILE_BYTES = 1024 * 1024 * 1024;

/** In the order of their situations in the bank. */
const DOMAINS = [
  "household",
  "workplace",
  "care",
  "school",
  "trade",
  "commons",
  "research",
  "relief",
  "public-office",
  "agent-procurement",
  "agent-compute",
  "agent-orchestration",
] as const;

/** The folder of our bank, in a clone and in the installed package. Errors: `bank-missing`. */
export function ourBankPath(): string {
  return join(instrumentsPath(), "relational");
}

/** The folder of all our instruments. Errors: `bank-missing`. */
export function instrumentsPath(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, "instruments");
    if (existsSync(join(folder, "package.json")) && existsSync(join(candidate, "relational", HEADER_FILE)))
      return candidate;
  }
  throw new DashpotError(
    "bank-missing",
    "expected instruments/relational in the package, received none",
    "install dashpot again",
  );
}

/** A bank from its folder. Errors: as parseBank and readBankFiles. */
export async function readBank(directory: string): Promise<Bank> {
  return parseBank(readBankFiles(directory), directory);
}

/** Bytes of a bank's files. Errors: `bank-missing`, `bank-unreadable`, `bank-file-too-long`. */
export function readBankFiles(directory: string): BankFiles {
  const header = bytesOf(directory, HEADER_FILE);
  const situations = bytesOf(directory, SITUATIONS_FILE);
  const dyads = existsSync(join(directory, DYADS_FILE)) ? bytesOf(directory, DYADS_FILE) : undefined;
  return { header, situations, ...(dyads === undefined ? {} : { dyads }) };
}

/**
 * Writes a bank's folder whole or not at all: into a folder beside it, which then takes its place; returns the bank.
 *
 * A folder that holds the same bytes and nothing else may be there. Errors: `directory-not-empty` where it holds anything
 * else, `bank-exists` where another bank, `directory-unwritable`.
 */
export async function writeBank(directory: string, files: BankFiles): Promise<Bank> {
  const bank = parseBank(files, directory);
  const target = resolve(directory);
  const made = join(dirname(target), `.${basename(target)}-${process.pid}`);
  try {
    const foreign = existsSync(target) ? readdirSync(target).filter((name) => !OWN.has(name)) : [];
    if (foreign.length > 0) throw notEmpty(directory, foreign[0] as string);
    if (isOtherBank(target, files)) throw otherBank(directory);
    makeDirectory(made);
    for (const [name, bytes] of namedFiles(files)) writeFileSync(join(made, name), bytes, { flush: true });
    rmSync(target, { recursive: true, force: true });
    renameSync(made, target);
  } catch (cause) {
    if (isDashpotError(cause)) throw cause;
    rmSync(made, { recursive: true, force: true });
    const message = `expected to write ${directory}, received ${(cause as NodeJS.ErrnoException).code}`;
    throw new DashpotError("directory-unwritable", message, "choose a folder that you may write in", { cause });
  }
  return bank;
}

/** The templates of our bank. Errors: `surfaces-malformed`, `bank-missing`. */
export function readSurfaces(directory = ourBankPath()): Surfaces {
  const folder = join(directory, "surfaces");
  const text = (name: string) => new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(folder, name));
  return {
    header: bytesOf(directory, HEADER_FILE),
    domains: DOMAINS.map((domain) => parseSurfaceDomain(text(`${domain}.yaml`), `surfaces/${domain}.yaml`)),
    dyads: existsSync(join(folder, "dyads.yaml")) ? parseSurfaceDyads(text("dyads.yaml"), "surfaces/dyads.yaml") : [],
  };
}

const OWN = new Set([HEADER_FILE, SITUATIONS_FILE, DYADS_FILE]);

function bytesOf(directory: string, name: string): Uint8Array {
  const path = join(directory, name);
  try {
    const { size } = statSync(path);
    if (size > MAXIMUM_FILE_BYTES) throw tooLong(path, size);
    return readFileSync(path);
  } catch (cause) {
    if (isDashpotError(cause)) throw cause;
    throw unreadable(path, cause as NodeJS.ErrnoException);
  }
}

function unreadable(path: string, cause: NodeJS.ErrnoException): DashpotError {
  const missing = cause.code === "ENOENT" || cause.code === "ENOTDIR";
  const message = `expected ${path}, received ${missing ? "no such file" : (cause.code ?? "an error")}`;
  const fix = missing ? `name a folder with ${HEADER_FILE} and ${SITUATIONS_FILE}` : "make the file readable";
  return new DashpotError(missing ? "bank-missing" : "bank-unreadable", message, fix, { cause });
}

function tooLong(path: string, size: number): DashpotError {
  const message = `expected at most ${MAXIMUM_FILE_BYTES} bytes, received ${size} in ${path}`;
  return new DashpotError("bank-file-too-long", message, "name the folder of a bank");
}

/** Whether other bytes of a bank lie there: somebody's own, or what a run was made on. */
function isOtherBank(target: string, files: BankFiles): boolean {
  const made = new Map(namedFiles(files));
  const there = existsSync(target) ? readdirSync(target) : [];
  return there.some((name) => !readFileSync(join(target, name)).equals(made.get(name) ?? Buffer.of()));
}

function otherBank(directory: string): DashpotError {
  const message = `expected a new folder or the same bank, received another bank in ${directory}`;
  return new DashpotError("bank-exists", message, "choose another folder, or remove that one first");
}

function notEmpty(directory: string, name: string): DashpotError {
  const message = `expected an empty folder or a bank alone, received ${JSON.stringify(name)} in ${directory}`;
  return new DashpotError("directory-not-empty", message, "choose another folder");
}
