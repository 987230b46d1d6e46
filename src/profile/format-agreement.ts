import { spearman } from "../kernel/agreement.ts";
import { tInterval } from "../kernel/intervals.ts";
import { jackknife } from "../kernel/resampling.ts";
import { LABELS, ROWS } from "../model/label.ts";
import type { Profile } from "../model/profile.ts";
import { estimateProportion } from "./estimate-cells.ts";
import { meanOfKnown, type SituationTable, winners } from "./situation-table.ts";

/**
 * How far two formats agree on one model (A11), lean included: rank correlation of the thirty cells' means, and the share
 * of rows in which both name the same winner. A situation counts where both formats measured all of its cells.
 */
export function estimateAgreement(
  score: readonly SituationTable[],
  choice: readonly SituationTable[],
): Profile["agreement"] {
  if (score.length === 0 || choice.length === 0) return null;
  const known = new Map(score.filter(isWhole).map((table) => [table.id, table]));
  const pairs = choice.filter(isWhole).flatMap((right) => {
    const left = known.get(right.id);
    return left ? [{ left, right }] : [];
  });
  const n = pairs.length;
  const missing = Math.min(score.length, choice.length) - n;
  if (n < 3) {
    const untold = { value: null, low: null, high: null, n, missing, method: "too few situations" };
    return { formats: ["score", "choice"], rankCorrelation: untold, sameWinner: untold };
  }
  const correlation = (some: typeof pairs) =>
    spearman(cellMeans(some.map((pair) => pair.left)), cellMeans(some.map((pair) => pair.right)));
  const { value, standardError } = jackknife(n, (omit) => correlation(pairs.filter((_, index) => index !== omit)));
  const [low, high] = Number.isFinite(value) ? tInterval(value, standardError, n - 1) : [Number.NaN, Number.NaN];
  const told = Number.isFinite(value) && Number.isFinite(low);
  return {
    formats: ["score", "choice"],
    rankCorrelation: {
      value: Number.isFinite(value) ? value : null,
      low: told ? Math.max(-1, low) : null,
      high: told ? Math.min(1, high) : null,
      n,
      missing,
      method: "Spearman over thirty cells, lean included, jackknife over situations",
    },
    sameWinner: {
      ...estimateProportion(
        pairs.map(({ left, right }) => ({
          stratum: left.domain,
          value: meanOfKnown(ROWS.map((row) => sameWinner(left, right, row))),
        })),
      ),
      missing,
    },
  };
}

function isWhole({ overall }: SituationTable): boolean {
  return ROWS.every((row) => LABELS.every((label) => overall[row][label] !== null));
}

function cellMeans(tables: readonly SituationTable[]): number[] {
  return ROWS.flatMap((row) =>
    LABELS.map((label) => meanOfKnown(tables.map((table) => table.overall[row][label])) ?? Number.NaN),
  );
}

/** Chance that a draw among those that tie for first in one names one that ties for first in the other. */
function sameWinner(left: SituationTable, right: SituationTable, row: (typeof ROWS)[number]): number {
  const [first, second] = [winners(left.overall[row]), winners(right.overall[row])];
  return LABELS.reduce((sum, label) => sum + (first[label] as number) * (second[label] as number), 0);
}
