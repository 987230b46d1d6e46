import { createPublicKey, sign, verify } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keyIdOf } from "./dsse-envelope.ts";
import {
  exportKey,
  exportRevoked,
  newKey,
  readPublicKey,
  readTrust,
  revokeKey,
  rotateKey,
  signingKey,
  trustKey,
} from "./signing-keys.ts";

let directory: string;
const ring = () => ({ directory: join(directory, "keys"), now: "2030-01-02T03:04:05.000Z" });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "dashpot-keys-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

it("C6: a first signing makes a key and says so; the next one uses it", async () => {
  const first = await signingKey(ring());
  const second = await signingKey(ring());
  expect([first.created, second.created]).toEqual([true, false]);
  expect(second.id).toBe(first.id);
  const message = Buffer.from("x");
  expect(verify(null, message, createPublicKey(second.publicKey), sign(null, message, first.privateKey))).toBe(true);
  await expect(newKey(ring())).rejects.toMatchObject({ code: "key-exists", exit: 2 });
});

it("C6: private keys are readable by their owner only and are named in no other file", async () => {
  const { id } = await signingKey(ring());
  const files = await readdir(ring().directory);
  expect(files.sort()).toEqual([`${id.slice(0, 16)}.key.pem`, `${id.slice(0, 16)}.pub.pem`, "trust.json"].sort());
  expect((await stat(join(ring().directory, `${id.slice(0, 16)}.key.pem`))).mode & 0o777).toBe(0o600);
  expect((await stat(ring().directory)).mode & 0o777).toBe(0o700);
  expect(await readFile(join(ring().directory, "trust.json"), "utf8")).not.toContain("PRIVATE");
});

it("C6: rotation retires the old key and keeps it in the trust store", async () => {
  const before = await newKey(ring());
  const { retired, active } = await rotateKey(ring());
  expect(retired).toMatchObject({ id: before.id, status: "retired", retired: ring().now });
  expect((await signingKey(ring())).id).toBe(active.id);
  expect((await readTrust(ring().directory)).keys.map((key) => key.status)).toEqual(["retired", "active"]);
  expect(await exportKey(ring(), before.id.slice(0, 12))).toBe(before.publicKey);
});

it("C6: a revoked key is listed, signs no more and cannot be trusted again", async () => {
  const key = await newKey(ring());
  await revokeKey(ring(), key.id, "leaked");
  expect(await exportRevoked(ring().directory)).toContain(`\n${key.id}\n`);
  await expect(trustKey(ring(), key.publicKey, "again")).rejects.toMatchObject({ code: "key-revoked" });
  await expect(exportKey(ring())).rejects.toMatchObject({ code: "key-not-found" });
  const next = await signingKey(ring());
  expect([next.created, next.id === key.id]).toEqual([true, false]);
});

it("C6: another's public key is trusted once, under its own id", async () => {
  const other = await newKey({ ...ring(), directory: join(directory, "other") });
  const taken = await trustKey(ring(), other.publicKey, "Auditor");
  await trustKey(ring(), other.publicKey, "Auditor");
  expect(taken).toMatchObject({ id: other.id, origin: "imported", status: "active" });
  expect(taken.id).toBe(keyIdOf(createPublicKey(other.publicKey)));
  expect((await readTrust(ring().directory)).keys).toHaveLength(1);
});

it("C6: eight at once make one key", async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, async () => await signingKey(ring())));
  expect(new Set(keys.map((key) => key.id)).size).toBe(1);
  expect(keys.filter((key) => key.created)).toHaveLength(1);
});

it("C6: a lock of a process that is gone is taken over", async () => {
  await newKey(ring());
  await writeFile(join(ring().directory, "trust.lock"), "4194999");
  expect((await signingKey(ring())).created).toBe(false);
});

it("F3: a broken trust store, a private key that does not fit and a file that is no key are coded errors without secrets", async () => {
  const key = await newKey(ring());
  const path = join(ring().directory, `${key.id.slice(0, 16)}.key.pem`);
  const secret = await readFile(path, "utf8");
  await writeFile(path, secret.replace("MC4C", "XXXX"));
  const failure = await signingKey(ring()).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: "signing-key-unreadable" });
  expect(String(failure)).not.toContain(secret.split("\n")[1]);
  expect(() => readPublicKey(secret, "x.pem")).toThrow(expect.objectContaining({ code: "key-unreadable", exit: 2 }));
  await writeFile(join(ring().directory, "trust.json"), '{"schema":"dashpot/trust@1","keys":[],"keys":[]}');
  await expect(readTrust(ring().directory)).rejects.toMatchObject({ code: "trust-store-malformed" });
});
