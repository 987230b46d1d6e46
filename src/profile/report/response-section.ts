import { LABEL_NAMES, MODES } from "../../model/label.ts";
import type { Profile } from "../../model/profile.ts";
import { estimateCell, estimateTable, textCell } from "./estimate-table.ts";
import { differenceStyle, RESPONSE_TEXT, responseTo } from "./findings.ts";
import { type Html, html } from "./html-text.ts";
import { type DrawingDocument, intervalPlot, type Series } from "./interval-plot.ts";
import { axisOf } from "./lean-section.ts";
import { seriesKey } from "./series-key.ts";

const SERIES = {
  cue: { name: "cue", symbol: "circle", filled: true, colour: "var(--cue)" },
  decoy: { name: "decoy", symbol: "circle", filled: false, colour: "var(--decoy)" },
  responsiveness: {
    name: "responsiveness (cue minus decoy)",
    symbol: "diamond2",
    filled: true,
    colour: "var(--third)",
  },
} as const satisfies Record<string, Series>;
const PARTS = ["cue", "decoy", "responsiveness"] as const;

/** Cue against decoy: whether the relation moves the model or the words that name it (A13). */
export function responseSection(profile: Profile, document: DrawingDocument): Html {
  const { unit, modes } = profile.responsiveness;
  const style = differenceStyle(unit);
  const points = MODES.flatMap((mode) =>
    PARTS.map((part) => ({ group: LABEL_NAMES[mode], series: SERIES[part], estimate: modes[mode][part] })),
  );
  const findings = MODES.map((mode) => `${LABEL_NAMES[mode]}: ${RESPONSE_TEXT[responseTo(mode, profile)]}`).join(". ");
  return html`<section aria-labelledby="response"><h2 id="response">Cue against decoy</h2>
<p>A decoy uses the words of a cue without setting the relation. <strong>Responsiveness</strong> is what the cue does beyond its decoy: own label against the mean of the other five, each against the neutral sentence. Only a responsiveness whose interval lies above zero speaks of the relation.</p>
<div class="pair"><figure>${intervalPlot({
    ...{ document, style, points },
    groups: MODES.map((mode) => LABEL_NAMES[mode]),
    axis: axisOf(unit),
    alternative: `Interval plot of cue, decoy and their difference for each mode. ${findings}. The numbers stand in the table beside it.`,
  })}<figcaption>${seriesKey(PARTS.map((part) => SERIES[part]))}</figcaption></figure>
${estimateTable({
  caption: `Cue, decoy and responsiveness, ${axisOf(unit)}`,
  corner: "mode",
  columns: ["cue", "decoy", "responsiveness"],
  rows: MODES.map((mode) => ({
    name: LABEL_NAMES[mode],
    cells: PARTS.map((part) => estimateCell(modes[mode][part], style)),
  })),
})}</div>
${estimateTable({ caption: "What the intervals allow to say", corner: "mode", columns: ["finding"], rows: MODES.map((mode) => ({ name: LABEL_NAMES[mode], cells: [textCell(RESPONSE_TEXT[responseTo(mode, profile)])] })) })}</section>`;
}
