import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { openJournal } from "../../src/adapters/journal.ts";
import type { Journal } from "../../src/model/journal.ts";
import type { AnswerRecord } from "../../src/model/run.ts";
import { somePlan } from "../fixtures/run-plan.ts";
import { mutatedJsonText, ODD_TEXTS } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

const usage = { promptTokens: 12, completionTokens: 1 };
const ANSWERS: readonly AnswerRecord["answer"][] = [
  { kind: "score", logProbabilities: [-12.5, -3.25, null], tokens: [4, 2, 0], usage },
  { kind: "chat", text: "B", stop: "stop", letterLogProbabilities: { A: -2.5, B: -0.25 }, usage },
  { kind: "failure", code: "request-refused" },
];
const KEYS = ANSWERS.map((_, index) => `k${index}`);
const PLAN = {
  ...somePlan,
  bank: { path: "/bank", id: "small", version: "1.0.0", hash: "0".repeat(64) },
  vary: ["order" as const],
  baseUrl: "http://localhost:1/v1",
};

/** A journal with three answers, written and closed, and the bytes of its database. */
async function written(): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const directory = join(processFolder(), "written");
  const journal = openJournal(directory, PLAN);
  for (const [index, answer] of ANSWERS.entries())
    await journal.put({ key: KEYS[index] as string, request: "hash", answer }, usage);
  await journal.close();
  const path = join(directory, "journal.sqlite");
  return { path, bytes: await readFile(path) };
}
let once: ReturnType<typeof written> | undefined;
function template(): ReturnType<typeof written> {
  once ??= written();
  return once;
}

/** The place where a damaged journal is put, without what SQLite left of the one before. */
function place(): string {
  const directory = join(processFolder(), "damaged");
  mkdirSync(directory, { recursive: true });
  for (const end of ["-wal", "-shm", "-journal"]) rmSync(join(directory, `journal.sqlite${end}`), { force: true });
  return directory;
}

/** Opens a journal and reads all of it, as a resumed run would. */
async function readAll(directory: string): Promise<void> {
  let journal: Journal | undefined;
  try {
    journal = openJournal(directory, null);
    for (const key of KEYS) journal.get(key);
    journal.totals();
  } finally {
    await journal?.close();
  }
}

const damage = fc.record({
  // Half of the damage near the beginning, where SQLite keeps its header and our plan's page is found.
  at: fc.oneof(fc.nat(120), fc.nat(4096 * 8)),
  put: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }),
    fc.constantFrom(...ODD_TEXTS).map((text) => Buffer.from(text)),
  ),
});

export const journalBytes = target({
  name: "journal-bytes",
  parsers: "`openJournal` and all reads, bytes changed",
  input: fc.record({
    changes: fc.array(damage, { minLength: 1, maxLength: 8 }),
    length: fc.option(fc.nat(4096 * 8), { freq: 4 }),
  }),
  put: async ({ changes, length }) => {
    const bytes = Buffer.from((await template()).bytes);
    for (const { at, put } of changes)
      bytes.set(put.subarray(0, Math.max(0, bytes.length - (at % bytes.length))), at % bytes.length);
    const directory = place();
    writeFileSync(join(directory, "journal.sqlite"), length === null ? bytes : bytes.subarray(0, length));
    await readAll(directory);
  },
});

const cell = fc.oneof(
  fc.constantFrom<number | string | Uint8Array | bigint>(
    0,
    -1,
    1.5,
    1e300,
    2n ** 62n,
    "12",
    "x",
    new Uint8Array([1, 0]),
  ),
  fc.integer(),
);
const row = fc.record({ answer: mutatedJsonText(ANSWERS), prompt: cell, completion: cell, blob: fc.boolean() });

export const journalRows = target({
  name: "journal-rows",
  parsers: "`openJournal` and all reads, plan and answers changed",
  input: fc.record({
    plan: mutatedJsonText([PLAN]),
    rows: fc.array(row, { maxLength: 3 }),
    sane: fc.boolean(),
    drop: fc.constantFrom("", "", "", "run", "answers"),
  }),
  put: async ({ plan, rows, sane, drop }) => {
    const directory = place();
    const path = join(directory, "journal.sqlite");
    copyFileSync((await template()).path, path);
    const database = new DatabaseSync(path);
    // Nothing here needs to last.
    database.exec("PRAGMA synchronous=OFF");
    if (!sane) database.prepare("UPDATE run SET value = ?").run(plan);
    const update = database.prepare(
      "UPDATE answers SET answer = ?, prompt_tokens = ?, completion_tokens = ? WHERE key = ?",
    );
    for (const [index, { answer, prompt, completion, blob }] of rows.entries())
      update.run(blob ? Buffer.from(answer) : answer, prompt, completion, KEYS[index] as string);
    if (drop) database.exec(`DROP TABLE ${drop}`);
    database.close();
    await readAll(directory);
  },
});
