import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { canonicalJson } from "../kernel/canonical-json.ts";
import { DashpotError, isDashpotError } from "../model/error.ts";
import type { AnyPlan, Journal } from "../model/journal.ts";
import type { AnswerRecord } from "../model/run.ts";
import { parseAnswer, parsePlan } from "./journal-records.ts";
import type { JournalReport, JournalRow } from "./journal-writer.ts";
import { JOURNAL_FILE, prepareDirectory, SQLITE, sqliteCode, takeLock, unwritable } from "./run-directory.ts";

/** "DASH" as SQLite's application id, so that nobody else's database is taken for a journal. */
const APPLICATION_ID = 0x44415348;

/**
 * Opens the journal of a run directory, or begins one (R1, R3). Nobody else can open it until it is closed or its
 * process is dead.
 *
 * `plan` null: resume, the plan is read. Errors: `run-in-use`, `run-missing`, `run-differs`, `directory-not-empty`,
 * `directory-unwritable` (resumable where there are answers), `journal-corrupt`.
 */
export function openJournal<P extends AnyPlan>(directory: string, plan: P): Journal<P>;
export function openJournal(directory: string, plan: AnyPlan | null): Journal;
export function openJournal(directory: string, plan: AnyPlan | null): Journal {
  // Looked for beforehand, since what fails may have begun a journal of its own.
  const begun = hasAnswers(directory);
  try {
    return opened(directory, plan);
  } catch (error) {
    if (!begun || !isDashpotError(error) || error.code !== "directory-unwritable") throw error;
    const fix = `free space or rights there and go on with: dashpot resume ${directory}`;
    throw new DashpotError(error.code, error.message, fix, { exit: 3, cause: error });
  }
}

function opened(directory: string, plan: AnyPlan | null): Journal {
  prepareDirectory(directory, plan === null);
  const lock = takeLock(directory);
  let database: DatabaseSync | null = null;
  try {
    database = openDatabase(directory);
    return new SqliteJournal(directory, database, lock, settlePlan(database, plan, directory));
  } catch (error) {
    database?.close();
    lock.close();
    throw error;
  }
}

/** Whether a journal has answers, without writing as much as a lock; false where that cannot be told. */
function hasAnswers(directory: string): boolean {
  const path = join(directory, JOURNAL_FILE);
  try {
    // What a killed process left in the log is not read, since that would write; there are answers in all likelihood.
    if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) return true;
    const url = pathToFileURL(path);
    url.search = "immutable=1";
    const database = new DatabaseSync(url, { readOnly: true });
    try {
      return database.prepare("SELECT 1 FROM answers LIMIT 1").get() !== undefined;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

type Spent = Omit<ReturnType<Journal["totals"]>, "calls">;

interface Waiting {
  readonly row: JournalRow;
  readonly resolve: () => void;
  readonly reject: (error: DashpotError) => void;
}

/** Reads on its own connection, so that answers need not be held in memory; writes through one thread, batch by batch. */
class SqliteJournal implements Journal {
  readonly plan: AnyPlan;
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #lock: DatabaseSync;
  readonly #select: StatementSync;
  /** Started by the first put: who only reads needs none. */
  #writer: Worker | null = null;
  #gathered: Waiting[] = [];
  #sent: readonly Waiting[] = [];
  #atRest: (() => void) | null = null;
  /** Why nothing can be written any more. */
  #broken: DashpotError | null = null;
  #closing: Promise<void> | null = null;
  #totals: ReturnType<Journal["totals"]>;

  constructor(directory: string, database: DatabaseSync, lock: DatabaseSync, plan: AnyPlan) {
    this.plan = plan;
    this.#directory = directory;
    this.#database = database;
    this.#lock = lock;
    this.#select = prepareSelect(database, directory);
    this.#totals = readTotals(database, directory);
  }

  get(key: string): AnswerRecord | undefined {
    this.#refuseClosed();
    try {
      const row = this.#select.get(key) as { request: string; answer: string } | undefined;
      return row && { key, request: row.request, answer: parseAnswer(JSON.parse(row.answer)) };
    } catch (cause) {
      throw corrupt(this.#directory, `the answer to ${key} cannot be read`, cause);
    }
  }

  put({ key, request, answer }: AnswerRecord, spent: Spent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#refuseClosed();
      if (this.#broken) throw this.#broken;
      const row: JournalRow = [key, request, JSON.stringify(answer), spent.promptTokens, spent.completionTokens];
      this.#gathered.push({ row, resolve, reject });
      if (this.#sent.length === 0) this.#send();
    });
  }

  totals(): ReturnType<Journal["totals"]> {
    return { ...this.#totals };
  }

  count(): number {
    return this.#totals.calls;
  }

  /** Waits until everything put is settled. Answers the same promise however often it is called. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#sent.length > 0) await new Promise<void>((resolve) => (this.#atRest = resolve));
    if (this.#writer && !this.#broken) {
      const exited = new Promise((resolve) => this.#writer?.once("exit", resolve));
      this.#writer.ref();
      this.#writer.postMessage(null);
      await exited;
    }
    this.#database.close();
    this.#lock.close();
  }

  #startWriter(): Worker {
    const module = import.meta.url.endsWith(".ts") ? "./journal-writer.ts" : "./journal-writer.mjs";
    // Without the parent's flags: what a test runner loads for itself is none of the writer's business.
    const options = { workerData: { path: join(this.#directory, JOURNAL_FILE) }, execArgv: [] };
    const writer = new Worker(new URL(module, import.meta.url), options);
    writer.on("message", (report: JournalReport) => this.#settle(report));
    writer.on("error", (error) => this.#break(error.message));
    writer.on("exit", () => this.#break("the writing thread ended"));
    return writer;
  }

  #refuseClosed(): void {
    if (!this.#closing) return;
    throw new DashpotError(
      "journal-closed",
      `expected an open journal, received a closed one, at ${this.#directory}`,
      "report this",
      { exit: 3 },
    );
  }

  /** What gathered while the last batch was on its way goes as one transaction. */
  #send(): void {
    this.#sent = this.#gathered;
    this.#gathered = [];
    this.#writer ??= this.#startWriter();
    this.#writer.ref();
    this.#writer.postMessage(this.#sent.map(({ row }) => row));
  }

  #settle({ failure, repeated }: JournalReport): void {
    const settled = this.#sent;
    this.#sent = [];
    const error = failure && this.#unwritten(failure.message, codeOf(failure.errcode));
    for (const [index, waiting] of settled.entries()) {
      if (error) waiting.reject(error);
      else if (repeated.includes(index)) waiting.reject(this.#repeated(waiting.row[0]));
      else this.#acknowledge(waiting);
    }
    if (this.#gathered.length > 0) this.#send();
    else this.#rest();
  }

  #acknowledge({ row, resolve }: Waiting): void {
    const { calls, promptTokens, completionTokens } = this.#totals;
    this.#totals = {
      calls: calls + 1,
      promptTokens: promptTokens + row[3],
      completionTokens: completionTokens + row[4],
    };
    resolve();
  }

  #break(reason: string): void {
    this.#broken ??= this.#unwritten(reason, "journal-unwritable");
    for (const { reject } of [...this.#sent, ...this.#gathered]) reject(this.#broken);
    this.#sent = [];
    this.#gathered = [];
    this.#rest();
  }

  #rest(): void {
    this.#writer?.unref();
    this.#atRest?.();
  }

  #repeated(key: string): DashpotError {
    const message = `expected one answer to ${key}, received a second one, at ${this.#directory}`;
    return new DashpotError("answer-repeated", message, "report this; the first answer is kept", { exit: 3 });
  }

  #unwritten(reason: string, code: string): DashpotError {
    return new DashpotError(
      code,
      `expected the journal to take an answer, received: ${reason}, at ${this.#directory}`,
      `free space or rights there and go on with: dashpot resume ${this.#directory}`,
      { exit: this.count() === 0 ? 2 : 3 },
    );
  }
}

function codeOf(errcode: number): string {
  const code = errcode & 0xff;
  if (code === SQLITE.full) return "disk-full";
  return code === SQLITE.readOnly ? "disk-read-only" : "journal-unwritable";
}

function openDatabase(directory: string): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(directory, JOURNAL_FILE));
    const ours = isOurs(database, directory);
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000");
    if (!ours) database.exec(`BEGIN; ${SCHEMA}; COMMIT`);
    return database;
  } catch (cause) {
    database?.close();
    if (cause instanceof DashpotError) throw cause;
    const code = sqliteCode(cause);
    if (code !== SQLITE.notADatabase && code !== SQLITE.corrupt) throw unwritable(directory, cause);
    throw corrupt(directory, "it cannot be read", cause);
  }
}

const SCHEMA = `
  PRAGMA application_id=${APPLICATION_ID};
  CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE answers (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, answer TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL
  ) WITHOUT ROWID`;

/** False for a database without any table: one that a process began and died over. */
function isOurs(database: DatabaseSync, directory: string): boolean {
  const id = database.prepare("PRAGMA application_id").get()?.application_id;
  const tables = database.prepare("SELECT COUNT(*) AS n FROM sqlite_schema").get()?.n;
  if (id !== APPLICATION_ID && tables !== 0) throw corrupt(directory, "another program's database", null);
  return tables !== 0;
}

function prepareSelect(database: DatabaseSync, directory: string): StatementSync {
  try {
    return database.prepare("SELECT request, answer FROM answers WHERE key = ?");
  } catch (cause) {
    throw corrupt(directory, "it has no answers of ours", cause);
  }
}

function settlePlan(database: DatabaseSync, plan: AnyPlan | null, directory: string): AnyPlan {
  const stored = readPlan(database, directory);
  if (stored && plan) refuseOther(stored, plan, directory);
  if (stored) return stored;
  if (!plan) {
    const message = `expected the plan of a run, received a journal without one, at ${directory}`;
    throw new DashpotError("run-missing", message, "begin the run anew in another directory");
  }
  const text = canonicalJson(parsePlan(plan));
  try {
    database.prepare("INSERT INTO run VALUES ('plan', ?)").run(text);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
  return plan;
}

function readPlan(database: DatabaseSync, directory: string): AnyPlan | null {
  try {
    const row = database.prepare("SELECT value FROM run WHERE name = 'plan'").get();
    return row ? parsePlan(JSON.parse(row.value as string)) : null;
  } catch (cause) {
    throw corrupt(directory, "its plan cannot be read", cause);
  }
}

function refuseOther(stored: AnyPlan, wanted: AnyPlan, directory: string): void {
  const names = Object.keys({ ...stored, ...wanted }) as (keyof AnyPlan)[];
  const differing = names.filter((name) => canonicalJson(stored[name] ?? null) !== canonicalJson(wanted[name] ?? null));
  if (differing.length === 0) return;
  throw new DashpotError(
    "run-differs",
    `expected the same run as the one in ${directory}, received another ${differing.join(", ")}`,
    `go on with it by: dashpot resume ${directory}, or name another --out`,
  );
}

function readTotals(database: DatabaseSync, directory: string): ReturnType<Journal["totals"]> {
  const sql =
    "SELECT COUNT(*) AS calls, TOTAL(prompt_tokens) AS promptTokens, TOTAL(completion_tokens) AS completionTokens FROM answers";
  try {
    const totals = { ...database.prepare(sql).get() } as unknown as ReturnType<Journal["totals"]>;
    if (Object.values(totals).every((value) => Number.isSafeInteger(value) && value >= 0)) return totals;
  } catch (cause) {
    throw corrupt(directory, "its answers cannot be counted", cause);
  }
  throw corrupt(directory, "its tokens are no counts", null);
}

function corrupt(directory: string, what: string, cause: unknown): DashpotError {
  return new DashpotError(
    "journal-corrupt",
    `expected a journal, received one that is damaged (${what}), at ${join(directory, JOURNAL_FILE)}`,
    "restore the directory from a copy, or begin the run anew in another one",
    { cause },
  );
}
