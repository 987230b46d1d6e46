import { DashpotError } from "../model/error.ts";
import type { ModelRow } from "../profile/predict/pair-models.ts";
import { type NamedRow, rowsWith } from "./named-columns.ts";

const NEEDED = ["model", "family", "size"] as const;
const UNITS: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/**
 * What a person tells of models: family and size may be empty, a column `cluster` may be absent (P3). Errors, with file
 * and line: `models-unreadable`, and those of `rowsWith`.
 */
export async function readModelTable(path: string): Promise<ModelRow[]> {
  const rows: ModelRow[] = [];
  for await (const row of rowsWith(path, NEEDED)) {
    const told = modelOf(row, path);
    const before = rows.find(({ model }) => model === told.model);
    if (before) throw unreadable("one row a model", `a second of ${told.model} beside line ${before.line}`, path, told);
    rows.push(told);
  }
  return rows;
}

function modelOf({ line, field }: NamedRow, path: string): ModelRow {
  const model = field("model");
  if (model === "") throw unreadable("a model", "an empty field", path, { line });
  const [size, family, cluster] = [field("size"), field("family"), field("cluster")];
  return { model, family: family || null, size: sizeOf(size, path, line), cluster: cluster || null, line };
}

/** `135000000`, `135M`, `1.7B`; null where empty. */
function sizeOf(text: string, path: string, line: number): number | null {
  if (text === "") return null;
  const match = /^(\d{1,15}(?:\.\d{1,9})?(?:e\d{1,2})?) ?([KMBT]?)$/i.exec(text);
  const size = match ? Number(match[1]) * (UNITS[(match[2] as string).toUpperCase()] as number) : Number.NaN;
  if (size > 0 && size < 1e18) return size;
  throw unreadable("a number of parameters such as 135M or 7e9", JSON.stringify(text.slice(0, 40)), path, { line });
}

function unreadable(expected: string, received: string, path: string, { line }: Pick<ModelRow, "line">): DashpotError {
  return new DashpotError(
    "models-unreadable",
    `expected ${expected}, received ${received}, at ${path}:${line}`,
    "correct the row; family, size and cluster may be left empty",
  );
}
