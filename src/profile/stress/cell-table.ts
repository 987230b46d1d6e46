import { RUNGS } from "../../model/coding.ts";
import type { StressReport } from "../../model/stress-report.ts";
import { csvLine } from "../code/csv-line.ts";

/** Every scenario with what it was answered with, as CSV: answers by rung, or log-odds relative to the control in nats. */
export function cellTable({ results }: StressReport): string {
  const header = [
    "measure",
    "family",
    "surface",
    "condition",
    "n",
    "missing",
    ...RUNGS.map((rung) => `rung_${rung}`),
    "log_odds",
  ];
  const rows = results.flatMap(({ measure, cells }) =>
    cells.map(({ family, surface, condition, n, missing, rungs, logOdds }) => [
      ...[measure, family, String(surface + 1), condition, String(n), String(missing)],
      ...RUNGS.map((rung) => (rungs ? shortNumber(rungs[rung] as number) : "")),
      logOdds === null ? "" : shortNumber(logOdds),
    ]),
  );
  return [header, ...rows].map((fields) => csvLine(fields)).join("");
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(8)));
}
