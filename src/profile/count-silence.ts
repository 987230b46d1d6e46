import { LABELS, type Label, ROWS } from "../model/label.ts";
import type { Silence as Counts, Profile } from "../model/profile.ts";
import type { Measurements, ScoreMeasurement, Silence } from "./measurement.ts";

/** Answers that gave no measurement, apart by kind, in all, per row of the matrix, and for the dyads (A12). */
export function countSilence(measured: Measurements, format: Profile["format"]): Profile["silence"] {
  const asked = [...measured.score, ...measured.choice];
  const row = (name: string) =>
    measured[format].filter((one) => one.arm === "bank" && !one.variant && one.row === name);
  return {
    total: tally([...asked, ...measured.self, ...measured.dyads.flatMap((dyad) => dyad.moves)]),
    cells: Object.fromEntries(ROWS.map((name) => [name, tally(row(name))])) as Profile["silence"]["cells"],
    dyads: tally(measured.dyads.flatMap((dyad) => dyad.moves)),
    replies: unscored(format === "score" ? measured.score.filter((one) => !one.variant && !one.silence) : []),
  };
}

/** Replies of answered prompts that were given no log-probability: a cell's mean is then over the wordings left (A2). */
function unscored(prompts: readonly ScoreMeasurement[]): Profile["silence"]["replies"] {
  const lost = (some: readonly ScoreMeasurement[], label: Label) =>
    some.reduce((sum, one) => sum + one.logProbabilities[label].filter((value) => value === null).length, 0);
  const byLabel = (some: readonly ScoreMeasurement[]) =>
    Object.fromEntries(LABELS.map((label) => [label, lost(some, label)])) as Record<Label, number>;
  const of = (arms: readonly string[]) => prompts.filter(({ arm }) => arms.includes(arm));
  const cells = ROWS.map((row) => [row, byLabel(of(["bank"]).filter((one) => one.row === row))]);
  return {
    cells: Object.fromEntries(cells) as Profile["silence"]["replies"]["cells"],
    contentFree: byLabel(of(["content-free"])),
    others: LABELS.reduce((sum, label) => sum + lost(of(["decoy", "validation"]), label), 0),
  };
}

/** Answers that gave nothing, by kind. */
export function tally(some: readonly { readonly silence?: Silence }[]): Counts {
  const of = (kind: Silence) => some.filter((one) => one.silence === kind).length;
  return { refusals: of("refusal"), unparsable: of("unparsable"), empty: of("empty"), failures: of("failure") };
}
