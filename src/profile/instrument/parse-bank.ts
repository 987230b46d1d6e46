import { parseDocument } from "yaml";
import type { z } from "zod";
import { DuplicateKey, parseStrictJson } from "../../kernel/strict-json.ts";
import {
  type Bank,
  type BankHeader,
  bankHeaderSchema,
  type Dyad,
  dyadSchema,
  type Situation,
  situationSchema,
} from "../../model/bank.ts";
import { DashpotError } from "../../model/error.ts";
import { type BankFiles, bankHash } from "./bank-hash.ts";
import { decodeLines, decodeText } from "./decode-lines.ts";
import { DYADS_FILE, type Fault, HEADER_FILE, type Numbered, SITUATIONS_FILE } from "./fault.ts";

/** Five short fields and a parent have less than a thousand. */
const MAXIMUM_HEADER_BYTES = 64 * 1024;

/** What could be read of a bank, and what is wrong with the rest. */
export interface BankParts {
  /** Undefined when its faults are among the faults. */
  readonly header: BankHeader | undefined;
  readonly situations: readonly Numbered<Situation>[];
  readonly dyads: readonly Numbered<Dyad>[];
  readonly faults: readonly Fault[];
}

/**
 * A bank from its files' bytes (I1, F4).
 *
 * Errors, each with file, line, field and fix: those of `decodeLines`, `bank-line-not-json`,
 * `bank-key-duplicated`, `bank-header-malformed`, `bank-field-missing`, `bank-field-unknown`, `bank-field-invalid`,
 * `bank-id-duplicated`, `bank-empty`. `folder` is put before the files' names in messages.
 */
export function parseBank(files: BankFiles, folder = ""): Bank {
  const { header, situations, dyads, faults } = parseBankParts(files);
  const first = faults[0];
  if (header === undefined || first !== undefined) throw faultError(first as Fault, folder);
  return { header, situations: values(situations), dyads: values(dyads), hash: bankHash(files) };
}

/**
 * As parseBank, but faults of single records are collected and the sound ones kept. Throws only where a file cannot be
 * read at all: those of `decodeLines`, `bank-line-not-json`, `bank-header-malformed`.
 */
export function parseBankParts(files: BankFiles): BankParts {
  const header = parseHeader(files.header);
  const situations = parseRecords(files.situations, SITUATIONS_FILE, situationSchema);
  const dyads = files.dyads === undefined ? EMPTY : parseRecords(files.dyads, DYADS_FILE, dyadSchema);
  const none = situations.seen === 0 ? [emptyFault()] : [];
  return {
    header: header.value,
    situations: situations.records,
    dyads: dyads.records,
    faults: [...header.faults, ...none, ...situations.faults, ...dyads.faults],
  };
}

/** A fault as the error that ends a command which needs the bank. */
export function faultError({ code, file, line, field, message, fix }: Fault, folder = ""): DashpotError {
  const where = [`${folder === "" ? "" : `${folder}/`}${file}${line > 0 ? `:${line}` : ""}`, field]
    .filter(Boolean)
    .join(", ");
  return new DashpotError(code, `${message}, in ${where}`, fix);
}

interface Records<T> {
  readonly seen: number;
  readonly records: readonly Numbered<T>[];
  readonly faults: readonly Fault[];
}

const EMPTY: Records<Dyad> = { seen: 0, records: [], faults: [] };

function parseHeader(bytes: Uint8Array): { value: BankHeader | undefined; faults: readonly Fault[] } {
  if (bytes.length > MAXIMUM_HEADER_BYTES) throw malformedHeader(0, `${bytes.length} bytes`);
  const text = decodeText(bytes, HEADER_FILE);
  const value = parseYaml(text);
  const result = bankHeaderSchema.safeParse(value);
  if (result.success) return { value: result.data, faults: [] };
  const faults = issueFaults(result.error, value, HEADER_FILE, 1);
  return { value: undefined, faults: faults.map((one) => ({ ...one, line: lineOfKey(text, one.field) })) };
}

/** Line on which a key of the header stands; 1 where it stands nowhere. */
function lineOfKey(text: string, field: string): number {
  const key = field.split(".")[0] as string;
  return (
    1 +
    Math.max(
      0,
      text.split("\n").findIndex((line) => key !== "" && line.startsWith(`${key}:`)),
    )
  );
}

function parseYaml(text: string): unknown {
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, { prettyErrors: false, logLevel: "silent" });
    // Aliases multiply: a short text can stand for more than a memory holds.
    if (document.errors.length === 0) return document.toJS({ maxAliasCount: 0 }) as unknown;
  } catch (cause) {
    throw malformedHeader(0, cause instanceof RangeError ? "too deep a nesting" : "an alias");
  }
  const error = document.errors[0];
  const line = text.slice(0, error?.pos[0] ?? 0).split("\n").length;
  throw malformedHeader(line, (error?.code ?? "").toLowerCase().replaceAll("_", " "));
}

function malformedHeader(line: number, received: string): DashpotError {
  const message = `expected one short YAML document with each key once, received ${received}`;
  const fix = "write id, version, title, language and licence, one a line";
  return faultError(fault("bank-header-malformed", HEADER_FILE, line, "", message, fix));
}

function parseRecords<T extends { id: string }>(bytes: Uint8Array, file: string, schema: z.ZodType<T>): Records<T> {
  const records: Numbered<T>[] = [];
  const faults: Fault[] = [];
  const lineOf = new Map<string, number>();
  let seen = 0;
  for (const { line, value: text } of decodeLines(bytes, file)) {
    seen += 1;
    const result = parseRecord(text, file, line, schema);
    if (!("record" in result)) {
      faults.push(...result.faults);
      continue;
    }
    const earlier = lineOf.get(result.record.id);
    if (earlier !== undefined) faults.push(duplicated(file, line, result.record.id, earlier));
    lineOf.set(result.record.id, earlier ?? line);
    records.push({ line, value: result.record });
  }
  return { seen, records, faults };
}

function parseRecord<T>(
  text: string,
  file: string,
  line: number,
  schema: z.ZodType<T>,
): { record: T } | { faults: Fault[] } {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (cause) {
    if (cause instanceof DuplicateKey) {
      const field = cause.key.slice(0, 60);
      return { faults: [fault("bank-key-duplicated", file, line, field, cause.message, "keep one of the two")] };
    }
    const message = "expected one JSON object on the line, received text that is not JSON";
    throw faultError(
      fault("bank-line-not-json", file, line, "", message, "write one JSON object a line, and no blank line between"),
    );
  }
  const result = schema.safeParse(value);
  return result.success ? { record: result.data } : { faults: issueFaults(result.error, value, file, line) };
}

function issueFaults(error: z.ZodError, value: unknown, file: string, line: number): Fault[] {
  return error.issues.flatMap((issue) => {
    const field = issue.path.join(".");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => unknownField(file, line, [...issue.path, key]));
    if (isMissing(value, issue.path)) {
      return [fault("bank-field-missing", file, line, field, "expected the field, received nothing", `add ${field}`)];
    }
    if (issue.code === "too_small" && issue.origin === "string") {
      return [fault("bank-text-empty", file, line, field, "expected a text, received an empty one", "write the text")];
    }
    return [fault("bank-field-invalid", file, line, field, issue.message.toLowerCase(), "correct the field")];
  });
}

function unknownField(file: string, line: number, path: readonly PropertyKey[]): Fault {
  const name = path.map((part) => String(part).slice(0, 60)).join(".");
  const message = `expected only fields of the format, received ${JSON.stringify(name)}`;
  return fault("bank-field-unknown", file, line, name, message, "remove the field, or correct its name");
}

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  const found = path.reduce<unknown>(
    (inside, part) => (inside as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  );
  return path.length > 0 && found === undefined;
}

function duplicated(file: string, line: number, id: string, earlier: number): Fault {
  const message = `expected each id once, received ${JSON.stringify(id.slice(0, 60))} again after line ${earlier}`;
  return fault("bank-id-duplicated", file, line, "id", message, "give one of the two another id");
}

function emptyFault(): Fault {
  return fault(
    "bank-empty",
    SITUATIONS_FILE,
    1,
    "",
    "expected at least one situation, received none",
    "write one situation a line",
  );
}

function fault(code: string, file: string, line: number, field: string, message: string, fix: string): Fault {
  return { severity: "fault", code, file, line, field, message, fix };
}

function values<T>(records: readonly Numbered<T>[]): T[] {
  return records.map(({ value }) => value);
}
