import { ROWS } from "../../model/label.ts";
import type { Matrix, Profile } from "../../model/profile.ts";
import { estimateCell, estimateTable, numberCell } from "./estimate-table.ts";
import { neutralValue, primaryMatrix, QUANTITY_NAMES, quantityStyle } from "./findings.ts";
import { heatTable, ROW_NAMES, scaleEnds } from "./heat-table.ts";
import { type Html, html } from "./html-text.ts";
import { numberText, pText } from "./number-text.ts";

const MEANING: Readonly<Record<Matrix["quantity"], string>> = {
  margin:
    "How much the cue of the row raises the replies of the column, in nats, against the other five labels. The average over the five rows is taken out, so this shows what cues do; which way the model leans by itself stands under bias.",
  share: "How often a reply of the column is chosen under the cue of the row. One in six would be chance.",
  win: "The share of situations in which the column came first under the cue of the row. One in six would be chance; ties share the win.",
  normalised:
    "Cue effects put on one scale that sums to one in every row, by a softmax at one fitted temperature. It is a score, not a probability.",
};

/** The primary matrix, largest on the page. */
export function matrixSection(profile: Profile): Html {
  const matrix = primaryMatrix(profile);
  return html`<section aria-labelledby="matrix"><h2 id="matrix">Replies by cue</h2>
<p>${MEANING[matrix.quantity]}</p>
${heatTable(matrix, `Rows are cues, columns are replies: ${QUANTITY_NAMES[matrix.quantity]}, 95 % interval, situations`, profile)}
${heatKey(matrix)}</section>`;
}

/** The other matrices, wins first, and what each row amounts to. */
export function winsSection(profile: Profile): Html {
  const [, ...others] = profile.matrices;
  const tables = others.map(
    (
      matrix,
    ) => html`<h3>${matrix.quantity === "win" ? "Situations won" : "Normalised score"}</h3><p>${MEANING[matrix.quantity]}${matrix.quantity === "normalised" && profile.normalisation ? ` Temperature ${profile.normalisation.temperature.toFixed(2)}, fitted on ${profile.normalisation.fittedOn}.` : ""}</p>
${heatTable(matrix, `Rows are cues, columns are replies: ${QUANTITY_NAMES[matrix.quantity]}, 95 % interval, situations`, profile)}`,
  );
  return html`<section aria-labelledby="wins"><h2 id="wins">Wins</h2>${tables}${summaryTable(profile)}</section>`;
}

function heatKey(matrix: Matrix): Html {
  const style = quantityStyle(matrix.quantity);
  const [least, most] = scaleEnds(matrix);
  const neutral = neutralValue(matrix.quantity);
  return html`<p class="key"><span>${numberText(least, style)}<span class="ramp" aria-hidden="true"></span>${numberText(most, style)}</span><span><strong>Bold</strong>: the interval lies wholly on one side of ${numberText(neutral, style)}</span><span>Framed: the reply that the cue calls for</span></p>`;
}

function summaryTable(profile: Profile): Html {
  const { of, distance } = profile.summary.none;
  return html`<h3>Spread of each row</h3>
<p>Entropy and effective number of labels, of the ${of}, and the Jensen–Shannon divergence (the distance is its root) from ${distance.reference}. All three are corrected for bias and carry a bound on one side only, for which no coverage is claimed; p is of no distance, from a simulated null.</p>
${estimateTable({
  caption: `Spread of each row, of the ${of}`,
  corner: "cue",
  columns: ["entropy, nats", "effective labels", `distance from ${distance.reference}`, "p"],
  rows: ROWS.map((row) => {
    const { entropyNats, effectiveModes, distance: own } = profile.summary[row];
    const cells = [entropyNats, effectiveModes, own.estimate].map((estimate) => estimateCell(estimate, "score"));
    return { name: ROW_NAMES[row], cells: [...cells, numberCell(pText(own.p))] };
  }),
})}`;
}
