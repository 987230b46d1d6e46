import { pearson } from "../../src/kernel/agreement.ts";
import { LABELS, MODES, ROWS } from "../../src/model/label.ts";
import type { Estimate, Profile } from "../../src/model/profile.ts";
import { clustered, estimateProportion } from "../../src/profile/estimate-cells.ts";
import type { SituationTable } from "../../src/profile/situation-table.ts";

const CHANCE = 1 / LABELS.length;

/** The tables that a stored profile keeps: margins; a row is won by the label of greatest margin. */
export function tablesOf({ situations }: Profile): SituationTable[] {
  return situations.map(({ id, domain, rank, cells, bias }) => {
    const empty = { CS: null, AR: null, EM: null, MP: null };
    const win = Object.fromEntries(
      ROWS.map((row) => {
        const top = Math.max(...LABELS.map((label) => cells[row][label] ?? Number.NEGATIVE_INFINITY));
        return [row, Object.fromEntries(LABELS.map((label) => [label, cells[row][label] === top ? 1 : 0]))];
      }),
    ) as unknown as SituationTable["win"];
    return {
      id,
      domain,
      rank,
      primary: cells,
      win,
      distribution: cells,
      overall: cells,
      bias,
      cue: empty,
      decoy: empty,
      validation: { asocial: null, null: null },
      asked: { decoy: false, validation: false },
    };
  });
}

function means(tables: readonly SituationTable[], paired: readonly SituationTable[]): number[] {
  const known = new Set(paired.map(({ id }) => id));
  const some = tables.filter(({ id }) => known.has(id));
  return ROWS.flatMap((row) =>
    LABELS.map((label) => some.reduce((sum, { primary }) => sum + (primary[row][label] ?? 0), 0) / some.length),
  );
}

/** Correlation of the thirty cells' means over the situations that both have. */
export function cellCorrelation(left: readonly SituationTable[], right: readonly SituationTable[]): number {
  return pearson(means(left, right), means(right, left));
}

export function winHead(): string[] {
  return ["| bank | CS | AR | EM | MP | all four | passes |", "| --- | --- | --- | --- | --- | --- | --- |"];
}

/** Passes where the lower end of every row's interval is above chance, one in six. */
export function winLine(name: string, tables: readonly SituationTable[]): { text: string; passes: boolean } {
  const rows = MODES.map((mode) => estimateProportion(clustered(tables, ({ win }) => win[mode][mode])));
  const all = MODES.reduce((sum, mode) => sum + tables.filter(({ win }) => win[mode][mode] === 1).length, 0);
  const passes = rows.every(({ low }) => (low ?? 0) > CHANCE);
  const told = rows.map(
    (estimate) =>
      `${Math.round((estimate.value ?? 0) * estimate.n)} of ${estimate.n} [${(estimate.low ?? 0).toFixed(2)}, ${(estimate.high ?? 1).toFixed(2)}]`,
  );
  return {
    text: `| ${name} | ${told.join(" | ")} | ${all} of ${MODES.length * tables.length} | ${passes ? "pass" : "fail"} |`,
    passes,
  };
}

export function decoyLines({ modes }: Profile["responsiveness"], bank: string): string[] {
  const told = ({ value, low, high }: Estimate) => `${value?.toFixed(2)} [${low?.toFixed(2)}, ${high?.toFixed(2)}]`;
  return MODES.map((mode) => {
    const { cue, decoy, responsiveness } = modes[mode];
    const verdict = (responsiveness.low ?? 0) > 0 ? "pass" : "fail";
    return `| ${bank} | ${mode} | ${told(cue)} | ${told(decoy)} | ${told(responsiveness)} | ${responsiveness.n} | ${verdict} |`;
  });
}

export const DECOY_HEAD = [
  "| bank | mode | cue, nats | decoy, nats | responsiveness, nats | n | responds beyond the words |",
  "| --- | --- | --- | --- | --- | --- | --- |",
] as const;

/** Do the limiting cases win the rows that call for them (I9)? */
export function validationLines({ validation }: Profile): string[] {
  if (!validation) return [];
  const lines = (["asocial", "null"] as const).map((limit) => {
    const { value, low, high, n } = validation[limit];
    const verdict = (low ?? 0) > CHANCE ? "pass" : "fail";
    return `| ${limit} | ${Math.round((value ?? 0) * n)} of ${n} [${low?.toFixed(2)}, ${high?.toFixed(2)}] | ${verdict} |`;
  });
  return ["| validation cue | wins of its column | wins when called for |", "| --- | --- | --- |", ...lines];
}
