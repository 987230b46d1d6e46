import { LABELS, ROWS, type Row } from "../model/label.ts";
import type { Profile, Silence } from "../model/profile.ts";

/** Answers of any kind that gave no measurement (A12). */
export function lostIn({ refusals, unparsable, empty, failures }: Silence): number {
  return refusals + unparsable + empty + failures;
}

/**
 * Answers that gave no measurement, of those asked, in a row of the matrix: its six cells lose the same. None under
 * `score`, where a lost answer is a missing situation and counted as such.
 */
export function lostOf(
  { format, samples, silence, situations, people }: Profile,
  row: Row,
): { lost: number; asked: number } {
  const asked = people?.askedByRow[row] ?? situations.length * samples;
  return format === "score" ? { lost: 0, asked } : { lost: lostIn(silence.cells[row]), asked };
}

/** The rows of the matrix that lost answers: `none 35 of 72, CS 20 of 72`; empty where none did. */
export function lostByRow(profile: Profile): string {
  const rows = ROWS.map((row) => ({ row, ...lostOf(profile, row) })).filter(({ lost }) => lost > 0);
  return rows.map(({ row, lost, asked }) => `${row} ${lost} of ${asked}`).join(", ");
}

/** Replies without a log-probability, in all. */
export function unscoredIn(silence: Profile["silence"]): number {
  return unscoredInCells(silence) + silence.replies.others;
}

/** The same of the prompts that matrix and bias rest on. */
export function unscoredInCells({ replies: { cells, contentFree } }: Profile["silence"]): number {
  const rows = [...Object.values(cells), contentFree];
  return rows.reduce((sum, row) => sum + LABELS.reduce((some, label) => some + row[label], 0), 0);
}
