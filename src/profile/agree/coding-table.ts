import { CANNOT_TELL, NOT_CODABLE } from "../../model/coding.ts";
import { DashpotError } from "../../model/error.ts";

/** One code as it was handed in. */
export interface CodeRow {
  readonly unit: string;
  readonly coder: string;
  /** As written; empty, `.` and `NA` are missing, and so are `cannot-tell` and `not-codable`, which are counted. */
  readonly value: string;
  readonly dimension: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

/** Codes of one dimension: every unit by every coder, null where there is none. */
export interface CodingTable {
  readonly dimension: string;
  readonly units: readonly string[];
  readonly coders: readonly string[];
  /** By unit, then coder. */
  readonly codes: readonly (readonly (string | null)[])[];
  /** By coder: units of which they said that they cannot tell. */
  readonly cannotTell: readonly number[];
  /** By coder: units that they could not read. */
  readonly notCodable: readonly number[];
}

const MISSING: ReadonlySet<string> = new Set(["", ".", "NA", CANNOT_TELL, NOT_CODABLE]);

/**
 * Tables by dimension, units and coders in the order in which they are first named (K1). Errors: `codes-doubled` with
 * both lines.
 */
export function codingTables(rows: Iterable<CodeRow>, file: string): CodingTable[] {
  const found = new Map<string, Gathered>();
  for (const row of rows) {
    const gathered = found.get(row.dimension) ?? begun();
    found.set(row.dimension, gathered);
    put(gathered, row, file);
  }
  return [...found].map(([dimension, gathered]) => tableOf(dimension, gathered));
}

interface Gathered {
  readonly coders: Map<string, number>;
  readonly units: Map<string, Map<string, { readonly value: string; readonly line: number }>>;
}

function begun(): Gathered {
  return { coders: new Map(), units: new Map() };
}

function put({ coders, units }: Gathered, { unit, coder, value, dimension, line }: CodeRow, file: string): void {
  if (!coders.has(coder)) coders.set(coder, coders.size);
  const codes = units.get(unit) ?? new Map();
  units.set(unit, codes);
  const before = codes.get(coder);
  if (before) {
    const of = dimension === "" ? "" : ` in ${dimension}`;
    throw new DashpotError(
      "codes-doubled",
      `expected one code of ${coder} for ${unit}${of}, received a second one, at ${file}:${line} (the first at line ${before.line})`,
      "leave one of them out, or name another coder or dimension",
    );
  }
  codes.set(coder, { value, line });
}

function tableOf(dimension: string, { coders, units }: Gathered): CodingTable {
  const names = [...coders.keys()];
  const saying = (word: string) =>
    names.map((name) => [...units.values()].filter((codes) => codes.get(name)?.value === word).length);
  const codes = [...units.values()].map((of) =>
    names.map((name) => {
      const value = of.get(name)?.value ?? "";
      return MISSING.has(value) ? null : value;
    }),
  );
  return {
    ...{ dimension, units: [...units.keys()], coders: names, codes },
    ...{ cannotTell: saying(CANNOT_TELL), notCodable: saying(NOT_CODABLE) },
  };
}
