import { createHash } from "node:crypto";
import { DYADS_FILE, HEADER_FILE, SITUATIONS_FILE } from "./fault.ts";

/** A bank as bytes: `bank.yaml`, `situations.jsonl` and, where there are dyads, `dyads.jsonl`. */
export interface BankFiles {
  readonly header: Uint8Array;
  readonly situations: Uint8Array;
  readonly dyads?: Uint8Array;
}

/** SHA-256, hexadecimal, over the files in this order, each preceded by its name and its length in bytes (I1). */
export function bankHash(files: BankFiles): string {
  const hash = createHash("sha256");
  for (const [name, bytes] of namedFiles(files)) hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  return hash.digest("hex");
}

/** The files that are there, by name, in the order of the hash. */
export function namedFiles({ header, situations, dyads }: BankFiles): [string, Uint8Array][] {
  return [
    [HEADER_FILE, header],
    [SITUATIONS_FILE, situations],
    ...(dyads === undefined ? [] : [[DYADS_FILE, dyads] as [string, Uint8Array]]),
  ];
}
