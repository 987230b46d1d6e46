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
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  readAnswers(process.argv[2] as string);
  const [ended, spent] = [performance.now(), process.cpuUsage(cpu)];
  console.log(JSON.stringify({ ms: ended - began, cpuMs: (spent.user + spent.system) / 1000, msOfProcess: ended }));
}
