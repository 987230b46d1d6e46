import { createHash, type KeyObject, sign } from "node:crypto";
import { z } from "zod";
import { parseStrictJson } from "../kernel/strict-json.ts";

export const STATEMENT_PAYLOAD_TYPE = "application/vnd.in-toto+json";

/** A Dead Simple Signing Envelope (github.com/secure-systems-lab/dsse, protocol 1), its bytes decoded. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signatures: readonly { readonly keyid: string | null; readonly signature: Buffer }[];
}

export type EnvelopeReading =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly code: "envelope-not-json" | "envelope-malformed"; readonly reason: string };

const envelopeSchema = z.strictObject({
  payloadType: z.string().max(200),
  payload: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string().max(200).optional(), sig: z.string().max(1000) })).max(1),
});

/**
 * Reads an envelope from text; pure, never throws. JSON must be compact and base64 canonical, so that
 * no byte is without meaning.
 */
export function parseEnvelope(text: string): EnvelopeReading {
  let value: unknown;
  try {
    value = parseStrictJson(text);
  } catch (error) {
    return { ok: false, code: "envelope-not-json", reason: `expected JSON, received ${(error as Error).message}` };
  }
  const parsed = envelopeSchema.safeParse(value);
  if (!parsed.success) return malformed(describe(parsed.error));
  if (textOf(parsed.data) !== text) return malformed("expected the envelope as it was signed, byte for byte");
  const payload = decodeBase64(parsed.data.payload);
  if (!payload) return malformed("expected payload in canonical base64");
  const signatures = parsed.data.signatures.map(({ keyid, sig }) => ({
    keyid: keyid ?? null,
    signature: decodeBase64(sig),
  }));
  if (!signatures.every(isDecoded)) return malformed("expected every sig in canonical base64");
  return { ok: true, envelope: { payloadType: parsed.data.payloadType, payload, signatures } };
}

/** Signs a payload with an Ed25519 private key; every byte of the text counts. */
export function signEnvelope(payloadType: string, payload: Uint8Array, key: KeyObject, keyid: string): string {
  const sig = sign(null, preAuthenticationEncoding(payloadType, payload), key).toString("base64");
  const encoded = Buffer.from(payload).toString("base64");
  return textOf({ payload: encoded, payloadType, signatures: [{ keyid, sig }] });
}

/** Compact, without a line end, members in one order: of an envelope there is one text. */
function textOf({ payload, payloadType, signatures }: z.infer<typeof envelopeSchema>): string {
  return JSON.stringify({ payload, payloadType, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) });
}

/** DSSE's PAE: `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`, lengths in bytes. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, "utf8");
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

/** SHA-256 of the key's SubjectPublicKeyInfo in DER, hexadecimal. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
}

function malformed(reason: string): EnvelopeReading {
  return { ok: false, code: "envelope-malformed", reason };
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0];
  return `expected a DSSE envelope: ${issue?.message ?? "malformed"} at ${issue?.path.join(".") || "the top"}`;
}

/** Standard base64 only, though DSSE allows the URL-safe one: with both, two texts could carry one signature. */
function decodeBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

function isDecoded(one: {
  keyid: string | null;
  signature: Buffer | null;
}): one is { keyid: string | null; signature: Buffer } {
  return one.signature !== null;
}
