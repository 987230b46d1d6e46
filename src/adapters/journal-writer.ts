import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

/** One answer on its way to the disk: key, request hash, answer, prompt tokens, completion tokens. */
export type JournalRow = readonly [string, string, string, number, number];

/** What the writer says of a batch: null when it is durable, else the failure of all of it. */
export type JournalReport = { readonly batch: number; readonly failure: { readonly code: string; readonly message: string } | null };

/**
 * The only writer of a journal, on a thread of its own: `synchronous=FULL` waits for the disk, and calls must go on
 * meanwhile. A batch is one transaction; it is reported only after COMMIT.
 */
function serve(): void {
  if (!parentPort) return;
  const port = parentPort;
  const database = new DatabaseSync((workerData as { path: string }).path);
  database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000");
  const insert = database.prepare("INSERT INTO answers VALUES (?, ?, ?, ?, ?)");
  port.on("message", (message: { batch: number; rows: readonly JournalRow[] } | null) => {
    if (message === null) {
      database.close();
      port.close();
      return;
    }
    port.postMessage({ batch: message.batch, failure: commit(database, insert, message.rows) } satisfies JournalReport);
  });
}

function commit(
  database: DatabaseSync,
  insert: ReturnType<DatabaseSync["prepare"]>,
  rows: readonly JournalRow[],
): JournalReport["failure"] {
  try {
    database.exec("BEGIN IMMEDIATE");
    for (const row of rows) insert.run(...row);
    database.exec("COMMIT");
    return null;
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    const { message, errcode } = error as { message: string; errcode?: number };
    return { code: codeOf(errcode), message };
  }
}

/** SQLite's result codes: 8 READONLY, 10 IOERR, 13 FULL, 19 CONSTRAINT; extended codes keep them in the low byte. */
function codeOf(errcode: number | undefined): string {
  const code = (errcode ?? 0) & 0xff;
  if (code === 13) return "disk-full";
  if (code === 8) return "disk-read-only";
  if (code === 19) return "answer-repeated";
  return "journal-unwritable";
}

serve();
