import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";

/** What two profiles are compared in: a cell of the matrix, or the bias towards a label. */
export interface Place {
  readonly row: Row | "bias";
  readonly label: Label;
}

export const CELLS: readonly Place[] = ROWS.flatMap((row) => LABELS.map((label) => ({ row, label })));
export const BIASES: readonly Place[] = LABELS.map((label) => ({ row: "bias", label }));

/** Of one situation, in the unit of the format; null where it was not measured. */
export function valueAt({ cells, bias }: Profile["situations"][number], { row, label }: Place): number | null {
  return row === "bias" ? bias[label] : cells[row][label];
}
