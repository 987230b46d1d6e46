import { DashpotError } from "../../model/error.ts";
import {
  type Condition,
  conditionName,
  GRADED,
  LEVELS,
  type Level,
  SIDES,
  STATED,
  SWITCHES,
} from "../../model/stress.ts";
import type { DesignRow } from "../../model/stress-run.ts";
import { csvLine } from "../code/csv-line.ts";
import { SURFACES } from "./family.ts";

/** Columns of a design table; surfaces are counted from 1. */
export const DESIGN_COLUMNS = ["family", "surface", "side", ...GRADED, ...SWITCHES, "stated"] as const;
type Column = (typeof DESIGN_COLUMNS)[number];

/** A design as CSV, one scenario a row (T6); `parseTable` reads it back. */
export function designTable(rows: readonly DesignRow[]): string {
  return [DESIGN_COLUMNS.join(","), ""].join("\n") + rows.map((row) => csvLine(fieldsOf(row))).join("");
}

function fieldsOf({ family, surface, condition }: DesignRow): string[] {
  const { side, stated } = condition;
  return [
    family,
    String(surface + 1),
    side,
    ...GRADED.map((factor) => String(condition[factor])),
    ...SWITCHES.map((one) => (condition[one] ? "on" : "off")),
    stated,
  ];
}

/** Rows of a table that `designTable` wrote. Errors: `design-malformed`. */
export function parseTable(table: string, families: readonly string[]): DesignRow[] {
  const [header, ...lines] = table.trimEnd().split("\n");
  const columns = (header ?? "").split(",");
  return readRows(
    lines.map((line, at) => ({ fields: line.split(","), where: `line ${at + 2}` })),
    columns,
    families,
  );
}

/**
 * Rows of a design from the fields of a table. A column that is absent stands at its control: side the first, levels 0,
 * switches off. Errors: `design-malformed`, naming place and column, also for a row that comes twice.
 */
export function readRows(
  lines: readonly { readonly fields: readonly string[]; readonly where: string }[],
  header: readonly string[],
  families: readonly string[],
): DesignRow[] {
  const columns = header.map((name) => name.trim().toLowerCase());
  const unknown = columns.find((name) => !(DESIGN_COLUMNS as readonly string[]).includes(name));
  if (unknown !== undefined) throw malformed(`a column ${JSON.stringify(unknown.slice(0, 40))}`, "the header");
  if (!columns.includes("family")) throw malformed("no column family", "the header");
  if (lines.length === 0) throw malformed("no row", "the table");
  const seen = new Set<string>();
  return lines.map(({ fields, where }) => {
    if (fields.length !== columns.length) throw malformed(`${fields.length} fields`, where);
    const row = readRow((name) => fields[columns.indexOf(name)]?.trim(), families, where);
    const name = `${row.family}/${row.surface}/${conditionName(row.condition)}`;
    if (seen.has(name)) throw malformed("a row that was there before", where);
    seen.add(name);
    return row;
  });
}

function readRow(at: (name: Column) => string | undefined, families: readonly string[], where: string): DesignRow {
  const one = <T extends string>(name: Column, allowed: readonly T[], otherwise: T): T => {
    const value = at(name) ?? otherwise;
    const found = allowed.find((word) => word === value);
    if (found !== undefined) return found;
    const list = allowed.join(", ");
    throw malformed(`${JSON.stringify(value.slice(0, 40))} as ${name}, which is one of ${list}`, where);
  };
  const level = (name: Column) => Number(one(name, LEVELS.map(String), "0")) as Level;
  const isOn = (name: Column) => one(name, ["on", "off"], "off") === "on";
  const surfaces = Array.from({ length: SURFACES }, (_, surface) => String(surface + 1));
  const condition: Condition = {
    side: one("side", SIDES, SIDES[0]),
    ...{ power: level("power"), information: level("information"), constraint: level("constraint") },
    ...{ replacement: isOn("replacement"), conflict: isOn("conflict") },
    ...{ exit: isOn("exit"), prohibition: isOn("prohibition") },
    stated: one("stated", STATED, "none"),
  };
  return { family: one("family", families, ""), surface: Number(one("surface", surfaces, "1")) - 1, condition };
}

function malformed(what: string, where: string): DashpotError {
  return new DashpotError(
    "design-malformed",
    `expected a table of scenarios, received ${what}, at ${where}`,
    `give the columns ${DESIGN_COLUMNS.join(", ")}; each but family may be left out and then stands at its control`,
  );
}
