import { mean } from "../../../kernel/summary.ts";
import { type GameFormat, PARTIES } from "../../../model/games.ts";
import type { LadderChoice, LadderScore } from "./code-games.ts";
import { probabilityOf } from "./estimate-games.ts";

/** One question of the ladder: shares of its options, or log-probabilities of their texts in nats. */
export interface LadderCell {
  readonly exchange: string;
  /** Place among the parties. */
  readonly party: number;
  readonly row: number;
  /** By option; null where nothing was answered, or a text has no log-probability. */
  readonly values: readonly number[] | null;
  /** Answers, or prompts whose texts were all scored. */
  readonly n: number;
  readonly missing: number;
}

export function valuesOfChoices(chosen: readonly LadderChoice[]): LadderCell[] {
  return grouped(chosen, (own) => {
    const known = own.filter(({ probability }) => probability !== null);
    const options = [...(own[0] as LadderChoice).order].sort((one, other) => one - other);
    const values = options.map((option) => mean(known.map((one) => probabilityOf(one, option))));
    return { values: known.length === 0 ? null : values, n: known.length, missing: own.length - known.length };
  });
}

/** Mean over the wordings of what varies and of what is scored. */
export function valuesOfTexts(scored: readonly LadderScore[]): LadderCell[] {
  return grouped(scored, (own) => {
    const known = own.map(({ texts }) => texts).filter((texts) => !texts.flat().includes(null));
    const options = (own[0] as LadderScore).texts.map((_, option) =>
      mean(known.flatMap((texts) => texts[option] as number[])),
    );
    return { values: known.length === 0 ? null : options, n: known.length, missing: own.length - known.length };
  });
}

type Place = Pick<LadderChoice, "exchange" | "party" | "row">;
type Measured = Pick<LadderCell, "values" | "n" | "missing">;

function grouped<T extends Place>(all: readonly T[], measure: (own: readonly T[]) => Measured): LadderCell[] {
  const groups = Map.groupBy(all, ({ exchange, party, row }) => `${exchange}/${party}/${row}`);
  return [...groups.values()].map((own) => {
    const { exchange, party, row } = own[0] as T;
    return { exchange, party: PARTIES.indexOf(party), row, ...measure(own) };
  });
}

/**
 * Four rows of options for each exchange, both sides together. Under `score` relative to the first row of the same side,
 * so that how likely a text is anyway falls out.
 */
export function meanByExchange(cells: readonly LadderCell[], format: GameFormat): ExchangeRows[] {
  const byExchange = Map.groupBy(cells, ({ exchange }) => exchange);
  return [...byExchange].map(([exchange, own]) => {
    const sides = [...Map.groupBy(own, ({ party }) => party).values()].map((side) => rowsOf(side, format));
    return { exchange, rows: [0, 1, 2, 3].map((row) => meanOf(sides.map((rows) => rows[row] ?? null))) };
  });
}

/** An exchange by row and option; null where a side has no value there. */
export interface ExchangeRows {
  readonly exchange: string;
  readonly rows: readonly (readonly number[] | null)[];
}

/** Option by option; null where one side is missing. */
function meanOf(sides: readonly (readonly number[] | null)[]): readonly number[] | null {
  const known = sides.filter((values) => values !== null);
  if (known.length < sides.length) return null;
  return (known[0] as readonly number[]).map((_, option) => mean(known.map((values) => values[option] as number)));
}

function rowsOf(side: readonly LadderCell[], format: GameFormat): (readonly number[] | null)[] {
  const rows = [0, 1, 2, 3].map((row) => side.find((cell) => cell.row === row)?.values ?? null);
  if (format === "choice") return rows;
  const first = rows[0];
  return rows.map((values) =>
    values && first ? values.map((value, option) => value - (first[option] as number)) : null,
  );
}
