import { ROWS } from "../model/label.ts";
import type { Silence as Counts, Profile } from "../model/profile.ts";
import type { Measurements, Silence } from "./measurement.ts";

/** Answers that gave no measurement, apart by kind, in all, per row of the matrix, and for the dyads (A12). */
export function countSilence(measured: Measurements, format: Profile["format"]): Profile["silence"] {
  const asked = [...measured.score, ...measured.choice];
  const row = (name: string) =>
    measured[format].filter((one) => one.arm === "bank" && !one.variant && one.row === name);
  return {
    total: tally([...asked, ...measured.self, ...measured.dyads.flatMap((dyad) => dyad.moves)]),
    cells: Object.fromEntries(ROWS.map((name) => [name, tally(row(name))])) as Profile["silence"]["cells"],
    dyads: tally(measured.dyads.flatMap((dyad) => dyad.moves)),
  };
}

function tally(some: readonly { readonly silence?: Silence }[]): Counts {
  const of = (kind: Silence) => some.filter((one) => one.silence === kind).length;
  return { refusals: of("refusal"), unparsable: of("unparsable"), empty: of("empty"), failures: of("failure") };
}
