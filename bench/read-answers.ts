import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Reads every answer of a run's journal and parses it as JSON, and nothing else; gives their number. */
export function readAnswers(directory: string): number {
  const database = new DatabaseSync(join(directory, "journal.sqlite"), { readOnly: true });
  try {
    let answers = 0;
    for (const { answer } of database.prepare("SELECT answer FROM answers").iterate()) {
      if (typeof JSON.parse(answer as string) === "object") answers += 1;
    }
    return answers;
  } finally {
    database.close();
  }
}

if (import.meta.main) {
  const began = performance.now();
  const answers = readAnswers(process.argv[2] as string);
  const ended = performance.now();
  console.log(JSON.stringify({ answers, ms: ended - began, msOfProcess: ended }));
}
