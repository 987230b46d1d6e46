import { CANNOT_TELL, NOT_CODABLE, RUNGS } from "../../model/coding.ts";
import { type Condition, conditionName } from "../../model/stress.ts";
import type { StressSilences } from "../../model/stress-report.ts";
import type { DesignRow } from "../../model/stress-run.ts";
import type { Answered, StressSilence } from "./code-stress.ts";

/** All answers of one format to one scenario. */
export interface Cell {
  readonly row: DesignRow;
  /** By rung: answers, or their probability. */
  readonly rungs: readonly number[];
  /** Answers that have a rung. */
  readonly n: number;
  readonly missing: number;
  readonly refused: number;
}

/** Answers by scenario, in the order of the design. */
export function countCells(answered: readonly Answered[]): Cell[] {
  const byRow = Map.groupBy(answered, ({ row }) => rowName(row));
  return [...byRow.values()].map((answers) => {
    const told = answers.filter(({ rungs }) => rungs !== null);
    return {
      row: (answers[0] as Answered).row,
      rungs: RUNGS.map((rung) => told.reduce((sum, { rungs }) => sum + (rungs?.[rung] ?? 0), 0)),
      n: told.length,
      missing: answers.length - told.length,
      refused: answers.filter(({ silence }) => silence === "refusal").length,
    };
  });
}

export function rowName({ family, surface, condition }: DesignRow): string {
  return `${family}/${surface}/${conditionName(condition)}`;
}

/** The scenario that differs in one thing only. */
export function changed({ family, surface, condition }: DesignRow, change: Partial<Condition>): string {
  return rowName({ family, surface, condition: { ...condition, ...change } });
}

const NAMES: Readonly<Record<StressSilence, keyof StressSilences>> = {
  refusal: "refusals",
  unparsable: "unparsable",
  empty: "empty",
  failure: "failures",
  [CANNOT_TELL]: "cannotTell",
  [NOT_CODABLE]: "notCodable",
};

export function countSilences(silences: readonly (StressSilence | undefined)[]): StressSilences {
  const counts = { refusals: 0, unparsable: 0, empty: 0, failures: 0, cannotTell: 0, notCodable: 0 };
  for (const silence of silences) if (silence) counts[NAMES[silence]] += 1;
  return counts;
}
