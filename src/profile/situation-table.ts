import { LABELS, type Label, MODES, type Mode, type Rank, ROWS, type Row } from "../model/label.ts";

export type Cells = Readonly<Record<Row, Readonly<Record<Label, number | null>>>>;
export type Columns = Readonly<Record<Label, number | null>>;

/** What one situation says, whatever the format: the sampling unit of every estimate (E2). */
export interface SituationTable {
  readonly id: string;
  readonly domain: string;
  readonly rank: Rank;
  /** Margin in nats under `score` (A3), share of choice under `choice` (A7). */
  readonly primary: Cells;
  /** 1 for the label that won the row, 1/k for each of k tied, 0 for the others. */
  readonly win: Cells;
  /** Distribution over labels: normalised score (A5) or share. */
  readonly distribution: Cells;
  /** All that speaks for a reply in its row, lean included, in nats or as a share: what two formats are compared in (A11). */
  readonly overall: Cells;
  /** A4; not yet against any reference. */
  readonly bias: Columns;
  /** Own label against the mean of the other five, cue or decoy against the neutral sentence (A13). */
  readonly cue: Readonly<Record<Mode, number | null>>;
  readonly decoy: Readonly<Record<Mode, number | null>>;
  /** Whether the called-for limit won its validation row; null where it was not measured. */
  readonly validation: Readonly<Record<"asocial" | "null", number | null>>;
  /** Arms that the situation was asked in, measured or not: what was asked and lost is missing (A12). */
  readonly asked: { readonly decoy: boolean; readonly validation: boolean };
}

/** Each value minus the mean of the others; all null when one is missing. */
export function againstOthers(values: Columns): Columns {
  const known = LABELS.map((label) => values[label]);
  if (known.some((value) => value === null)) return columns(() => null);
  const total = (known as number[]).reduce((sum, value) => sum + value, 0);
  return columns((label) => {
    const own = values[label] as number;
    return own - (total - own) / (LABELS.length - 1);
  });
}

/** Which label is greatest; ties share. All null when one is missing. */
export function winners(values: Columns): Columns {
  if (LABELS.some((label) => values[label] === null)) return columns(() => null);
  const top = Math.max(...LABELS.map((label) => values[label] as number));
  const tied = LABELS.filter((label) => values[label] === top);
  return columns((label) => (tied.includes(label) ? 1 / tied.length : 0));
}

/** Difference of two columns, null where either is. */
export function minus(left: Columns, right: Columns): Columns {
  return columns((label) => difference(left[label], right[label]));
}

export function difference(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left - right;
}

/** From a situation's measurements, lost ones too. */
export function armsOf(measurements: readonly { readonly arm: string }[]): SituationTable["asked"] {
  const has = (arm: string) => measurements.some((one) => one.arm === arm);
  return { decoy: has("decoy"), validation: has("validation") };
}

export function columns(value: (label: Label) => number | null): Columns {
  return Object.fromEntries(LABELS.map((label) => [label, value(label)])) as Columns;
}

export function cells(row: (row: Row) => Columns): Cells {
  return Object.fromEntries(ROWS.map((name) => [name, row(name)])) as Cells;
}

export function modes<T>(value: (mode: Mode) => T): Record<Mode, T> {
  return Object.fromEntries(MODES.map((mode) => [mode, value(mode)])) as Record<Mode, T>;
}

export function meanOfKnown(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value): value is number => value !== null && value !== undefined);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
