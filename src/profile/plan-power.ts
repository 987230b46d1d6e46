import { detectableDifference, pairedSampleSize } from "../kernel/power.ts";
import { variance } from "../kernel/summary.ts";
import { DashpotError } from "../model/error.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";

export interface PowerOptions {
  readonly delta: number;
  readonly power: number;
  readonly alpha: number;
}

export interface PowerCell {
  readonly row: Row;
  readonly label: Label;
  /** Standard deviation of a situation's value about its domain's mean; paired differences of two like models have √2 of it. */
  readonly sd: number;
  readonly situations: number | null;
  /** The same where the cell is the first of thirty in Holm's order, as `compare` adjusts. */
  readonly situationsAdjusted: number | null;
  /** What can be seen with the situations of this run. */
  readonly detectable: number;
}

export interface PowerPlan {
  readonly schema: "dashpot/power@1";
  readonly options: PowerOptions;
  /** Of the difference and of every standard deviation. */
  readonly unit: "nats" | "proportion";
  readonly n: number;
  readonly cells: readonly PowerCell[];
  /** Situations that suffice for every cell; null where more than a million would be needed. */
  readonly situations: number | null;
  readonly situationsAdjusted: number | null;
}

/** Cells that `compare` tests, and so the strictest level of Holm's. */
export const FAMILY = ROWS.length * LABELS.length;

/**
 * Situations needed to see a difference between two models, cell by cell, from the spread in a run (E11). Two models'
 * situations are taken as uncorrelated, which asks for too many rather than too few.
 */
export function planPower(profile: Profile, options: PowerOptions): PowerPlan {
  const n = profile.situations.length;
  const cells = ROWS.flatMap((row) => LABELS.map((label) => powerCell(profile, row, label, n, options)));
  const most = (needed: readonly (number | null)[]) =>
    needed.some((one) => one === null) ? null : Math.max(...(needed as number[]));
  return {
    schema: "dashpot/power@1",
    options,
    unit: profile.format === "score" ? "nats" : "proportion",
    n,
    cells,
    situations: most(cells.map(({ situations }) => situations)),
    situationsAdjusted: most(cells.map(({ situationsAdjusted }) => situationsAdjusted)),
  };
}

/**
 * Situations by the exact power of the t test, and never fewer than with which sign-flips, by which `compare` tests, can
 * reach the level at all: the least of their p is 2^(1 − n). Null: more than a million.
 */
export function situationsFor(sd: number, options: PowerOptions): number | null {
  const needed = pairedSampleSize(options.delta, sd, options);
  return needed === null ? null : Math.max(needed, Math.ceil(1 - Math.log2(options.alpha)));
}

function powerCell({ situations }: Profile, row: Row, label: Label, n: number, options: PowerOptions): PowerCell {
  const domains = [...Map.groupBy(situations, ({ domain }) => domain).values()];
  const known = domains.map((some) =>
    some.flatMap(({ cells }) => (cells[row][label] === null ? [] : [cells[row][label] as number])),
  );
  const within = known.filter((some) => some.length > 1);
  const sd = Math.sqrt(2 * (within.length > 0 ? meanOf(within.map(variance)) : variance(known.flat())));
  if (!Number.isFinite(sd)) {
    throw new DashpotError(
      "power-no-spread",
      `expected two situations or more in row ${row}, column ${label}, received fewer`,
      "name a run with more situations, or give --sd",
    );
  }
  return {
    row,
    label,
    sd,
    situations: situationsFor(sd, options),
    situationsAdjusted: situationsFor(sd, { ...options, alpha: options.alpha / FAMILY }),
    detectable: detectableDifference(sd, n, options),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
