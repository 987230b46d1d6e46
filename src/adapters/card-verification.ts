import { createHash, type KeyObject, verify } from "node:crypto";
import { dirname, join } from "node:path";
import type { z } from "zod";
import { parseStrictJson } from "../kernel/strict-json.ts";
import { type CardStatement, cardStatementSchema, REQUIRED_SUBJECTS } from "../model/card-statement.ts";
import { DashpotError } from "../model/error.ts";
import { shownText } from "../model/shown-text.ts";
import { readBounded } from "./bounded-read.ts";
import {
  type Envelope,
  keyIdOf,
  parseEnvelope,
  preAuthenticationEncoding,
  STATEMENT_PAYLOAD_TYPE,
} from "./dsse-envelope.ts";
import { readPublicKey, readTrust } from "./signing-keys.ts";

const MAXIMUM_BYTES = 64 * 1024 * 1024;
const SAFE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

export const VERIFICATION_CODES = [
  "file-too-large",
  "envelope-not-json",
  "envelope-malformed",
  "payload-type-unknown",
  "signature-missing",
  "signature-wrong",
  "key-unknown",
  "key-id-wrong",
  "key-revoked",
  "revoked-malformed",
  "trust-store-malformed",
  "payload-malformed",
  "predicate-type-unknown",
  "statement-malformed",
  "subject-unsafe-name",
  "subject-unlisted",
  "subject-missing",
  "subject-changed",
] as const;
export type VerificationCode = (typeof VERIFICATION_CODES)[number];

export type Verification =
  | {
      readonly ok: true;
      readonly statement: CardStatement;
      /** Files whose digest holds. */
      readonly subjects: readonly string[];
      /** Files that were signed too, that a card does without, and that do not lie beside it. */
      readonly absent: readonly string[];
      readonly keyId: string;
    }
  | { readonly ok: false; readonly code: VerificationCode; readonly reason: string; readonly fix: string };

export interface VerificationRequest {
  readonly envelopePath: string;
  /** PEM of the public key that must have signed. */
  readonly keyPath: string;
  /** Ids of revoked keys, one a line; `#` begins a comment. */
  readonly revokedPath?: string;
  /** Folder of a trust store: a key that is revoked there verifies nothing. */
  readonly trustDirectory?: string;
}

/** Ends a verification with an answer; never leaves this module. */
class Refusal extends Error {
  readonly code: VerificationCode;
  readonly fix: string;
  constructor(code: VerificationCode, reason: string, fix: string) {
    super(reason);
    this.code = code;
    this.fix = fix;
  }
}

/**
 * Whether a signed card holds: envelope, signature by the given key, statement, and the digest of every file that it
 * names, which lie beside it; files beyond the four that make a card may be absent. Throws DashpotError with exit 2 only where a file cannot be opened or the key is none.
 */
export async function verifyCard(request: VerificationRequest): Promise<Verification> {
  const key = readPublicKey((await readText(request.keyPath, "key-unreadable")).toString("latin1"), request.keyPath);
  try {
    const keyId = keyIdOf(key);
    const text = await readText(request.envelopePath, "card-unreadable");
    refuseRevoked(keyId, await revokedIds(request));
    const envelope = readEnvelope(text);
    verifySignature(envelope, key, keyId);
    const statement = readStatement(envelope.payload);
    return { ok: true, statement, ...(await verifySubjects(statement, dirname(request.envelopePath))), keyId };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, code: error.code, reason: error.message, fix: error.fix };
  }
}

function readEnvelope(bytes: Buffer): Envelope {
  const reading = parseEnvelope(decodeUtf8(bytes, "envelope-not-json"));
  const fix = "get the card again from who made it: card.dsse.json is one DSSE envelope in JSON";
  if (!reading.ok) throw new Refusal(reading.code, reading.reason, fix);
  const { payloadType } = reading.envelope;
  if (payloadType === STATEMENT_PAYLOAD_TYPE) return reading.envelope;
  const reason = `expected payload type ${STATEMENT_PAYLOAD_TYPE}, received ${shownText(payloadType, 80)}`;
  throw new Refusal("payload-type-unknown", reason, fix);
}

/** The signature decides, by the key that the user gave; the envelope's own `keyid` only words the refusal. */
function verifySignature({ payloadType, payload, signatures }: Envelope, key: KeyObject, keyId: string): void {
  if (signatures.length === 0) {
    throw new Refusal("signature-missing", "expected a signature, received none", "ask for the signed card");
  }
  const message = preAuthenticationEncoding(payloadType, payload);
  const holding = signatures.filter(({ signature }) => verify(null, message, key, signature));
  if (holding.some(({ keyid }) => keyid === keyId)) return;
  if (holding.length > 0) {
    const reason = `expected the key id ${keyId} beside its signature, received ${shownText(String(holding[0]?.keyid), 80)}`;
    throw new Refusal("key-id-wrong", reason, "get the card again from who made it: its envelope was changed");
  }
  if (signatures.every(({ keyid }) => keyid !== null && keyid !== keyId)) {
    const reason = `expected a signature by ${keyId}, received one that names ${shownText(String(signatures[0]?.keyid), 80)}`;
    throw new Refusal("key-unknown", reason, "give the public key of who signed this card, if you trust them");
  }
  throw new Refusal(
    "signature-wrong",
    "expected a signature of this card, received one that does not fit",
    "do not rely on this card: card or signature was changed",
  );
}

function readStatement(payload: Buffer): CardStatement {
  const fix = "ask for a card made by a dashpot of this version";
  let value: unknown;
  try {
    value = parseStrictJson(decodeUtf8(payload, "payload-malformed"));
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal("payload-malformed", `expected JSON in the payload, received ${(error as Error).message}`, fix);
  }
  const parsed = cardStatementSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  const code = issue.path[0] === "predicateType" ? "predicate-type-unknown" : "statement-malformed";
  throw new Refusal(code, `expected a card's statement: ${issue.message} at ${issue.path.join(".") || "the top"}`, fix);
}

async function verifySubjects({ subject }: CardStatement, folder: string) {
  const names = subject.map(({ name }) => name);
  const unsafe = names.find((name) => !SAFE_NAME.test(name));
  if (unsafe !== undefined) {
    const reason = `expected names of files beside the card, received ${shownText(unsafe, 80)}`;
    throw new Refusal("subject-unsafe-name", reason, "do not rely on this card");
  }
  if (new Set(names).size < names.length) {
    throw new Refusal(
      "statement-malformed",
      "expected each subject once, received one twice",
      "do not rely on this card",
    );
  }
  const unlisted = REQUIRED_SUBJECTS.find((name) => !names.includes(name));
  if (unlisted)
    throw new Refusal(
      "subject-unlisted",
      `expected ${unlisted} among the subjects, received none`,
      "do not rely on this card",
    );
  const subjects: string[] = [];
  const absent: string[] = [];
  for (const { name, digest } of subject) {
    const required = REQUIRED_SUBJECTS.some((one) => one === name);
    const found = await verifySubject(join(folder, name), name, digest.sha256, required);
    (found ? subjects : absent).push(name);
  }
  return { subjects, absent };
}

/** False where the file may be absent and is. */
async function verifySubject(path: string, name: string, expected: string, required: boolean): Promise<boolean> {
  let reading: Awaited<ReturnType<typeof readBounded>>;
  try {
    reading = await readBounded(path, MAXIMUM_BYTES);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw unreadable(path, "subject-unreadable", error);
    if (!required) return false;
    throw new Refusal(
      "subject-missing",
      `expected ${name} beside the card, received none`,
      `put the ${name} that came with the card beside it`,
    );
  }
  if (reading.kind === "too-large") throw tooLarge(path);
  if (reading.kind === "not-a-file")
    throw new Refusal("subject-missing", `expected a file ${name}, received none`, `put ${name} beside the card`);
  const received = createHash("sha256").update(reading.bytes).digest("hex");
  if (received === expected) return true;
  const reason = `expected ${name} with SHA-256 ${expected}, received ${received}`;
  throw new Refusal("subject-changed", reason, `do not rely on ${name}: it was changed after signing`);
}

function refuseRevoked(keyId: string, revoked: ReadonlySet<string>): void {
  if (!revoked.has(keyId)) return;
  throw new Refusal(
    "key-revoked",
    `expected a key in force, received revoked key ${keyId}`,
    "ask for the card signed again with a new key",
  );
}

async function revokedIds({ revokedPath, trustDirectory }: VerificationRequest): Promise<Set<string>> {
  const ids = new Set(trustDirectory === undefined ? [] : await revokedIn(trustDirectory));
  if (revokedPath === undefined) return ids;
  const text = decodeUtf8(await readText(revokedPath, "revoked-unreadable"), "revoked-malformed");
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim());
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    // A line that is skipped might be the one that matters.
    if (!/^[0-9a-f]{64}$/i.test(line)) {
      const reason = `expected a key id of 64 hexadecimal digits, received something else in ${revokedPath} line ${index + 1}`;
      throw new Refusal(
        "revoked-malformed",
        reason,
        "give one key id a line, as `dashpot keys export-revoked` writes them",
      );
    }
    ids.add(line.toLowerCase());
  }
  return ids;
}

/** A store that cannot be understood might name this very key. */
async function revokedIn(trustDirectory: string): Promise<string[]> {
  try {
    const { keys } = await readTrust(trustDirectory);
    return keys.filter((key) => key.status === "revoked").map((key) => key.id);
  } catch (error) {
    if (error instanceof DashpotError && error.code === "trust-store-malformed")
      throw new Refusal("trust-store-malformed", error.message, error.fix);
    throw error;
  }
}

async function readText(path: string, code: string): Promise<Buffer> {
  let reading: Awaited<ReturnType<typeof readBounded>>;
  try {
    reading = await readBounded(path, MAXIMUM_BYTES);
  } catch (error) {
    throw unreadable(path, code, error);
  }
  if (reading.kind === "read") return reading.bytes;
  if (reading.kind === "not-a-file") throw unreadable(path, code, { code: "EISDIR" });
  if (code === "key-unreadable") throw unreadable(path, code, { code: "EFBIG" });
  throw tooLarge(path);
}

function decodeUtf8(bytes: Buffer, code: VerificationCode): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(code, "expected UTF-8, received other bytes", "get the file again from who made it");
  }
}

function tooLarge(path: string): Refusal {
  return new Refusal(
    "file-too-large",
    `expected at most 64 MiB, received more at ${path}`,
    "this is no file of a card",
  );
}

function unreadable(path: string, code: string, cause: unknown): DashpotError {
  const message = `expected a file that can be opened, received ${(cause as NodeJS.ErrnoException).code ?? "a failure"} at ${path}`;
  return new DashpotError(code, message, "check the path and its permissions", { exit: 2, cause });
}
