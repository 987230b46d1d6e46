import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ourBankPath, readSurfaces } from "../src/adapters/bank-files.ts";
import { namedFiles } from "../src/profile/instrument/bank-hash.ts";
import { inspectBank } from "../src/profile/instrument/check-bank.ts";
import { codingSheet } from "../src/profile/instrument/coding-sheet.ts";
import { HEADER_FILE } from "../src/profile/instrument/fault.ts";
import { generateBank } from "../src/profile/instrument/generate.ts";
import { parseBank } from "../src/profile/instrument/parse-bank.ts";

const USE = `node scripts/bank.ts [--seeds N] [--coding-sheet DIR]

Writes our bank's base rendering from its templates into instruments/relational, when it and N generated banks (20)
pass the check. With --coding-sheet it also writes the blind coders' sheets into DIR, and their key into DIR-key.jsonl.
`;

const REPLY_CHUNKS = 8;
const SENTENCE_CHUNKS = 2;
const CODING_SEED = 17;

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

function writeBase(): void {
  const folder = ourBankPath();
  for (const [name, bytes] of namedFiles(generateBank(readSurfaces(), { seed: null }))) {
    if (name !== HEADER_FILE) writeWhole(join(folder, name), bytes);
  }
}

function writeCodingSheet(directory: string): void {
  const { replies, sentences, key } = codingSheet(parseBank(generateBank(readSurfaces(), { seed: null })), CODING_SEED);
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

if (import.meta.main) {
  const options = {
    seeds: { type: "string", default: "20" },
    "coding-sheet": { type: "string" },
    help: { type: "boolean" },
  } as const;
  const { values } = parseArgs({ options });
  const findings = values.help ? [] : bankFindings(Number(values.seeds));
  if (values.help) process.stdout.write(USE);
  else if (findings.length > 0) {
    process.stderr.write(`${findings.join("\n")}\n`);
    process.exitCode = 1;
  } else {
    writeBase();
    if (values["coding-sheet"] !== undefined) writeCodingSheet(values["coding-sheet"]);
    process.stdout.write(`base and ${values.seeds} generated banks pass; instruments/relational is written\n`);
  }
}
