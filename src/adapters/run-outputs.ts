import { join } from "node:path";
import { DashpotError, isDashpotError } from "../model/error.ts";
import type { Profile } from "../model/profile.ts";
import type { StressReport } from "../model/stress-report.ts";
import { writeFileAtomically } from "./atomic-file.ts";
import { outputUnwritable, writeReportFiles } from "./report-files.ts";
import { type SigningKey, signingKey } from "./signing-keys.ts";

export interface OutputRequest {
  readonly profile: Profile;
  readonly directory: string;
  /** Directory of the signing keys; one is made at the first signing. */
  readonly keys: string;
  readonly sign: boolean;
  /** When the run ended; stands in no file that is hashed. */
  readonly at: Date;
  /** A stress run of the same model, for the card to tell of. */
  readonly stress?: StressReport;
}

export interface Output {
  readonly name: string;
  readonly path: string;
}

/** File with the public key of who signed, for convenience: whoever checks a card takes the key from its owner instead. */
export const SIGNER_FILE = "signer.pub.pem";

/**
 * Writes profile, report, picture and card into a run's directory, and signs the card unless told not to (C1 to C4).
 * Errors, all with exit 3, because the journal has everything: `output-unwritable`, and those of the keys.
 */
export async function writeOutputs({ profile, directory, keys, sign, at, stress }: OutputRequest): Promise<Output[]> {
  const key = sign ? await keyToSign(keys, at) : null;
  const written = await writeReportFiles({ profile, directory, key, stress: stress ?? null });
  if (!key) return written;
  const path = join(directory, SIGNER_FILE);
  await writeFileAtomically(path, key.publicKey).catch((cause: unknown) => {
    throw outputUnwritable(directory, cause);
  });
  return [...written, { name: SIGNER_FILE, path }];
}

async function keyToSign(directory: string, at: Date): Promise<SigningKey> {
  try {
    return await signingKey({ directory, now: at.toISOString() });
  } catch (cause) {
    if (!isDashpotError(cause)) throw cause;
    const fix = `${cause.fix}; then go on with: dashpot resume DIR, which can leave the signature out with --no-sign`;
    throw new DashpotError(cause.code, cause.message, fix, { exit: 3, cause });
  }
}
