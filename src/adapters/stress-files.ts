import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { DashpotError } from "../model/error.ts";
import { type Family, parseFamily } from "../profile/stress/family.ts";
import { instrumentsPath } from "./bank-files.ts";

const headerSchema = z.strictObject({
  id: z.string().min(1),
  version: z.string().min(1),
  title: z.string().min(1),
  language: z.string().min(2),
  licence: z.string().min(1),
});

export interface StressSuite {
  readonly header: z.infer<typeof headerSchema>;
  /** By id. */
  readonly families: readonly Family[];
  /** SHA-256 over header and families. */
  readonly hash: string;
}

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
  const header = headerOf(text(directory, "suite.yaml"), join(directory, "suite.yaml"));
  const names = namesIn(directory);
  const families = names.map((name) =>
    parseFamily(text(directory, "families", name), join(directory, "families", name)),
  );
  const wrong = families.findIndex(({ id }, at) => `${id}.yaml` !== names[at]);
  if (wrong >= 0) throw malformed(`the id ${families[wrong]?.id}`, join(directory, "families", names[wrong] as string));
  const whole = [text(directory, "suite.yaml"), ...names.map((name) => text(directory, "families", name))];
  return { header: header, families, hash: sha256Hex(whole.map((one) => `${one.length}:${one}`).join("")) };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(join(directory, "families"))
      .filter((name) => name.endsWith(".yaml"))
      .sort();
  } catch (cause) {
    throw missing(join(directory, "families"), cause);
  }
}

function text(...parts: string[]): string {
  try {
    return readFileSync(join(...parts), "utf8");
  } catch (cause) {
    throw missing(join(...parts), cause);
  }
}

function headerOf(content: string, file: string): StressSuite["header"] {
  try {
    return headerSchema.parse(parse(content, { logLevel: "error" }));
  } catch {
    throw malformed("another header", file);
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

function malformed(what: string, file: string): DashpotError {
  return new DashpotError(
    "stress-malformed",
    `expected id, version, title, language and licence in suite.yaml, and families named by their id, received ${what}, in ${file}`,
    "correct the file",
  );
}
