import { softmax } from "../kernel/softmax.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { ScoreMeasurement } from "./measurement.ts";
import {
  againstOthers,
  armsOf,
  type Columns,
  cells,
  columns,
  meanOfKnown,
  modes,
  type SituationTable,
  winners,
} from "./situation-table.ts";

type Wordings = readonly (number | null)[];
type Prompt = Readonly<Record<Label, Wordings>>;

export interface ScoreOptions {
  /** Temperature of the normalised score (A5). */
  readonly temperature: number;
  /** Wordings to use; all three when absent. */
  readonly wordings?: readonly number[];
}

/** One table a situation from its prompts' log-probabilities (A2 to A5, A13). */
export function tabulateScore(measurements: readonly ScoreMeasurement[], options: ScoreOptions): SituationTable[] {
  const situations = Map.groupBy(measurements, (measurement) => measurement.situation);
  return [...situations.values()].map((prompts) => tabulateOne(prompts, options));
}

function tabulateOne(prompts: readonly ScoreMeasurement[], options: ScoreOptions): SituationTable {
  const first = prompts[0] as ScoreMeasurement;
  const at = (arm: string, row: string) =>
    prompts.find((prompt) => prompt.arm === arm && prompt.row === row)?.logProbabilities;
  const bank = Object.fromEntries(ROWS.map((row) => [row, at("bank", row)])) as Record<Row, Prompt | undefined>;
  const effects = cueEffects(bank, options);
  const lift = (prompt: Prompt | undefined, base: Prompt | undefined) =>
    againstOthers(difference(prompt, base, options));
  const contrast = (arm: string) => modes((mode) => lift(at(arm, mode), bank.none)[mode]);
  return {
    id: first.situation,
    domain: first.domain,
    rank: first.rank,
    primary: cells((row) => againstOthers(effects[row])),
    win: cells((row) => winners(effects[row])),
    distribution: cells((row) => normalised(effects[row], options.temperature)),
    overall: cells((row) => lift(bank[row], at("content-free", "content-free"))),
    bias: lift(bank.none, at("content-free", "content-free")),
    cue: contrast("bank"),
    decoy: contrast("decoy"),
    validation: {
      asocial: winners(limitEffect(at("validation", "asocial"), bank, options)).asocial,
      null: winners(limitEffect(at("validation", "null"), bank, options)).null,
    },
    asked: armsOf(prompts),
  };
}

/** Cue effects of the five rows: each reply against its own mean over the rows; a wording missing in one row is left out of all (A2). */
function cueEffects(bank: Readonly<Record<Row, Prompt | undefined>>, options: ScoreOptions): Record<Row, Columns> {
  const centred = (row: Row, label: Label) =>
    meanOfKnown(used(options).map((wording) => against(bank[row], rowMean(bank, label, wording), label, wording)));
  return Object.fromEntries(ROWS.map((row) => [row, columns((label) => centred(row, label))])) as Record<Row, Columns>;
}

function limitEffect(
  prompt: Prompt | undefined,
  bank: Readonly<Record<Row, Prompt | undefined>>,
  options: ScoreOptions,
): Columns {
  return columns((label) =>
    meanOfKnown(used(options).map((wording) => against(prompt, rowMean(bank, label, wording), label, wording))),
  );
}

function difference(prompt: Prompt | undefined, base: Prompt | undefined, options: ScoreOptions): Columns {
  return columns((label) =>
    meanOfKnown(used(options).map((wording) => against(prompt, base?.[label][wording] ?? null, label, wording))),
  );
}

function against(prompt: Prompt | undefined, base: number | null, label: Label, wording: number): number | null {
  const value = prompt?.[label][wording] ?? null;
  return value === null || base === null ? null : value - base;
}

function rowMean(bank: Readonly<Record<Row, Prompt | undefined>>, label: Label, wording: number): number | null {
  const values = ROWS.map((row) => bank[row]?.[label][wording] ?? null);
  return values.some((value) => value === null)
    ? null
    : (values as number[]).reduce((sum, value) => sum + value, 0) / ROWS.length;
}

function normalised(effects: Columns, temperature: number): Columns {
  if (LABELS.some((label) => effects[label] === null)) return columns(() => null);
  const shares = softmax(
    LABELS.map((label) => effects[label] as number),
    temperature,
  );
  return columns((label) => shares[LABELS.indexOf(label)] as number);
}

function used(options: ScoreOptions): readonly number[] {
  return options.wordings ?? [0, 1, 2];
}

/** Cue effects of the cued rows with their label, for fitting the one temperature (A5). */
export function cuedEffects(measurements: readonly ScoreMeasurement[]): { effects: number[][]; labels: number[] } {
  const effects: number[][] = [];
  const labels: number[] = [];
  for (const prompts of Map.groupBy(measurements, (measurement) => measurement.situation).values()) {
    const at = (row: Row) => prompts.find((prompt) => prompt.arm === "bank" && prompt.row === row)?.logProbabilities;
    const bank = Object.fromEntries(ROWS.map((row) => [row, at(row)])) as Record<Row, Prompt | undefined>;
    const table = cueEffects(bank, { temperature: 1 });
    for (const row of ROWS) {
      const values = LABELS.map((label) => table[row][label]);
      if (row === "none" || values.some((value) => value === null)) continue;
      effects.push(values as number[]);
      labels.push(LABELS.indexOf(row));
    }
  }
  return { effects, labels };
}
