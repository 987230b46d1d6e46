import { spearman } from "../kernel/agreement.ts";
import { tInterval } from "../kernel/intervals.ts";
import { jackknife } from "../kernel/resampling.ts";
import { LABELS, ROWS } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";
import { estimateProportion } from "./estimate-cells.ts";
import { meanOfKnown, type SituationTable } from "./situation-table.ts";

/**
 * How far two formats agree on one model (A11): rank correlation of the thirty cells' mean distributions, and the share
 * of rows in which both name the same winner.
 */
export function estimateAgreement(
  score: readonly SituationTable[],
  choice: readonly SituationTable[],
): Profile["agreement"] {
  if (score.length === 0 || choice.length === 0) return null;
  const pairs = score.flatMap((left) => {
    const right = choice.find((table) => table.id === left.id);
    return right ? [{ left, right }] : [];
  });
  if (pairs.length < 3) return null;
  const n = pairs.length;
  const correlation = (some: typeof pairs) =>
    spearman(cellMeans(some.map((pair) => pair.left)), cellMeans(some.map((pair) => pair.right)));
  const { value, standardError } = jackknife(n, (omit) => correlation(pairs.filter((_, index) => index !== omit)));
  const [low, high] = Number.isFinite(value) ? tInterval(value, standardError, n - 1) : [Number.NaN, Number.NaN];
  const known = Number.isFinite(value) && Number.isFinite(low);
  return {
    formats: ["score", "choice"],
    rankCorrelation: {
      value: Number.isFinite(value) ? value : null,
      low: known ? Math.max(-1, low) : null,
      high: known ? Math.min(1, high) : null,
      n,
      missing: Math.min(score.length, choice.length) - n,
      method: "Spearman over thirty cells, jackknife over situations",
    },
    sameWinner: estimateProportion(
      pairs.map(({ left, right }) => ({
        stratum: left.domain,
        value: meanOfKnown(ROWS.map((row) => sameWinner(left, right, row))),
      })),
    ),
  };
}

function cellMeans(tables: readonly SituationTable[]): number[] {
  return ROWS.flatMap((row) =>
    LABELS.map((label) => meanOfKnown(tables.map((table) => table.distribution[row][label])) ?? Number.NaN),
  );
}

function sameWinner(left: SituationTable, right: SituationTable, row: (typeof ROWS)[number]): number | null {
  if (left.win[row].CS === null || right.win[row].CS === null) return null;
  return LABELS.reduce((sum, label) => sum + (left.win[row][label] as number) * (right.win[row][label] as number), 0);
}
