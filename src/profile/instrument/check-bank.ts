import type { Bank, BankHeader } from "../../model/bank.ts";
import type { BankFiles } from "./bank-hash.ts";
import { checkBalance } from "./check-balance.ts";
import { checkDecoys } from "./check-decoys.ts";
import { checkLengths } from "./check-lengths.ts";
import { checkOurs } from "./check-ours.ts";
import { checkOverlap } from "./check-overlap.ts";
import { checkPoliteness } from "./check-politeness.ts";
import { checkRepeats } from "./check-repeats.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, SITUATIONS_FILE } from "./fault.ts";
import { parseBankParts } from "./parse-bank.ts";

/**
 * Faults and warnings of a bank (I10); with `ours` also what only our bank must have (I2, I8, I9, I11).
 *
 * What needs function words or a lexicon is not done for a language that has none here, and a warning says so.
 */
export function checkBank(bank: Bank, options: { readonly ours: boolean }): Fault[] {
  return checkAll({ language: bank.header.language, ...numbered(bank) }, options);
}

/**
 * As checkBank, from the files' bytes: faults of single records come first, and the sound records are checked still.
 * Throws as parseBankParts, where a file cannot be read at all.
 */
export function inspectBank(files: BankFiles, options: { readonly ours: boolean }): Fault[] {
  const { header, situations, dyads, faults } = parseBankParts(files);
  const bank = { language: languageOf(header), situations, dyads };
  const found = [...faults, ...checkRecords(bank, options)];
  // Of a bank that lacks the records which could not be read, sizes and means say nothing.
  const unread = faults.find(({ file, code }) => file === SITUATIONS_FILE && !READ.has(code));
  return unread ? [...found, uncounted(unread)] : [...found, ...checkWhole(bank, options)];
}

function checkAll(bank: CheckedBank, options: { readonly ours: boolean }): Fault[] {
  return [...checkRecords(bank, options), ...checkWhole(bank, options)];
}

/** What each record must keep to. */
function checkRecords(bank: CheckedBank, { ours }: { readonly ours: boolean }): Fault[] {
  return [
    ...checkRepeats(bank),
    ...checkLengths(bank),
    ...checkOverlap(bank),
    ...checkDecoys(bank, ours ? "fault" : "warning"),
  ];
}

/** What only the whole bank can keep to. */
function checkWhole(bank: CheckedBank, { ours }: { readonly ours: boolean }): Fault[] {
  return [...checkBalance(bank), ...checkPoliteness(bank), ...(ours ? checkOurs(bank) : [])];
}

/** Faults of records that were read all the same. */
const READ: ReadonlySet<string> = new Set(["bank-id-duplicated", "bank-empty"]);

function uncounted({ file, line }: Fault): Fault {
  return {
    severity: "warning",
    code: "bank-balance-not-checked",
    file,
    line,
    field: "",
    message:
      "expected every record to be readable, received one that is not: balance, politeness and what only our bank must have were not checked",
    fix: "correct the faults above and check again",
  };
}

/** Blank lines stand at most at the end of a file that was parsed, so a record's line is its place. */
function numbered({ situations, dyads }: Bank): Pick<CheckedBank, "situations" | "dyads"> {
  const place = <T>(value: T, index: number) => ({ line: index + 1, value });
  return { situations: situations.map(place), dyads: dyads.map(place) };
}

/** A bank whose header is faulty is still checked, as one in a language that is not known here. */
function languageOf(header: BankHeader | undefined): string {
  return header?.language ?? "und";
}
