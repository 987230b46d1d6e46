import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ourBankPath, readSurfaces } from "../src/adapters/bank-files.ts";
import { DashpotError } from "../src/model/error.ts";
import { type BankFiles, bankHash, namedFiles } from "../src/profile/instrument/bank-hash.ts";
import { inspectBank } from "../src/profile/instrument/check-bank.ts";
import { CODING_SEED, codingSheet } from "../src/profile/instrument/coding-sheet.ts";
import { HEADER_FILE } from "../src/profile/instrument/fault.ts";
import { generateBank } from "../src/profile/instrument/generate.ts";
import { parseBank } from "../src/profile/instrument/parse-bank.ts";

const USE = `node scripts/bank.ts [--seeds N] [--coding-sheet DIR] [--freeze]

Writes our bank's base rendering from its templates into instruments/relational, when it and N generated banks (20)
pass the check. With --coding-sheet it also writes the blind coders' sheets into DIR, and their key into DIR-key.jsonl.
With --freeze it records the bank's hash; a frozen bank is never written with other texts again.
`;

const FROZEN_FILE = "FROZEN";
const REPLY_CHUNKS = 8;
const SENTENCE_CHUNKS = 2;

/** Findings of the base rendering and of so many generated banks, as lines. */
export function bankFindings(seeds: number): string[] {
  const surfaces = readSurfaces();
  const findings = [null, ...Array.from({ length: seeds }, (_, index) => index + 1)].flatMap((seed) => {
    const files = generateBank(surfaces, { seed });
    const ids = parseBank(files).situations.map(({ id }) => id);
    const which = seed === null ? "base" : `seed ${seed}`;
    const faults = inspectBank(files, { ours: true });
    return [
      ...faults.map(
        ({ line, field, code, message }) => `${which}, ${ids[line - 1] ?? "bank"}, ${field}: ${code}: ${message}`,
      ),
      ...wrongArticles(files.situations).map((found) => `${which}: article: ${found}`),
    ];
  });
  return findings;
}

/** "a" before a vowel's letter and "an" before a consonant's, but for the words where letter and sound differ. */
function wrongArticles(bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  const before = /\ba (?!(?:one|once|uni|use|usual|eu)\w*)[aeiou]\w*|\ban (?!(?:hour|honest|heir)\w*)[^aeiou\W]\w*/gi;
  return [...text.matchAll(before)].map(([found]) => found);
}

/** Errors: `bank-frozen` where the texts are not those that were frozen. */
function writeBase(files: BankFiles): void {
  const folder = ourBankPath();
  const frozen = frozenHash(folder);
  if (frozen !== undefined && frozen !== bankHash(files)) {
    const message = `expected the frozen bank ${frozen}, received templates that give ${bankHash(files)}`;
    throw new DashpotError(
      "bank-frozen",
      message,
      "take the change of the templates back, or begin a bank of another version",
    );
  }
  for (const [name, bytes] of namedFiles(files)) if (name !== HEADER_FILE) writeWhole(join(folder, name), bytes);
}

function frozenHash(folder: string): string | undefined {
  const path = join(folder, FROZEN_FILE);
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}

function writeCodingSheet(directory: string, files: BankFiles): void {
  const { replies, sentences, key } = codingSheet(parseBank(files), CODING_SEED);
  mkdirSync(directory, { recursive: true });
  writeChunks(directory, "replies", replies, REPLY_CHUNKS);
  writeChunks(directory, "sentences", sentences, SENTENCE_CHUNKS);
  writeWhole(`${directory.replace(/\/+$/, "")}-key.jsonl`, jsonLines(key));
}

function writeChunks(directory: string, name: string, lines: readonly object[], chunks: number): void {
  const size = Math.ceil(lines.length / chunks);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    writeWhole(join(directory, `${name}-${chunk + 1}.jsonl`), jsonLines(lines.slice(chunk * size, (chunk + 1) * size)));
  }
}

function jsonLines(records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.tmp`, content, { flush: true });
  renameSync(`${path}.tmp`, path);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "20" },
      "coding-sheet": { type: "string" },
      freeze: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return void process.stdout.write(USE);
  const findings = bankFindings(Number(values.seeds));
  if (findings.length > 0) {
    process.stderr.write(`${findings.join("\n")}\n`);
    process.exitCode = 1;
    return;
  }
  const files = generateBank(readSurfaces(), { seed: null });
  writeBase(files);
  if (values["coding-sheet"] !== undefined) writeCodingSheet(values["coding-sheet"], files);
  if (values.freeze) writeWhole(join(ourBankPath(), FROZEN_FILE), `${bankHash(files)}\n`);
  process.stdout.write(
    `base ${bankHash(files)} and ${values.seeds} generated banks pass; instruments/relational is written\n`,
  );
}

if (import.meta.main) main();
