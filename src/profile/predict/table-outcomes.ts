import { DashpotError } from "../../model/error.ts";
import { type Outcome, type OutcomeColumn, rateOutcome } from "./outcome.ts";
import type { ModelState } from "./pair-models.ts";

/** A published rate: a row of `--outcomes`. */
export interface OutcomeRow {
  /** Spec or name. */
  readonly model: string;
  readonly outcome: string;
  readonly successes: number;
  readonly n: number;
  readonly source: string;
  readonly line: number;
}

/**
 * Published rates by outcome, in the order of their names (P13). A row by spec wins over one by name. Errors:
 * `outcomes-doubled`, `predict-unpaired`.
 */
export function tableOutcomes(
  rows: readonly OutcomeRow[],
  states: readonly ModelState[],
  path: string,
): { readonly columns: OutcomeColumn[]; readonly leftOut: { readonly what: string; readonly reason: string }[] } {
  refuseDoubled(rows, path);
  const known = new Set(states.flatMap(({ spec, name }) => [spec, name]));
  const used = rows.filter(({ model }) => known.has(model));
  if (used.length === 0)
    throw new DashpotError(
      "predict-unpaired",
      `expected outcomes of profiled models, received none of ${states[0]?.spec} for example, at ${path}`,
      "write models in the table as in the profiles: by spec or name",
    );
  const names = [...new Set(used.map(({ outcome }) => outcome))].sort();
  const unknown = [...new Set(rows.filter(({ model }) => !known.has(model)).map(({ model }) => model))].sort();
  return {
    columns: names.map((name) =>
      columnOf(
        name,
        used.filter(({ outcome }) => outcome === name),
        states,
      ),
    ),
    leftOut: unknown.map((what) => ({ what, reason: "has an outcome and no profile" })),
  };
}

function columnOf(name: string, rows: readonly OutcomeRow[], states: readonly ModelState[]): OutcomeColumn {
  const found = states.flatMap(({ key, spec, name: short }) => {
    const row = rows.find(({ model }) => model === spec) ?? rows.find(({ model }) => model === short);
    return row ? [{ key, row }] : [];
  });
  // One published rate of several states is one measurement.
  const rates = new Map(found.map(({ row }) => [row, rateOutcome(row.successes, row.n, 0)]));
  return {
    ...{ name, measure: null, unit: "proportion" },
    sources: [...new Set(found.map(({ row }) => row.source))].sort(),
    of: new Map(found.map(({ key, row }) => [key, rates.get(row) as Outcome])),
    without: new Map(),
  };
}

function refuseDoubled(rows: readonly OutcomeRow[], path: string): void {
  const seen = new Map<string, number>();
  for (const { model, outcome, line } of rows) {
    const key = JSON.stringify([model, outcome]);
    const before = seen.get(key);
    if (before !== undefined)
      throw new DashpotError(
        "outcomes-doubled",
        `expected one row of a model and outcome, received a second of ${model} and ${outcome} beside line ${before}, at ${path}:${line}`,
        "leave one out, or give the outcomes names of their own",
      );
    seen.set(key, line);
  }
}
