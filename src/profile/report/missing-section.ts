import { LABELS, type Label, ROWS } from "../../model/label.ts";
import type { Profile, Silence } from "../../model/profile.ts";
import { unscoredIn } from "../lost-answers.ts";
import { estimateCells, estimateColumns, estimateTable, numberCell } from "./estimate-table.ts";
import { ROW_NAMES } from "./heat-table.ts";
import { type Html, html } from "./html-text.ts";

/** Answers that gave no measurement, counted apart and per row (A12). */
export function missingSection({ silence, format }: Profile): Html {
  const rows = [
    ...ROWS.map((row) => ({ name: ROW_NAMES[row], cells: silenceCells(silence.cells[row]) })),
    { name: "dyads", cells: silenceCells(silence.dyads) },
    { name: "everything asked", cells: silenceCells(silence.total) },
  ];
  return html`<section aria-labelledby="missing"><h2 id="missing">What is missing</h2>
<p>Answers that gave no measurement are never dropped. The six cells of a row lose the same answers; a situation stays in their n as long as one of its answers in that row is left.</p>
${estimateTable({ caption: "Answers without a measurement, by cue", corner: "cue", columns: ["refused", "unparsable", "empty", "failed"], rows })}${format === "score" ? unscoredReplies(silence) : null}</section>`;
}

function unscoredReplies(silence: Profile["silence"]): Html {
  if (unscoredIn(silence) === 0) return html`<p>All replies of answered prompts have their log-probabilities.</p>`;
  const { cells, contentFree, others } = silence.replies;
  const row = (name: string, counts: Readonly<Record<Label, number>>) => ({
    name,
    cells: LABELS.map((label) => numberCell(counts[label])),
  });
  const rows = [...ROWS.map((one) => row(ROW_NAMES[one], cells[one])), row("content-free prompt", contentFree)];
  return html`<p>Some replies of answered prompts have no log-probabilities. A cell is then the mean over the wordings that are left in all five rows of its situation; where none is left, the situation is missing.</p>
${estimateTable({ caption: "Replies without log-probabilities, of three for each situation", corner: "cue", columns: LABELS, rows })}<p>Of decoys and the validation arm: ${others}.</p>`;
}

function silenceCells({ refusals, unparsable, empty, failures }: Silence): Html[] {
  return [refusals, unparsable, empty, failures].map(numberCell);
}

/** How far two formats agree, and whether the limiting cases can win (A11, I9). */
export function agreementSection({ agreement, validation, format }: Profile): Html {
  const once =
    format === "score"
      ? html`<p>By letters each row was asked once, so that one order, one wording each and, without log-probabilities, one draw name its winner: formats of one mind agree in part only.</p>`
      : null;
  const compared = agreement
    ? html`${once}${estimateTable({
        caption: `${agreement.formats[0]} against ${agreement.formats[1]}`,
        corner: "measure",
        columns: estimateColumns("estimate"),
        rows: [
          { name: "rank correlation over thirty cells", cells: estimateCells(agreement.rankCorrelation, "score") },
          { name: "same winner in a row", cells: estimateCells(agreement.sameWinner, "share") },
        ],
      })}`
    : html`<p>Only one format was asked, so how far formats agree is not known.</p>`;
  const validated = validation
    ? html`<h3>Do the limiting cases win when called for?</h3><p>Cues for asocial and null, asked apart and kept out of everything above.</p>${estimateTable(
        {
          caption: "Situations won by the limiting case that the cue calls for",
          corner: "case",
          columns: estimateColumns("won"),
          rows: (["asocial", "null"] as const).map((limit) => ({
            name: limit,
            cells: estimateCells(validation[limit], "share"),
          })),
        },
      )}`
    : null;
  return html`<section aria-labelledby="agreement"><h2 id="agreement">Agreement of formats</h2>${compared}${validated}</section>`;
}
