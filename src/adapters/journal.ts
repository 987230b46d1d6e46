import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { DashpotError } from "../model/error.ts";
import type { Journal } from "../model/journal.ts";
import { type AnswerRecord, FORMATS, type RunPlan, SETS, VARIATIONS } from "../model/run.ts";
import type { JournalReport, JournalRow } from "./journal-writer.ts";

const FILE = "journal.sqlite";
const LOCK = "journal.lock";

const usageSchema = z.object({ promptTokens: z.number(), completionTokens: z.number() });
const answerSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("score"),
    logProbabilities: z.array(z.number().nullable()),
    tokens: z.array(z.number()),
    usage: usageSchema,
  }),
  z.object({
    kind: z.literal("chat"),
    text: z.string(),
    stop: z.enum(["stop", "length", "refusal", "filtered", "other"]),
    letterLogProbabilities: z.record(z.string(), z.number()).optional(),
    usage: usageSchema,
  }),
  z.object({ kind: z.literal("failure"), code: z.string() }),
]);

const planSchema = z.object({
  schema: z.literal("dashpot/run@1"),
  dashpot: z.string(),
  model: z.string(),
  baseUrl: z.string().optional(),
  format: z.enum(FORMATS).extract(["score", "choice"]),
  formatReason: z.string(),
  acts: z.boolean(),
  self: z.boolean(),
  agreement: z.boolean(),
  set: z.enum(SETS),
  bank: z.object({ path: z.string(), id: z.string(), version: z.string(), hash: z.string() }),
  seed: z.number(),
  samples: z.number(),
  temperature: z.number(),
  vary: z.array(z.enum(VARIATIONS)),
});

/**
 * Opens the journal of a run directory, or begins one (R1, R3).
 *
 * `plan` null: resume, the plan is read. Errors: `run-in-use`, `run-missing`, `run-differs`, `directory-not-empty`,
 * `directory-unwritable`, `journal-corrupt`.
 */
export function openJournal(directory: string, plan: RunPlan | null): Journal {
  prepareDirectory(directory, plan);
  const lock = takeLock(directory);
  try {
    const database = openDatabase(directory);
    return new SqliteJournal(directory, database, lock, settlePlan(database, plan, directory));
  } catch (error) {
    lock.close();
    throw error;
  }
}

interface Waiting {
  readonly row: JournalRow;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class SqliteJournal implements Journal {
  readonly plan: RunPlan;
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #lock: DatabaseSync;
  readonly #select: ReturnType<DatabaseSync["prepare"]>;
  readonly #writer: Worker;
  readonly #pending = new Map<number, readonly Waiting[]>();
  #gathered: Waiting[] = [];
  #batch = 0;
  #busy = false;
  #closed = false;
  #totals: { calls: number; promptTokens: number; completionTokens: number };

  constructor(directory: string, database: DatabaseSync, lock: DatabaseSync, plan: RunPlan) {
    this.plan = plan;
    this.#directory = directory;
    this.#database = database;
    this.#lock = lock;
    this.#select = database.prepare("SELECT request, answer FROM answers WHERE key = ?");
    this.#totals = readTotals(database);
    const module = import.meta.url.endsWith(".ts") ? "./journal-writer.ts" : "./journal-writer.mjs";
    this.#writer = new Worker(new URL(module, import.meta.url), { workerData: { path: join(directory, FILE) } });
    this.#writer.on("message", (report: JournalReport) => this.#settle(report));
    this.#writer.on("error", (error) => this.#fail(error));
    this.#writer.unref();
  }

  get(key: string): AnswerRecord | undefined {
    const row = this.#select.get(key) as { request: string; answer: string } | undefined;
    if (!row) return undefined;
    return { key, request: row.request, answer: parseAnswer(row.answer, key, this.#directory) };
  }

  put(record: AnswerRecord, spent: { promptTokens: number; completionTokens: number }): Promise<void> {
    if (this.#closed) return Promise.reject(new DashpotError("journal-closed", "expected an open journal, received a closed one", "report this", { exit: 3 }));
    return new Promise((resolve, reject) => {
      const row: JournalRow = [record.key, record.request, JSON.stringify(record.answer), spent.promptTokens, spent.completionTokens];
      this.#gathered.push({ row, resolve, reject });
      if (!this.#busy) this.#send();
    });
  }

  totals(): { calls: number; promptTokens: number; completionTokens: number } {
    return { ...this.#totals };
  }

  count(): number {
    return this.#totals.calls;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    while (this.#busy || this.#gathered.length > 0) await new Promise((resolve) => setImmediate(resolve));
    this.#closed = true;
    const exited = new Promise((resolve) => this.#writer.once("exit", resolve));
    this.#writer.ref();
    this.#writer.postMessage(null);
    await exited;
    this.#database.close();
    this.#lock.close();
  }

  /** What gathered while the last batch was on its way goes as one transaction. */
  #send(): void {
    const batch = this.#gathered;
    this.#gathered = [];
    this.#busy = true;
    this.#writer.ref();
    this.#batch += 1;
    this.#pending.set(this.#batch, batch);
    this.#writer.postMessage({ batch: this.#batch, rows: batch.map(({ row }) => row) });
    for (const { row } of batch) this.#count(row, 1);
  }

  #settle({ batch, failure }: JournalReport): void {
    const waiting = this.#pending.get(batch) ?? [];
    this.#pending.delete(batch);
    this.#busy = false;
    this.#writer.unref();
    const error = failure ? writeError(failure, this.#directory) : null;
    for (const { row, resolve, reject } of waiting) {
      if (!error) resolve();
      else {
        this.#count(row, -1);
        reject(error);
      }
    }
    if (this.#gathered.length > 0) this.#send();
  }

  #fail(error: Error): void {
    const failure = writeError({ code: "journal-unwritable", message: error.message }, this.#directory);
    for (const { reject } of [...this.#pending.values()].flat()) reject(failure);
    for (const { reject } of this.#gathered) reject(failure);
    this.#pending.clear();
    this.#gathered = [];
    this.#busy = false;
  }

  #count(row: JournalRow, sign: 1 | -1): void {
    this.#totals.calls += sign;
    this.#totals.promptTokens += sign * row[3];
    this.#totals.completionTokens += sign * row[4];
  }
}

function prepareDirectory(directory: string, plan: RunPlan | null): void {
  const there = existsSync(directory);
  if (there && !statSync(directory).isDirectory()) {
    throw new DashpotError("directory-unwritable", `expected a directory, received a file, at ${directory}`, "name another --out");
  }
  const known = there && existsSync(join(directory, FILE));
  if (!known && plan === null) {
    throw new DashpotError("run-missing", `expected the directory of a run, received ${there ? "one without a journal" : "nothing"}, at ${directory}`, "name the --out of the run to go on with");
  }
  if (!known && there && readdirSync(directory).length > 0) {
    throw new DashpotError("directory-not-empty", `expected an empty or new directory, received one with other files, at ${directory}`, "name another --out");
  }
  try {
    mkdirSync(directory, { recursive: true });
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

/** The operating system holds this lock for the process and drops it when the process dies, however it dies. */
function takeLock(directory: string): DatabaseSync {
  let lock: DatabaseSync;
  try {
    lock = new DatabaseSync(join(directory, LOCK));
  } catch (cause) {
    throw unwritable(directory, cause);
  }
  try {
    lock.exec("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE");
    return lock;
  } catch (cause) {
    lock.close();
    if (((cause as { errcode?: number }).errcode ?? 0) % 256 !== 5) throw unwritable(directory, cause);
    throw new DashpotError("run-in-use", `expected a run that nobody works on, received one that another process holds, at ${directory}`, "wait for it, or stop it, and try again", { cause });
  }
}

function openDatabase(directory: string): DatabaseSync {
  const path = join(directory, FILE);
  try {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000");
    database.exec("CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    database.exec(
      "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, request TEXT NOT NULL, answer TEXT NOT NULL, prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL) WITHOUT ROWID",
    );
    return database;
  } catch (cause) {
    const code = ((cause as { errcode?: number }).errcode ?? 0) % 256;
    if (code !== 26 && code !== 11) throw unwritable(directory, cause);
    throw corrupt(path, "it is no journal of ours", cause);
  }
}

function settlePlan(database: DatabaseSync, plan: RunPlan | null, directory: string): RunPlan {
  const row = database.prepare("SELECT value FROM run WHERE name = 'plan'").get() as { value: string } | undefined;
  if (row) {
    const stored = parsePlan(row.value, directory);
    if (plan) refuseOther(stored, plan, directory);
    return stored;
  }
  if (!plan) throw new DashpotError("run-missing", `expected the plan of a run, received a journal without one, at ${directory}`, "begin the run anew in another directory");
  try {
    database.prepare("INSERT INTO run VALUES ('plan', ?)").run(canonicalJson(plan));
  } catch (cause) {
    throw unwritable(directory, cause);
  }
  return plan;
}

function parsePlan(text: string, directory: string): RunPlan {
  try {
    return planSchema.parse(JSON.parse(text)) as RunPlan;
  } catch (cause) {
    throw corrupt(join(directory, FILE), "its plan cannot be read", cause);
  }
}

function refuseOther(stored: RunPlan, wanted: RunPlan, directory: string): void {
  const names = Object.keys({ ...stored, ...wanted }) as (keyof RunPlan)[];
  const differing = names.filter((name) => canonicalJson(stored[name] ?? null) !== canonicalJson(wanted[name] ?? null));
  if (differing.length === 0) return;
  throw new DashpotError(
    "run-differs",
    `expected the same run as the one in ${directory}, received another ${differing.join(", ")}`,
    `go on with it by: dashpot resume ${directory}, or name another --out`,
  );
}

function parseAnswer(text: string, key: string, directory: string): AnswerRecord["answer"] {
  try {
    return answerSchema.parse(JSON.parse(text)) as AnswerRecord["answer"];
  } catch (cause) {
    throw corrupt(join(directory, FILE), `the answer to ${key} cannot be read`, cause);
  }
}

function readTotals(database: DatabaseSync): { calls: number; promptTokens: number; completionTokens: number } {
  const sql =
    "SELECT COUNT(*) AS calls, COALESCE(SUM(prompt_tokens), 0) AS promptTokens, COALESCE(SUM(completion_tokens), 0) AS completionTokens FROM answers";
  const { calls, promptTokens, completionTokens } = database.prepare(sql).get() as Record<string, number>;
  return { calls: calls as number, promptTokens: promptTokens as number, completionTokens: completionTokens as number };
}

function corrupt(path: string, what: string, cause: unknown): DashpotError {
  return new DashpotError("journal-corrupt", `expected a journal, received one that is damaged (${what}), at ${path}`, "restore the directory from a copy, or begin the run anew in another one", { exit: 3, cause });
}

function unwritable(directory: string, cause: unknown): DashpotError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DashpotError("directory-unwritable", `expected a directory that can be written, received: ${reason}, at ${directory}`, "free space or rights there, or name another --out", { cause });
}

function writeError(failure: { code: string; message: string }, directory: string): DashpotError {
  return new DashpotError(
    failure.code,
    `expected the journal to take an answer, received: ${failure.message}, at ${directory}`,
    `free space or rights there and go on with: dashpot resume ${directory}`,
    { exit: 3 },
  );
}
