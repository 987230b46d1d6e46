import { DashpotError } from "../model/error.ts";
import type { OutcomeRow } from "../profile/predict/table-outcomes.ts";
import { type NamedRow, rowsWith } from "./named-columns.ts";

const NEEDED = ["model", "outcome", "successes", "n", "source"] as const;

/** Published rates, one a row (P13). Errors, with file and line: `outcomes-unreadable`, and those of `rowsWith`. */
export async function readOutcomeTable(path: string): Promise<OutcomeRow[]> {
  const rows: OutcomeRow[] = [];
  for await (const row of rowsWith(path, NEEDED)) rows.push(outcomeOf(row, path));
  if (rows.length === 0) throw unreadable("rows below the header", "none", `${path}:1`);
  return rows;
}

function outcomeOf({ line, field }: NamedRow, path: string): OutcomeRow {
  const where = `${path}:${line}`;
  const empty = NEEDED.find((name) => field(name) === "");
  if (empty) throw unreadable(`a ${empty}`, "an empty field", where);
  const [successes, n] = [countOf(field("successes"), "successes", where), countOf(field("n"), "n", where)];
  if (n === 0) throw unreadable("an n of at least 1", "0", where);
  if (successes > n) throw unreadable(`at most ${n} successes of ${n}`, String(successes), where);
  return { model: field("model"), outcome: field("outcome"), successes, n, source: field("source"), line };
}

function countOf(text: string, name: string, where: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw unreadable(`a whole number of ${name}`, JSON.stringify(text.slice(0, 40)), where);
}

function unreadable(expected: string, received: string, where: string): DashpotError {
  return new DashpotError(
    "outcomes-unreadable",
    `expected ${expected}, received ${received}, at ${where}`,
    "write counts, not shares: successes are the answers that were severe, n all that were counted",
  );
}
