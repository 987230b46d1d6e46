import { LABELS, type Label } from "../model/label.ts";
import type { ChoiceMeasurement } from "./measurement.ts";
import {
  againstOthers,
  armsOf,
  type Columns,
  cells,
  columns,
  difference,
  meanOfKnown,
  minus,
  modes,
  type SituationTable,
  winners,
} from "./situation-table.ts";

/** One table a situation from its lettered presentations: shares by label, means over the presentations that were answered (A7). */
export function tabulateChoice(measurements: readonly ChoiceMeasurement[]): SituationTable[] {
  const situations = Map.groupBy(measurements, (measurement) => measurement.situation);
  return [...situations.values()].map(tabulateOne);
}

function tabulateOne(shown: readonly ChoiceMeasurement[]): SituationTable {
  const first = shown[0] as ChoiceMeasurement;
  const rows = Map.groupBy(shown, ({ arm, row }) => `${arm}/${row}`);
  const share = (arm: string, row: string) => shares(rows.get(`${arm}/${row}`) ?? []);
  const none = share("bank", "none");
  const contrast = (arm: string) => modes((mode) => againstOthers(minus(share(arm, mode), none))[mode]);
  const table = cells((row) => share("bank", row));
  return {
    id: first.situation,
    domain: first.domain,
    rank: first.rank,
    primary: table,
    win: cells((row) => winners(table[row])),
    distribution: table,
    overall: table,
    bias: columns((label) => difference(none[label], 1 / LABELS.length)),
    cue: contrast("bank"),
    decoy: contrast("decoy"),
    validation: {
      asocial: winners(share("validation", "asocial")).asocial,
      null: winners(share("validation", "null")).null,
    },
    asked: armsOf(shown),
  };
}

function shares(shown: readonly ChoiceMeasurement[]): Columns {
  return columns((label) => meanOfKnown(shown.map((one) => probabilityOf(one, label))));
}

function probabilityOf({ order, probability }: ChoiceMeasurement, label: Label): number | null {
  const place = order.findIndex((presented) => presented.label === label);
  return probability?.[place] ?? null;
}
