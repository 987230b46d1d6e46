import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { constants } from "node:fs";
import { chmod, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseStrictJson } from "../kernel/strict-json.ts";
import { DashpotError } from "../model/error.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { keyIdOf } from "./dsse-envelope.ts";
import { makeDirectory } from "./make-directory.ts";

const keyId = z.string().regex(/^[0-9a-f]{64}$/);

const trustedKeySchema = z.strictObject({
  id: keyId,
  /** `active`: signs, or is trusted; `retired`: signs no more, its cards stay verifiable; `revoked`: nothing of it verifies. */
  status: z.enum(["active", "retired", "revoked"]),
  /** `own`: the private key was made here; `imported`: somebody else's, trusted by the user. */
  origin: z.enum(["own", "imported"]),
  name: z.string().max(200),
  created: z.string(),
  retired: z.string().nullable(),
  revoked: z.string().nullable(),
  reason: z.string().max(500).nullable(),
  publicKey: z.string(),
});
export type TrustedKey = z.infer<typeof trustedKeySchema>;

export const trustStoreSchema = z.strictObject({
  schema: z.literal("dashpot/trust@1"),
  keys: z.array(trustedKeySchema),
});
export type TrustStore = z.infer<typeof trustStoreSchema>;

/** Where the keys lie, and the time to write down (ISO 8601). */
export interface KeyRing {
  readonly directory: string;
  readonly now: string;
}

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: string;
  /** True where this call made the key, so that the caller can say so. */
  readonly created: boolean;
}

/** `keys new`: makes an active key; refused where there is one already (`key-exists`). */
export async function newKey(ring: KeyRing, name = "this installation"): Promise<TrustedKey> {
  return await locked(ring, async (store) => {
    const active = activeKey(store);
    if (active) {
      throw new DashpotError(
        "key-exists",
        `expected no active key, received ${active.id} in ${ring.directory}`,
        "use `dashpot keys rotate` to replace it, or `dashpot keys revoke` if it has leaked",
      );
    }
    return await addKey(ring, store, name);
  });
}

/** `keys rotate`: a new active key; the old one is retired and its cards stay verifiable (C6). */
export async function rotateKey(
  ring: KeyRing,
): Promise<{ readonly retired: TrustedKey | null; readonly active: TrustedKey }> {
  return await locked(ring, async (store) => {
    const old = activeKey(store);
    const retired = old ? { ...old, status: "retired" as const, retired: ring.now } : null;
    const active = await addKey(ring, retired ? replaced(store, retired) : store, old?.name ?? "this installation");
    if (old) await rm(privatePath(ring, old.id), { force: true });
    return { retired, active };
  });
}

/** `keys revoke`: cards by this key verify no more, for good, so it has to be named. A private key is deleted. */
export async function revokeKey(ring: KeyRing, id: string, reason?: string): Promise<TrustedKey> {
  return await locked(ring, async (store) => {
    const key = findKey(store, id);
    if (!key) throw unknownKey(ring, id);
    if (key.status === "revoked") return key;
    const revoked = { ...key, status: "revoked" as const, revoked: ring.now, reason: reason ?? null };
    await writeStore(ring, replaced(store, revoked));
    await rm(privatePath(ring, key.id), { force: true });
    return revoked;
  });
}

/** `keys export`: the public key as SPKI PEM; without an id the active one. */
export async function exportKey(ring: Pick<KeyRing, "directory">, id?: string): Promise<string> {
  const store = await readTrust(ring.directory);
  const key = id === undefined ? activeKey(store) : findKey(store, id);
  if (!key) throw unknownKey(ring, id);
  return key.publicKey;
}

/** `keys export-revoked`: ids of revoked keys, one a line, as `card verify --revoked` reads them. */
export async function exportRevoked(directory: string): Promise<string> {
  const { keys } = await readTrust(directory);
  const lines = keys.filter((key) => key.status === "revoked").map((key) => key.id);
  return ["# revoked keys: SHA-256 of the public key (SPKI, DER)", ...lines, ""].join("\n");
}

/** `keys trust`: takes somebody else's public key into the store; a revoked key stays revoked (`key-revoked`). */
export async function trustKey(ring: KeyRing, publicPem: string, name: string): Promise<TrustedKey> {
  const publicKey = readPublicKey(publicPem, "the given key");
  return await locked(ring, async (store) => {
    const id = keyIdOf(publicKey);
    const known = store.keys.find((key) => key.id === id);
    if (known?.status === "revoked") {
      throw new DashpotError(
        "key-revoked",
        `expected a key that is not revoked, received ${id}`,
        "ask its owner for a new key",
      );
    }
    if (known) return known;
    const key = entry(publicKey, { name: name.slice(0, 200), origin: "imported", created: ring.now });
    await writeStore(ring, { ...store, keys: [...store.keys, key] });
    return key;
  });
}

/**
 * Whether there is an active key; nothing is made but the folder. Errors: those of signing, which are so found before the
 * first call of a run.
 */
export async function checkSigning(ring: KeyRing): Promise<boolean> {
  return await locked(ring, async (store) => {
    const known = activeKey(store);
    if (known) await readPrivateKey(ring, known);
    return known !== undefined;
  });
}

/** The active private key; makes one where there is none and says so in `created`. */
export async function signingKey(ring: KeyRing): Promise<SigningKey> {
  return await locked(ring, async (store) => {
    const known = activeKey(store);
    const key = known ?? (await addKey(ring, store, "this installation"));
    return {
      id: key.id,
      privateKey: await readPrivateKey(ring, key),
      publicKey: key.publicKey,
      created: known === undefined,
    };
  });
}

/**
 * The trust store; empty where there is none yet. Errors: `trust-store-unreadable` where it cannot be opened,
 * `trust-store-malformed` where it is none.
 */
export async function readTrust(directory: string): Promise<TrustStore> {
  const path = join(directory, "trust.json");
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { schema: "dashpot/trust@1", keys: [] };
    throw brokenStore("trust-store-unreadable", path, error);
  }
  try {
    return trustStoreSchema.parse(parseStrictJson(text));
  } catch (error) {
    throw brokenStore("trust-store-malformed", path, error);
  }
}

/** An Ed25519 public key from SPKI PEM; `key-unreadable` for anything else, a private key included. */
export function readPublicKey(pem: string, where: string): KeyObject {
  const fix = "give the file that `dashpot keys export` wrote: one Ed25519 public key in PEM";
  if (!/^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/.test(pem)) {
    throw new DashpotError(
      "key-unreadable",
      `expected one public key in PEM, received something else in ${where}`,
      fix,
    );
  }
  let key: KeyObject;
  try {
    key = createPublicKey({ key: pem, format: "pem", type: "spki" });
  } catch (cause) {
    throw new DashpotError(
      "key-unreadable",
      `expected one public key in PEM, received bytes that are none in ${where}`,
      fix,
      { cause },
    );
  }
  if (key.asymmetricKeyType !== "ed25519") {
    const message = `expected an Ed25519 key, received ${key.asymmetricKeyType} in ${where}`;
    throw new DashpotError("key-unreadable", message, fix);
  }
  // OpenSSL overlooks stray bits and spaces; a changed byte must be seen (F6).
  if (key.export({ type: "spki", format: "pem" }) === pem.replaceAll("\r\n", "\n").replace(/\n?$/, "\n")) return key;
  throw new DashpotError("key-unreadable", `expected PEM as it was written, received a changed one in ${where}`, fix);
}

function activeKey(store: TrustStore): TrustedKey | undefined {
  return store.keys.find((key) => key.origin === "own" && key.status === "active");
}

/** By id or by a beginning of it of at least eight digits that fits one key only. */
function findKey(store: TrustStore, id: string): TrustedKey | undefined {
  const fitting = store.keys.filter((key) => key.id === id || (id.length >= 8 && key.id.startsWith(id)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

async function addKey(ring: KeyRing, store: TrustStore, name: string): Promise<TrustedKey> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = entry(publicKey, { name, origin: "own", created: ring.now });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  // The private key first: a store that names a key which is not there could not sign.
  await writeFileAtomically(privatePath(ring, key.id), pem, { mode: 0o600 });
  await writeFileAtomically(join(ring.directory, `${key.id.slice(0, 16)}.pub.pem`), key.publicKey);
  await writeStore(ring, { ...store, keys: [...store.keys, key] });
  return key;
}

function entry(
  publicKey: KeyObject,
  { name, origin, created }: Pick<TrustedKey, "name" | "origin" | "created">,
): TrustedKey {
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return {
    id: keyIdOf(publicKey),
    status: "active",
    origin,
    name,
    created,
    retired: null,
    revoked: null,
    reason: null,
    publicKey: pem,
  };
}

function replaced(store: TrustStore, key: TrustedKey): TrustStore {
  return { ...store, keys: store.keys.map((one) => (one.id === key.id ? key : one)) };
}

async function writeStore(ring: KeyRing, store: TrustStore): Promise<void> {
  await writeFileAtomically(join(ring.directory, "trust.json"), `${JSON.stringify(store, null, 2)}\n`);
}

function privatePath(ring: Pick<KeyRing, "directory">, id: string): string {
  return join(ring.directory, `${id.slice(0, 16)}.key.pem`);
}

async function readPrivateKey(ring: KeyRing, key: TrustedKey): Promise<KeyObject> {
  try {
    const privateKey = createPrivateKey(await readFile(privatePath(ring, key.id), "utf8"));
    if (keyIdOf(createPublicKey(privateKey)) === key.id) return privateKey;
  } catch {
    // The cause may quote the file, which is a secret: one error for all of it.
  }
  throw new DashpotError(
    "signing-key-unreadable",
    `expected the private key of ${key.id}, received none that fits in ${ring.directory}`,
    "use `dashpot keys rotate`: a new key signs, old cards stay verifiable",
  );
}

/** One process at a time changes the store; a lock whose process is gone is taken over. */
async function locked<T>(ring: KeyRing, change: (store: TrustStore) => Promise<T>): Promise<T> {
  const lock = join(ring.directory, "trust.lock");
  try {
    makeDirectory(ring.directory, 0o700);
    await chmod(ring.directory, 0o700);
    await takeLock(lock);
  } catch (error) {
    throw unwritable(ring, error);
  }
  try {
    return await change(await readTrust(ring.directory));
  } catch (error) {
    throw unwritable(ring, error);
  } finally {
    await rm(lock, { force: true });
  }
}

/** What the file system refuses as a coded error, all else as it is. */
function unwritable({ directory }: KeyRing, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof DashpotError || syscall === undefined) return error;
  const message = `expected a keys folder that can be written, received ${code} at ${directory}`;
  const fix = "make room there, or set DASHPOT_HOME to a folder of yours";
  return new DashpotError("keys-unwritable", message, fix, { cause: error });
}

const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 50;

async function takeLock(lock: string): Promise<void> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt += 1) {
    try {
      const file = await open(lock, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (attempt > 2 && !(await holderLives(lock))) await rm(lock, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT_MS));
  }
  throw new DashpotError(
    "keys-locked",
    `expected to be alone, received a lock at ${lock}`,
    "wait for the other dashpot, or delete the lock",
  );
}

async function holderLives(lock: string): Promise<boolean> {
  const pid = Number(await readFile(lock, "utf8").catch(() => "0"));
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function unknownKey(ring: Pick<KeyRing, "directory">, id: string | undefined): DashpotError {
  const wanted = id === undefined ? "an active key" : `key ${id.slice(0, 64)}`;
  const fix =
    id === undefined ? "make one with `dashpot keys new`" : "look at `dashpot keys list` for the ids that are there";
  return new DashpotError("key-not-found", `expected ${wanted}, received none in ${ring.directory}`, fix);
}

function brokenStore(code: string, path: string, cause: unknown): DashpotError {
  const message = `expected a trust store, received something else at ${path}`;
  return new DashpotError(code, message, "restore the file from a copy; without it no key is trusted", { cause });
}
