import { join } from "node:path";
import type { Profile } from "../model/profile.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { writeReportFiles } from "./report-files.ts";
import { type SigningKey, signingKey } from "./signing-keys.ts";

export interface OutputRequest {
  readonly profile: Profile;
  readonly directory: string;
  /** Directory of the signing keys; one is made at the first signing. */
  readonly keys: string;
  readonly sign: boolean;
  /** When the run ended; stands in no file that is hashed. */
  readonly at: Date;
}

export interface Output {
  readonly name: string;
  readonly path: string;
}

/** File with the public key of who signed, for convenience: whoever checks a card takes the key from its owner instead. */
export const SIGNER_FILE = "signer.pub.pem";

/** Writes profile, report, picture and card into a run's directory, and signs the card unless told not to (C1 to C4). */
export async function writeOutputs({ profile, directory, keys, sign, at }: OutputRequest): Promise<Output[]> {
  const key: SigningKey | null = sign ? await signingKey({ directory: keys, now: at.toISOString() }) : null;
  const written = await writeReportFiles({ profile, directory, key });
  if (!key) return written;
  const path = join(directory, SIGNER_FILE);
  await writeFileAtomically(path, key.publicKey);
  return [...written, { name: SIGNER_FILE, path }];
}
