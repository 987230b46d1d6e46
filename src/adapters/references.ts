import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256Hex } from "../kernel/canonical-json.ts";
import type { Bank } from "../model/bank.ts";
import { DashpotError, isDashpotError } from "../model/error.ts";
import { type MeasurementError, measurementErrorSchema } from "../model/measurement-error.ts";
import { type Profile, profileSchema, rootOfBank } from "../model/profile.ts";
import type { BiasError, Format, RunPlan } from "../model/run.ts";
import type { Reference } from "../profile/estimate-cells.ts";

/** File of the embedded model's profile in a bank's `references/` (A15). */
export const OUR_REFERENCE = "embedded-smollm2-135m";
const NORMALISATION = "normalisation.json";
const MEASUREMENT_ERROR = "measurement-error.json";

const normalisationSchema = z.strictObject({ temperature: z.number().positive(), fittedOn: z.string().min(1) });

/** Reads a profile from a file or a run directory. Errors: `profile-missing`, `profile-unreadable`. */
export async function readProfile(path: string): Promise<{ profile: Profile; hash: string; path: string }> {
  const file = path.endsWith(".json") ? path : join(path, "profile.json");
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new DashpotError(
      "profile-missing",
      `expected a profile, received nothing readable, at ${file}`,
      "name a profile.json or the directory of a finished run",
      { cause },
    );
  });
  try {
    return {
      profile: profileSchema.parse(JSON.parse(bytes.toString("utf8"))) as Profile,
      hash: sha256Hex(bytes),
      path: file,
    };
  } catch (cause) {
    throw notAProfile(file, bytes, cause);
  }
}

function notAProfile(file: string, bytes: Buffer, cause: unknown): DashpotError {
  const first = cause instanceof z.ZodError ? cause.issues[0] : undefined;
  const schema = first ? schemaOf(bytes) : null;
  const received = !first
    ? "what is no JSON"
    : schema === PROFILE_SCHEMA
      ? `one that differs in ${first.path.join(".") || "its fields"} (${first.message})`
      : schema === null
        ? "a record that is none of dashpot's"
        : `a ${schema} record`;
  return new DashpotError(
    "profile-unreadable",
    `expected a ${PROFILE_SCHEMA} record, received ${received}, at ${file}`,
    schema === PROFILE_SCHEMA
      ? "profile the model again with this version"
      : "name a profile.json or the directory of a finished run",
    { cause },
  );
}

const PROFILE_SCHEMA = profileSchema.shape.schema.value;

function schemaOf(bytes: Buffer): string | null {
  const value: unknown = parseJson(bytes.toString("utf8"));
  const schema = typeof value === "object" && value !== null && "schema" in value ? value.schema : null;
  return typeof schema === "string" ? schema.slice(0, 40) : null;
}

/**
 * The reference that a run tells bias against: `none`, a name in `references/`, a file or run directory, or by default
 * ours where it fits: on our bank, and on those generated from it, with the error between forms.
 */
export async function chooseReference(
  { bankDirectory, ourBankDirectory }: { readonly bankDirectory: string; readonly ourBankDirectory: string },
  bank: Bank,
  format: Format,
  wanted: string | undefined,
  modelSha256: string | undefined,
): Promise<RunPlan["reference"]> {
  if (wanted === "none") return null;
  const name = (wanted ?? OUR_REFERENCE).replaceAll(":", "-");
  const ours = (directory: string) => join(directory, "references", `${name}.json`);
  const inBank = [bankDirectory, ourBankDirectory].map(ours).find(existsSync) ?? ours(bankDirectory);
  const elsewhere = wanted !== undefined && !(/^[A-Za-z0-9._-]+$/.test(name) && existsSync(inBank));
  const path = elsewhere ? wanted : inBank;
  const read = await readProfile(path).catch((error: unknown) =>
    wanted === undefined ? missingOnly(error) : Promise.reject(unknownReference(error, wanted)),
  );
  if (!read) return null;
  const { profile, hash } = read;
  if (profile.format !== format) {
    if (wanted === undefined) return null;
    throw new DashpotError(
      "reference-format",
      `expected a reference by ${format}, received one by ${profile.format}, at ${read.path}`,
      "name one of the same format, or --reference none",
    );
  }
  if (rootOfBank(profile.bank) !== rootOfBank({ hash: bank.hash, parent: bank.header.parent })) {
    if (wanted === undefined) return null;
    throw new DashpotError(
      "reference-bank",
      `expected a reference on this bank or on one of the same parent, received one on ${profile.bank.id} ${profile.bank.hash.slice(0, 12)}, at ${read.path}`,
      "profile the reference on this bank, or --reference none",
    );
  }
  if (wanted === undefined && modelSha256 !== undefined && profile.model.sha256 === modelSha256) return null;
  const reference = { name: profile.model.spec, path: read.path, hash };
  if (profile.bank.hash === bank.hash) return reference;
  const directories = [bankDirectory, ourBankDirectory];
  return { ...reference, formError: await biasErrorOf(rootOfBank(profile.bank), format, directories) };
}

function unknownReference(error: unknown, wanted: string): unknown {
  if (!isDashpotError(error) || error.code !== "profile-missing") return error;
  const message = `${error.message}; and references/ holds none named ${JSON.stringify(wanted.slice(0, 80))}`;
  return new DashpotError(
    "profile-missing",
    message,
    `name a profile.json, a finished run, ${OUR_REFERENCE}, or none`,
    {
      cause: error,
    },
  );
}

/** Of a bank's forms, under `score`; null where none was measured. */
async function biasErrorOf(root: string, format: Format, directories: readonly string[]): Promise<BiasError | null> {
  if (format !== "score") return null;
  for (const directory of directories) {
    const measured = await readMeasurementError(directory);
    if (measured?.parent !== root) continue;
    return { model: measured.model, degreesOfFreedom: measured.forms.length, bias: measured.bias };
  }
  return null;
}

/** The reference of a plan. Errors: `reference-changed`, and those of {@link readProfile}. */
export async function loadReference({
  reference,
  bank,
}: Pick<RunPlan, "reference" | "bank">): Promise<Reference | null> {
  if (!reference) return null;
  const { profile, hash } = await readProfile(reference.path);
  if (hash !== reference.hash) {
    throw new DashpotError(
      "reference-changed",
      `expected the reference with hash ${reference.hash.slice(0, 12)}, received ${hash.slice(0, 12)}, at ${reference.path}`,
      "restore the file, or begin the run anew in another directory",
    );
  }
  const { name, formError = null } = reference;
  return { name, hash, profile, ...(profile.bank.hash === bank.hash ? {} : { formError }) };
}

/**
 * The profile that another one's bias was told against: at `path`, else ours in `references/`. Errors: `reference-other`
 * where it is not that one, and those of {@link readProfile}.
 */
export async function referenceOf(
  told: { readonly name: string; readonly profile: string },
  bankDirectory: string,
  path = join(bankDirectory, "references", `${OUR_REFERENCE}.json`),
): Promise<Profile> {
  const { profile, hash } = await readProfile(path);
  if (hash === told.profile) return profile;
  throw new DashpotError(
    "reference-other",
    `expected the profile of ${told.name} with hash ${told.profile.slice(0, 12)}, received ${hash.slice(0, 12)}, at ${path}`,
    "name with --reference the one that the run was told against",
  );
}

/** The one temperature of the normalised score, from the bank's references, else from ours (A5). */
export async function readNormalisation(
  bankDirectory: string,
  ourBankDirectory: string,
): Promise<RunPlan["normalisation"]> {
  for (const directory of [bankDirectory, ourBankDirectory]) {
    const path = join(directory, "references", NORMALISATION);
    const text = await readFile(path, "utf8").catch(() => null);
    if (text === null) continue;
    const parsed = normalisationSchema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new DashpotError(
      "normalisation-unreadable",
      `expected {temperature, fittedOn}, received another record, at ${path}`,
      "restore the file",
    );
  }
  throw new DashpotError(
    "normalisation-missing",
    `expected references/${NORMALISATION}, received none, at ${ourBankDirectory}`,
    "restore the instrument's folder",
  );
}

/** Of the forms of a bank, from its references; null where it was not measured. Error: `measurement-error-unreadable`. */
export async function readMeasurementError(bankDirectory: string): Promise<MeasurementError | null> {
  const path = join(bankDirectory, "references", MEASUREMENT_ERROR);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return null;
  const parsed = measurementErrorSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new DashpotError(
    "measurement-error-unreadable",
    `expected a dashpot/measurement-error@1 record, received another, at ${path}`,
    "restore the file",
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function missingOnly(error: unknown): null {
  if (error instanceof DashpotError && error.code === "profile-missing") return null;
  throw error;
}
