import { type CsvRow, columnMissing, csvRows } from "../csv-rows.ts";
import type { Transcribed } from "./transcript.ts";

type Row = Readonly<Record<string, string>>;

/** Texts of a CSV table: `unit,text` and optionally `context`. Errors: `column-missing`, and those of `csvRows`. */
export async function* textTable(path: string): AsyncGenerator<Transcribed> {
  yield* table(path, ["unit", "text"], ({ unit = "", text = "", context = "" }) => {
    if (unit.trim() === "") return "an empty unit";
    if (text.trim() === "") return "an empty text";
    return { kind: "text", unit: { unit: unit.trim(), text, ...(context.trim() === "" ? {} : { context }) } };
  });
}

/** Acts of a CSV table: `dyad,time,actor,towards,act`. Errors: `column-missing`, and those of `csvRows`. */
export async function* actTable(path: string): AsyncGenerator<Transcribed> {
  const needed = ["dyad", "time", "actor", "towards", "act"] as const;
  yield* table(path, needed, (row) => {
    const empty = needed.slice(0, 4).find((name) => (row[name] ?? "").trim() === "");
    if (empty) return `an empty ${empty}`;
    const time = Number(row.time);
    if (!Number.isFinite(time)) return `${JSON.stringify(row.time)} as time`;
    const [dyad, actor, towards] = [row.dyad, row.actor, row.towards].map((field) => (field as string).trim());
    if (actor === towards) return `${actor} towards itself`;
    const parties = { dyad: dyad as string, actor: actor as string, towards: towards as string };
    return { kind: "act", row: { ...parties, time, act: (row.act ?? "").trim() } };
  });
}

async function* table(
  path: string,
  needed: readonly string[],
  read: (row: Row) => Transcribed | string,
): AsyncGenerator<Transcribed> {
  let header: readonly string[] | null = null;
  for await (const row of csvRows(path)) {
    const where = `${path}:${row.line}`;
    if ("fault" in row) yield { kind: "malformed", where, what: row.fault };
    else if (header === null) header = checkedHeader(row, needed, path);
    else if (row.fields.length !== header.length)
      yield { kind: "malformed", where, what: `${row.fields.length} of ${header.length} fields` };
    else {
      const found = read(Object.fromEntries(header.map((name, at) => [name, row.fields[at] as string])));
      yield typeof found === "string" ? { kind: "malformed", where, what: found } : found;
    }
  }
  if (header === null) throw columnMissing(needed[0] as string, [], path, needed.join(", "));
}

function checkedHeader({ fields }: CsvRow, needed: readonly string[], path: string): readonly string[] {
  const header = fields.map((name) => name.trim().toLowerCase());
  const absent = needed.find((name) => !header.includes(name));
  if (absent) throw columnMissing(absent, header, path, needed.join(", "));
  return header;
}
