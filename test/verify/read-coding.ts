import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Coding } from "../../src/profile/instrument/coding-agreement.ts";
import { CODES, type KeyLine } from "../../src/profile/instrument/coding-sheet.ts";

const keySchema = z.strictObject({
  n: z.int().min(1),
  kind: z.enum(["reply", "cue", "decoy", "validation"]),
  situation: z.string(),
  label: z.enum(CODES),
  wording: z.int().min(0).max(2).optional(),
  text: z.string(),
});
const codeSchema = z.strictObject({ n: z.int().min(1), label: z.enum(CODES).nullable() });
const coderSchema = z.strictObject({ model: z.string().min(1), family: z.string().min(1) });
const codersSchema = z.strictObject({ "coder-1": coderSchema, "coder-2": coderSchema, competence: coderSchema });
const judgementSchema = z.strictObject({ n: z.int().min(1), could: z.boolean(), reason: z.string().optional() });

/** The raw files of the two blind codings. */
export interface CodingRecord {
  readonly key: readonly KeyLine[];
  readonly codings: readonly [Coding, Coding];
  /** Whether each reply is something a competent person could do there, as one model judged, and why not. */
  readonly competence: readonly z.infer<typeof judgementSchema>[];
  /** Which language models coded; one family is not called independent. */
  readonly coders: z.infer<typeof codersSchema>;
}

const FILES = ["key.jsonl", "coder-1.jsonl", "coder-2.jsonl", "coders.yaml", "competence.jsonl"] as const;

/** Files of the codings that are not there. */
export function missingCodingFiles(folder: string): string[] {
  return FILES.filter((name) => !existsSync(join(folder, name)));
}

/** Reads the codings of a bank. Throws ZodError or Error for a line of another form, and a number coded twice. */
export function readCoding(folder: string): CodingRecord {
  const coding = (name: string): Coding => {
    const codes = lines(join(folder, name)).map((line) => codeSchema.parse(line));
    const twice = codes.find(({ n }, index) => codes.findIndex((other) => other.n === n) !== index);
    if (twice) throw new Error(`expected every number once, received ${twice.n} twice in ${name}`);
    return new Map(codes.flatMap(({ n, label }) => (label === null ? [] : [[n, label] as const])));
  };
  return {
    key: lines(join(folder, "key.jsonl")).map((line) => keySchema.parse(line) as KeyLine),
    codings: [coding("coder-1.jsonl"), coding("coder-2.jsonl")],
    competence: lines(join(folder, "competence.jsonl")).map((line) => judgementSchema.parse(line)),
    coders: codersSchema.parse(parse(readFileSync(join(folder, "coders.yaml"), "utf8"))),
  };
}

function lines(path: string): unknown[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}
