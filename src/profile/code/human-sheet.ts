import { sha256Hex } from "../../kernel/canonical-json.ts";
import type { RandomStream } from "../../kernel/random.ts";
import { CANNOT_TELL, DIMENSIONS, type Dimension, KINDS, RUNGS, type TextUnit } from "../../model/coding.ts";
import { LABELS } from "../../model/label.ts";
import { shownLines, shownText } from "../../model/shown-text.ts";
import type { CodedRow } from "./coding-rows.ts";

/** A text as a person sees it: nothing tells where it is from. */
export interface SheetItem {
  /** Of letters and figures that no spreadsheet takes for a number or a date. */
  readonly id: string;
  readonly text: string;
  readonly context: string;
}

export interface HumanSheet {
  /** In random order. */
  readonly items: readonly SheetItem[];
  /** Which unit an item is; kept apart from the sheet. */
  readonly key: ReadonlyMap<string, string>;
  /** What tells this sheet from others: a letter and part of a hash over texts and key, which no spreadsheet takes for a number. */
  readonly name: string;
}

/** What may stand in each column. */
export const SHEET_VALUES: Readonly<Record<Dimension, readonly string[]>> = {
  severity: [...RUNGS.map(String), CANNOT_TELL],
  mode: [...LABELS, CANNOT_TELL],
  refusal: ["no", "yes", CANNOT_TELL],
  deception: ["no", "yes", CANNOT_TELL],
  kind: [...KINDS, CANNOT_TELL],
};

/** Columns of the sheet, in the order in which a person fills them in. */
export const SHEET_DIMENSIONS = [
  "severity",
  "mode",
  "kind",
  "refusal",
  "deception",
] as const satisfies readonly Dimension[];

/** More of a text than this is no utterance. */
const LONGEST = 20_000;

/** A sheet of texts in random order, blind to where they are from (K12). The same units and stream give the same sheet. */
export function makeSheet(units: readonly TextUnit[], stream: RandomStream): HumanSheet {
  const shuffled = stream.shuffle(units);
  const items = shuffled.map(({ text, context = "" }, at) => ({
    id: `t${String(at + 1).padStart(4, "0")}x`,
    text: shownLines(text, LONGEST),
    context: shownLines(context, LONGEST),
  }));
  const key = new Map(items.map(({ id }, at) => [id, (shuffled[at] as TextUnit).unit]));
  return { items, key, name: `s${sha256Hex(JSON.stringify([items, ...key])).slice(0, 12)}` };
}

/** One row of a filled sheet, as it was handed in. */
export interface FilledRow {
  readonly id: string;
  readonly codes: Readonly<Partial<Record<Dimension, string>>>;
  readonly remark: string;
  readonly line: number;
}

/** Codes of a filled sheet, and what is wrong with it; empty fields are missing (K12). */
export function readSheet(
  rows: readonly FilledRow[],
  key: ReadonlyMap<string, string>,
  coder: string,
): {
  readonly codes: CodedRow[];
  readonly faults: { readonly line: number; readonly what: string }[];
  readonly unfilled: number;
} {
  const codes: CodedRow[] = [];
  const faults: { line: number; what: string }[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const { id, line, remark } = row;
    const unit = key.get(id);
    const before = seen.get(id);
    if (unit === undefined) faults.push({ line, what: unknownId(id) });
    else if (before !== undefined) faults.push({ line, what: `${id} a second time (the first at line ${before})` });
    else {
      seen.set(id, line);
      for (const dimension of DIMENSIONS) {
        const value = normalised(row.codes[dimension] ?? "");
        if (value === "") continue;
        if (SHEET_VALUES[dimension].includes(value))
          codes.push({ unit, coder, dimension, value, reason: dimension === "severity" ? remark : "" });
        else faults.push({ line, what: `${JSON.stringify(shownText(value, 40))} as ${dimension}${mangled(value)}` });
      }
    }
  }
  const coded = new Set(codes.map(({ unit }) => unit));
  return { codes, faults, unfilled: [...key.values()].filter((unit) => !coded.has(unit)).length };
}

/** What is wrong with an id that a sheet does not have. */
export function unknownId(id: string): string {
  const told = JSON.stringify(shownText(id, 40));
  return id.trim() === "" ? "a row without an id" : `the id ${told}, which the sheet does not have`;
}

/** What a spreadsheet makes of a number, and what people write for a rung or a word. */
function normalised(value: string): string {
  const trimmed = value.trim();
  const number = /^(\d{1,2})(?:[.,]0+)?$/.exec(trimmed)?.[1];
  if (number) return String(Number(number));
  const word = trimmed.toLowerCase();
  if (word === "cannot tell" || word === "?") return CANNOT_TELL;
  if (word === "y" || word === "n") return word === "y" ? "yes" : "no";
  return LABELS.find((label) => label.toLowerCase() === word) ?? word;
}

/** What to add of a value that is none, where a spreadsheet made it. */
export function mangled(value: string): string {
  if (/^\d{1,2}[.,]0+$/.test(value)) return ", which looks like a number that a spreadsheet made of it";
  const date = /^\d{1,4}[-./]\d{1,2}([-./]\d{1,4})?$|^\d{1,2}[- ][a-z]{3}$|^[a-z]{3}[- ]\d{2}$/i.test(value);
  return date ? ", which looks like a date that a spreadsheet made of it" : "";
}
