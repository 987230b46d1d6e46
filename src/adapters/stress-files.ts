import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sha256Hex } from "../kernel/canonical-json.ts";
import { type Dose, doseSchema } from "../model/dose.ts";
import { DashpotError } from "../model/error.ts";
import { parseYaml } from "../profile/instrument/parse-yaml.ts";
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
  const head = readText(directory, "suite.yaml");
  const files = namesIn(directory).map((name) => ({ name, ...readText(directory, "families", name) }));
  const families = files.map(({ name, path, text }) => {
    const family = parseFamily(text, path);
    if (`${family.id}.yaml` !== name) throw misnamed(family.id, path);
    return family;
  });
  const fault = { code: "stress-malformed", expected: "a suite's header", fix: "correct the file" };
  return {
    header: parseYaml(head.text, head.path, headerSchema, fault),
    families,
    hash: sha256Hex([head, ...files].map(({ text }) => `${text.length}:${text}`).join("")),
  };
}

/** Doses of a suite's levels (T5); none where nobody compared them. Error: `stress-malformed`. */
export function readDoses(directory: string): Dose[] {
  const path = join(directory, "doses", "doses.json");
  if (!existsSync(path)) return [];
  try {
    return z.array(doseSchema).parse(JSON.parse(readText(path).text));
  } catch (cause) {
    const message = `expected the doses of a suite, received another record, in ${path}`;
    throw new DashpotError("stress-malformed", message, "restore the file", { cause });
  }
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

function readText(...parts: string[]): { readonly path: string; readonly text: string } {
  const path = join(...parts);
  try {
    return { path, text: readFileSync(path, "utf8") };
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

function misnamed(id: string, path: string): DashpotError {
  const message = `expected a family named by its id, received the id ${JSON.stringify(id)}, in ${path}`;
  return new DashpotError("stress-malformed", message, `name the file ${id}.yaml, or correct the id`);
}
