import { SCRIPTS } from "../../model/bank.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { DYADS_FILE, type Fault, SITUATIONS_FILE } from "./fault.ts";

/** What our bank must have beyond any bank: 96 situations in 12 domains, decoys, validation cues, dyads (I2, I8, I9, I11). */
export function checkOurs({ situations, dyads }: CheckedBank): Fault[] {
  const domains = new Set(situations.map(({ value }) => value.domain)).size;
  const decoys = situations.filter(({ value }) => value.decoys !== undefined).length;
  const validation = situations.filter(({ value }) => value.validation !== undefined).length;
  const scripts = new Set(dyads.map(({ value }) => value.script)).size;
  return [
    ...wanted(situations.length === 96, "bank-size", "96 situations", situations.length),
    ...wanted(domains === 12, "bank-domains", "12 domains", domains),
    ...wanted(decoys >= 24, "bank-decoys-few", "at least 24 situations with decoys", decoys),
    ...wanted(validation >= 12, "bank-validation-few", "at least 12 situations with validation cues", validation),
    ...wanted(dyads.length >= 24, "bank-dyads-few", "at least 24 dyads", dyads.length, DYADS_FILE),
    ...wanted(
      scripts === SCRIPTS.length,
      "bank-scripts-missing",
      `dyads of all ${SCRIPTS.length} scripts`,
      scripts,
      DYADS_FILE,
    ),
  ];
}

function wanted(holds: boolean, code: string, expected: string, received: number, file = SITUATIONS_FILE): Fault[] {
  if (holds) return [];
  const message = `expected ${expected} in our bank, received ${received}`;
  return [
    {
      severity: "fault",
      code,
      file,
      line: 1,
      field: "",
      message,
      fix: "correct the templates and write the bank anew",
    },
  ];
}
