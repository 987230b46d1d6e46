import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cardStatement, contentOf, sha256 } from "../../test/fixtures/card-statement.ts";
import { REQUIRED_SUBJECTS } from "../model/card-statement.ts";
import { type VerificationRequest, verifyCard } from "./card-verification.ts";
import {
  keyIdOf,
  parseEnvelope,
  preAuthenticationEncoding,
  STATEMENT_PAYLOAD_TYPE,
  signEnvelope,
} from "./dsse-envelope.ts";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const keyId = keyIdOf(publicKey);

let folder: string;
let request: VerificationRequest;

const statement = (change: Record<string, unknown> = {}) => ({ ...cardStatement(), ...change });
const envelope = (value: unknown, key: KeyObject = privateKey, id = keyId) =>
  signEnvelope(STATEMENT_PAYLOAD_TYPE, Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), key, id);
const verifyText = async (text: string | Uint8Array, more: Partial<VerificationRequest> = {}) => {
  await writeFile(request.envelopePath, text);
  return await verifyCard({ ...request, ...more });
};
const code = async (text: string | Uint8Array, more: Partial<VerificationRequest> = {}) => {
  const answer = await verifyText(text, more);
  return answer.ok ? "ok" : answer.code;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dashpot-card-"));
  request = { envelopePath: join(folder, "card.dsse.json"), keyPath: join(folder, "key.pem") };
  await writeFile(request.keyPath, publicKey.export({ type: "spki", format: "pem" }));
  for (const name of REQUIRED_SUBJECTS) await writeFile(join(folder, name), contentOf(name));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it("C4: the pre-authentication encoding is that of the DSSE protocol's own test vector", () => {
  expect(preAuthenticationEncoding("http://example.com/HelloWorld", Buffer.from("hello world")).toString()).toBe(
    "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
  );
});

it("C5: a card holds where signature and every subject hold", async () => {
  const answer = await verifyText(envelope(statement()));
  expect(answer).toMatchObject({ ok: true, subjects: [...REQUIRED_SUBJECTS], keyId, statement: statement() });
});

it("F6: no byte of the envelope can be changed", async () => {
  const text = envelope(statement());
  const bytes = Buffer.from(text);
  const places = Array.from({ length: 120 }, (_, index) => Math.floor((index * bytes.length) / 120));
  for (const place of [...places, bytes.length - 1]) {
    for (const bit of [1, 32]) {
      const changed = Buffer.from(bytes);
      changed[place] = (changed[place] as number) ^ bit;
      expect(await code(changed), `byte ${place}, bit ${bit}`).not.toBe("ok");
    }
  }
});

it("F6: a changed byte in each subject is named", async () => {
  for (const name of REQUIRED_SUBJECTS) {
    await writeFile(join(folder, name), `content oF ${name}`);
    const answer = await verifyText(envelope(statement()));
    expect(answer).toMatchObject({ ok: false, code: "subject-changed", reason: expect.stringContaining(name) });
    await writeFile(join(folder, name), `content of ${name}`);
  }
});

it("F6: a changed byte in the key is a key that cannot be read or one that did not sign", async () => {
  const pem = Buffer.from(publicKey.export({ type: "spki", format: "pem" }));
  await writeFile(request.keyPath, pem.toString().replaceAll("\n", "\r\n"));
  expect(await code(envelope(statement()))).toBe("ok");
  const text = envelope(statement());
  await writeFile(request.envelopePath, text);
  for (let place = 0; place < pem.length; place += 1) {
    const changed = Buffer.from(pem);
    changed[place] = (changed[place] as number) ^ 1;
    await writeFile(request.keyPath, changed);
    const outcome = await verifyCard(request).then(
      (answer) => (answer.ok ? "ok" : answer.code),
      (error) => `${error.code} ${error.exit}`,
    );
    expect(["key-unreadable 2", "key-unknown"], `byte ${place}`).toContain(outcome);
  }
});

it("C5: what is not an envelope has codes of its own", async () => {
  expect(await code("{")).toBe("envelope-not-json");
  expect(await code(Buffer.from([0xff, 0xfe, 0x7b]))).toBe("envelope-not-json");
  expect(await code('{"payload":"","payload":""}')).toBe("envelope-not-json");
  expect(await code("[]")).toBe("envelope-malformed");
  expect(await code(envelope(statement()).replace('"payload":"', '"payload":"*'))).toBe("envelope-malformed");
  const other = signEnvelope("text/plain", Buffer.from("x"), privateKey, keyId);
  expect(await code(other)).toBe("payload-type-unknown");
});

it("C5: signatures that are absent, wrong, by another key or beside a wrong key id have codes of their own", async () => {
  const parts = JSON.parse(envelope(statement()));
  expect(await code(JSON.stringify({ ...parts, signatures: [] }))).toBe("signature-missing");
  const wrong = sign(null, Buffer.from("other"), privateKey).toString("base64");
  expect(await code(JSON.stringify({ ...parts, signatures: [{ keyid: keyId, sig: wrong }] }))).toBe("signature-wrong");
  const other = generateKeyPairSync("ed25519");
  expect(await code(envelope(statement(), other.privateKey, keyIdOf(other.publicKey)))).toBe("key-unknown");
  expect(await code(envelope(statement(), other.privateKey, keyId))).toBe("signature-wrong");
  expect(await code(envelope(statement(), privateKey, keyIdOf(other.publicKey)))).toBe("key-id-wrong");
});

it("C5: signed payloads that are no card's statement have codes of their own", async () => {
  expect(await code(envelope("{"))).toBe("payload-malformed");
  expect(await code(envelope(`{"_type":1,${JSON.stringify(statement()).slice(1)}`))).toBe("payload-malformed");
  expect(await code(envelope(statement({ predicateType: "https://slsa.dev/provenance/v1" })))).toBe(
    "predicate-type-unknown",
  );
  expect(await code(envelope(statement({ _type: "other" })))).toBe("statement-malformed");
  expect(await code(envelope(statement({ subject: [] })))).toBe("statement-malformed");
  const { subject } = statement();
  expect(await code(envelope(statement({ subject: [...subject, subject[0]] })))).toBe("statement-malformed");
  expect(await code(envelope(statement({ subject: subject.slice(1) })))).toBe("subject-unlisted");
  const outside = { name: "../key.pem", digest: { sha256: sha256("x") } };
  expect(await code(envelope(statement({ subject: [...subject, outside] })))).toBe("subject-unsafe-name");
});

it("C5: a missing subject is refused, and a folder in its place", async () => {
  await rm(join(folder, "card.md"));
  expect(await code(envelope(statement()))).toBe("subject-missing");
  await mkdir(join(folder, "card.md"));
  expect(await code(envelope(statement()))).toBe("subject-missing");
});

it("C5: the report is signed too: a card holds without it, and with another one does not", async () => {
  const text = envelope(
    statement({ subject: [...statement().subject, { name: "report.html", digest: { sha256: sha256("the report") } }] }),
  );
  expect(await verifyText(text)).toMatchObject({ ok: true, absent: ["report.html"] });
  await writeFile(join(folder, "report.html"), "the report");
  expect(await verifyText(text)).toMatchObject({
    ok: true,
    absent: [],
    subjects: expect.arrayContaining(["report.html"]),
  });
  await writeFile(join(folder, "report.html"), "another report");
  expect(await code(text)).toBe("subject-changed");
});

it("F7: an envelope nested deeper than a stack is malformed, and one long string is read", async () => {
  expect(await code("[".repeat(50_000) + "]".repeat(50_000))).toBe("envelope-malformed");
  expect(await code(`{"payload":${'{"a":'.repeat(50_000)}1${"}".repeat(50_001)}`)).toBe("envelope-malformed");
  expect(await code(JSON.stringify({ payload: "A".repeat(2 ** 24), payloadType: "x", signatures: [] }))).toBe(
    "payload-type-unknown",
  );
});

it("C5: an envelope with a space or a line end more is another one", async () => {
  const text = envelope(statement());
  expect(await code(text)).toBe("ok");
  const { payload, payloadType, signatures } = JSON.parse(text) as Record<string, unknown[]>;
  const reordered = JSON.stringify({ signatures, payloadType, payload });
  const another = JSON.stringify({ payload, payloadType, signatures: [...(signatures ?? []), { sig: "AAAA" }] });
  for (const changed of [`${text}\n`, ` ${text}`, text.replace(",", ", "), reordered, another])
    expect(await code(changed)).toBe("envelope-malformed");
});

it("C6: a key that is revoked in the trust store or by a list verifies nothing; a retired one does", async () => {
  const text = envelope(statement());
  const key = {
    id: keyId,
    origin: "own",
    name: "",
    created: "",
    retired: null,
    revoked: null,
    reason: null,
    publicKey: "",
  } as const;
  const trusting = async (status: "retired" | "revoked") => {
    const store = { schema: "dashpot/trust@1", keys: [{ ...key, status }] };
    await writeFile(join(folder, "trust.json"), JSON.stringify(store));
    return await code(text, { trustDirectory: folder });
  };
  expect(await trusting("retired")).toBe("ok");
  expect(await trusting("revoked")).toBe("key-revoked");
  const revokedPath = join(folder, "revoked.txt");
  await writeFile(revokedPath, `# list\r\n${keyId.toUpperCase()} # leaked\n`);
  expect(await code(text, { revokedPath })).toBe("key-revoked");
  await writeFile(revokedPath, `${sha256("another")}\n`);
  expect(await code(text, { revokedPath })).toBe("ok");
  await writeFile(revokedPath, `${keyId.slice(1)}\n`);
  expect(await code(text, { revokedPath })).toBe("revoked-malformed");
});

it("C5: a trust store that can be read and is none verifies nothing, with its own code: it might name this key", async () => {
  const text = envelope(statement());
  expect(await code(text, { trustDirectory: join(folder, "none-there") })).toBe("ok");
  for (const broken of ["", "{", "[]", '{"schema":"dashpot/trust@1","keys":[{"id":"x"}]}']) {
    await writeFile(join(folder, "trust.json"), broken);
    expect(await code(text, { trustDirectory: folder })).toBe("trust-store-malformed");
  }
});

it("C5: exit 2 is for files that cannot be opened and for what is no key", async () => {
  await expect(verifyCard(request)).rejects.toMatchObject({ code: "card-unreadable", exit: 2 });
  const text = envelope(statement());
  await expect(verifyText(text, { keyPath: join(folder, "none") })).rejects.toMatchObject({
    code: "key-unreadable",
    exit: 2,
  });
  await expect(verifyText(text, { revokedPath: join(folder, "none") })).rejects.toMatchObject({
    code: "revoked-unreadable",
    exit: 2,
  });
  const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ type: "spki", format: "pem" });
  await writeFile(request.keyPath, rsa);
  await expect(verifyText(text)).rejects.toMatchObject({ code: "key-unreadable", exit: 2 });
  await writeFile(request.keyPath, privateKey.export({ type: "pkcs8", format: "pem" }));
  await expect(verifyText(text)).rejects.toMatchObject({ code: "key-unreadable", exit: 2 });
});

it("C5: a file beyond 64 MiB is refused without being read whole", async () => {
  expect(await code(Buffer.alloc(64 * 1024 * 1024 + 1, 0x20))).toBe("file-too-large");
});

it("F7: any text gives an envelope or a coded answer", async () => {
  const real = envelope(statement());
  const cut = fc.tuple(fc.nat(real.length), fc.nat(real.length), fc.string({ maxLength: 8 }));
  const changed = cut.map(([from, to, put]) => real.slice(0, from) + put + real.slice(to));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), changed), (text) => {
      const reading = parseEnvelope(text);
      expect(reading.ok || ["envelope-not-json", "envelope-malformed"].includes(reading.code)).toBe(true);
    }),
    { seed: 3, numRuns: 1000 },
  );
});

it("C4: the envelope is one line of compact JSON", async () => {
  await verifyText(envelope(statement()));
  expect(await readFile(request.envelopePath, "utf8")).not.toMatch(/\s/);
});
