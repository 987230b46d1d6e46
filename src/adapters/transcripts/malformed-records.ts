import { DashpotError } from "../../model/error.ts";

/** Malformed records that are told one by one; all are counted. */
const NAMED = 5;

export interface MalformedRecords {
  n: number;
  readonly first: string[];
}

export function countMalformed(records: MalformedRecords, what: string, where: string): void {
  records.n += 1;
  if (records.first.length < NAMED) records.first.push(`${where}: ${what}`);
}

export function transcriptMalformed(what: string, where: string): DashpotError {
  return new DashpotError(
    "transcript-malformed",
    `expected a record that can be coded, received ${what}, at ${where}`,
    "correct it, or give --lenient to skip and count such records",
  );
}
