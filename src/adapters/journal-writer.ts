import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

/** One answer on its way to the disk: key, request hash, answer, prompt tokens, completion tokens. */
export type JournalRow = readonly [string, string, string, number, number];

/** What the writer says of the batch it was given. */
export interface JournalReport {
  /** Null when all rows but the repeated ones are durable, else why none of them is. */
  readonly failure: { readonly errcode: number; readonly message: string } | null;
  /** Places of rows whose key was there before; the first answer stays. */
  readonly repeated: readonly number[];
}

/**
 * The only writer of a journal, on a thread of its own: `synchronous=FULL` waits for the disk, and calls must go on
 * meanwhile. A batch is one transaction; it is reported only after COMMIT.
 */
function serve(): void {
  if (!parentPort) return;
  const port = parentPort;
  const database = new DatabaseSync((workerData as { path: string }).path);
  database.exec("PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000");
  const insert = database.prepare("INSERT INTO answers VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
  port.on("message", (rows: readonly JournalRow[] | null) => {
    if (rows) return port.postMessage(commit(database, insert, rows));
    database.close();
    port.close();
  });
}

function commit(
  database: DatabaseSync,
  insert: ReturnType<DatabaseSync["prepare"]>,
  rows: readonly JournalRow[],
): JournalReport {
  try {
    database.exec("BEGIN IMMEDIATE");
    const repeated = rows.flatMap((row, index) => (insert.run(...row).changes === 0 ? [index] : []));
    database.exec("COMMIT");
    return { failure: null, repeated };
  } catch (error) {
    rollBack(database);
    const { message, errcode } = error as { message: string; errcode?: number };
    return { failure: { errcode: errcode ?? 0, message }, repeated: [] };
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec("ROLLBACK");
  } catch {
    // SQLite has rolled back by itself (full disk, failing disk): the first error is the one to tell.
  }
}

serve();
