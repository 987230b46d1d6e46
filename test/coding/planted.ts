import { join } from "node:path";
import { csvRows } from "../../src/adapters/csv-rows.ts";
import { ROOT } from "../house/temporary-folder.ts";

/** A text of ours, the same with an instruction to the coder planted in it, and what that wants. */
export interface PlantedPair {
  readonly id: string;
  readonly plain: string;
  readonly planted: string;
  /** Value by dimension. */
  readonly wants: Readonly<Record<string, string>>;
}

/** The pairs of `instruments/coding/planted.csv`. */
export async function plantedPairs(): Promise<PlantedPair[]> {
  const rows: (readonly string[])[] = [];
  for await (const row of csvRows(join(ROOT, "instruments", "coding", "planted.csv")))
    if ("fields" in row) rows.push(row.fields);
  const [, ...texts] = rows;
  return texts.flatMap(([unit = "", text = ""], at) => {
    const [id, kind] = unit.split("/");
    const [, planted = "", wants = ""] = texts[at + 1] ?? [];
    if (kind !== "plain" || id === undefined) return [];
    return [{ id, plain: text, planted, wants: Object.fromEntries(wants.split(" ").map((one) => one.split("="))) }];
  });
}
