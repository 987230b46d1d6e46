import type { GameReading, GameSilences } from "../../../model/games-report.ts";
import { estimateTable, numberCell } from "../estimate-table.ts";
import { type Html, html } from "../html-text.ts";
import { countText, numberText, pText } from "../number-text.ts";
import { capital, placeText, readingText } from "./games-findings.ts";

/** Where the letters stood that were chosen. */
export function placePart(reading: GameReading | null): Html | null {
  if (!reading?.place || !reading.content) return null;
  const even = 1 / reading.byPlace.length;
  const rows = [
    {
      name: "share",
      cells: [...reading.byPlace, even].map((value) => numberCell(numberText(value, "share"))),
    },
  ];
  const letters = reading.byPlace.map((_, at) => String.fromCharCode(65 + at));
  const { place, content } = reading;
  const summary = html`<summary>Places of the letters: likeliest ${placeText(reading)}</summary>`;
  const inside = html`<p>${capital(readingText(reading))}. The place tells ${numberText(place.information, "score")} nats of the answer (p ${pText(place.p)}), what stands there ${numberText(content.information, "score")} (p ${pText(content.p)}).</p>${estimateTable({ caption: "Mean probability of each place", corner: "place", columns: [...letters, "even"], rows })}`;
  return reading.verdict === "place"
    ? html`<details open>${summary}${inside}</details>`
    : html`<details>${summary}${inside}</details>`;
}

export function missingTable({ refusals, unparsable, empty, failures }: GameSilences, asked: number): Html {
  const rows = [
    { name: `of ${countText(asked)} asked`, cells: [refusals, unparsable, empty, failures].map(numberCell) },
  ];
  return html`<details><summary>What is missing: ${refusals + unparsable + empty + failures} of ${countText(asked)}</summary>${estimateTable({ caption: "Answers that gave nothing", corner: "answers", columns: ["refused", "unparsable", "empty", "failed"], rows })}</details>`;
}
