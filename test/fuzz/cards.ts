import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { verifyCard } from "../../src/adapters/card-verification.ts";
import { keyIdOf, parseEnvelope, STATEMENT_PAYLOAD_TYPE, signEnvelope } from "../../src/adapters/dsse-envelope.ts";
import { exportKey, readPublicKey, readTrust, type TrustStore } from "../../src/adapters/signing-keys.ts";
import { REQUIRED_SUBJECTS } from "../../src/model/card-statement.ts";
import { cardStatement, contentOf, sha256 } from "../fixtures/card-statement.ts";
import { mutatedBytes, mutatedJson, mutatedJsonText, mutatedText, ODD_TEXTS, oddJson } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

/** Made from fixed bytes, so that the same seed makes the same cases. */
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]),
  format: "der",
  type: "pkcs8",
});
const publicKey = createPublicKey(privateKey);
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
const keyId = keyIdOf(publicKey);
const otherPem = generateKeyPairSync("rsa", { modulusLength: 1024 })
  .publicKey.export({ type: "spki", format: "pem" })
  .toString();

const STATEMENT = cardStatement();
const signed = (payload: string) => signEnvelope(STATEMENT_PAYLOAD_TYPE, Buffer.from(payload), privateKey, keyId);
const ENVELOPE = signed(JSON.stringify(STATEMENT));

/** A signature that holds over a statement that may not: what a reader finds behind the signature is foreign too. */
const resigned = mutatedJsonText([STATEMENT]).map(signed);
const envelope = fc.oneof(
  fc.constant(ENVELOPE),
  resigned,
  mutatedJsonText([JSON.parse(ENVELOPE)]),
  mutatedText([ENVELOPE], ["==", "-_", "keyid", '"sig":""', '"payload":']),
);
const keyText = fc.oneof(
  { weight: 4, arbitrary: fc.constant(pem) },
  {
    weight: 1,
    arbitrary: mutatedText(
      [pem, otherPem, privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
      ["-----BEGIN PUBLIC KEY-----", "\r\n"],
    ),
  },
);
const revoked = fc.oneof(
  { weight: 4, arbitrary: fc.constant("# none\n") },
  { weight: 1, arbitrary: mutatedText([`${keyId}\n`, `# note\n${sha256("another")}\r\n`]) },
);

export const envelopes = target({
  name: "envelopes",
  parsers: "`parseEnvelope`",
  input: envelope,
  put: (text) => {
    const reading = parseEnvelope(text);
    return reading.ok ? reading.envelope : { code: reading.code };
  },
});

export const cards = target({
  name: "cards",
  parsers: "`verifyCard`: card, key, revocations, subjects",
  input: fc.record({
    card: fc.oneof(
      { weight: 5, arbitrary: envelope.map((text) => Buffer.from(text)) },
      { weight: 1, arbitrary: mutatedBytes([Buffer.from(ENVELOPE)]) },
    ),
    key: keyText,
    revoked,
    subject: fc.oneof(fc.constant(""), fc.constantFrom(...REQUIRED_SUBJECTS, ...ODD_TEXTS)),
  }),
  put: async ({ card, key, revoked: list, subject }) => {
    const folder = join(processFolder(), "card");
    mkdirSync(folder, { recursive: true });
    const path = (name: string) => join(folder, name);
    for (const name of REQUIRED_SUBJECTS) writeFileSync(path(name), name === subject ? "changed" : contentOf(name));
    writeFileSync(path("card.dsse.json"), card);
    writeFileSync(path("key.pem"), key);
    writeFileSync(path("revoked.txt"), list);
    const answer = await verifyCard({
      envelopePath: path("card.dsse.json"),
      keyPath: path("key.pem"),
      revokedPath: path("revoked.txt"),
    });
    if (answer.ok && (subject !== "" || key !== pem) && REQUIRED_SUBJECTS.some((name) => name === subject))
      throw new Error("expected a changed subject to be refused");
    return answer.ok ? answer.keyId : { code: answer.code };
  },
});

const STORE: TrustStore = {
  schema: "dashpot/trust@1",
  keys: [
    {
      id: keyId,
      status: "active",
      origin: "own",
      name: "mine",
      created: "2026-01-01T00:00:00Z",
      retired: null,
      revoked: null,
      reason: null,
      publicKey: pem,
    },
    {
      id: sha256("another"),
      status: "revoked",
      origin: "imported",
      name: "theirs",
      created: "2026-01-01T00:00:00Z",
      retired: null,
      revoked: "2026-02-01T00:00:00Z",
      reason: "leaked",
      publicKey: pem,
    },
  ],
};

export const trustStores = target({
  name: "trust-stores",
  parsers: "`readTrust`, `exportKey`, `readPublicKey`",
  input: fc.tuple(
    fc.oneof(fc.constant(JSON.stringify(STORE)), mutatedJsonText([STORE], 2), mutatedText([JSON.stringify(STORE)])),
    fc.oneof(fc.constant(pem), mutatedText([pem, otherPem])),
    fc.constantFrom(undefined, keyId, keyId.slice(0, 8), ...ODD_TEXTS),
  ),
  put: async ([store, key, id]) => {
    const folder = join(processFolder(), "keys");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "trust.json"), store);
    await readTrust(folder);
    await exportKey({ directory: folder }, id);
    return readPublicKey(key, "the given key").asymmetricKeyType;
  },
});

export const strictStatements = target({
  name: "signed-statements",
  parsers: "`verifyCard` behind a signature that holds",
  input: fc.oneof(mutatedJson([STATEMENT], 2), oddJson).map((value) => signed(JSON.stringify(value) ?? "")),
  put: async (text) => {
    const folder = join(processFolder(), "card");
    mkdirSync(folder, { recursive: true });
    for (const name of REQUIRED_SUBJECTS) writeFileSync(join(folder, name), contentOf(name));
    writeFileSync(join(folder, "card.dsse.json"), text);
    writeFileSync(join(folder, "key.pem"), pem);
    const answer = await verifyCard({ envelopePath: join(folder, "card.dsse.json"), keyPath: join(folder, "key.pem") });
    return answer.ok ? answer.keyId : { code: answer.code };
  },
});
