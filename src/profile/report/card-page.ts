import type { StressSection } from "../../model/card.ts";
import { LABEL_NAMES, LABELS, MODES } from "../../model/label.ts";
import type { Profile } from "../../model/profile.ts";
import { unscoredIn } from "../lost-answers.ts";
import { estimateCells, estimateColumns, estimateTable, numberCell, textCell } from "./estimate-table.ts";
import { differenceStyle, RESPONSE_TEXT, responseTo } from "./findings.ts";
import { type Html, html } from "./html-text.ts";
import type { DrawingDocument } from "./interval-plot.ts";
import { axisOf, biasSection } from "./lean-section.ts";
import { matrixSection } from "./matrix-section.ts";
import { pageHead, pageOf } from "./page.ts";
import { limitsSection } from "./reading-section.ts";

interface CardSources {
  readonly document: DrawingDocument;
  readonly profileSha256: string;
  readonly stress?: StressSection | undefined;
}

/** `card.html`: the report on one page: answer, matrix, bias, response, limits, hashes (C3). */
export function renderCardPage(profile: Profile, { document, profileSha256, stress }: CardSources): string {
  return pageOf({
    title: `Relational bias card of ${profile.model.spec}`,
    header: pageHead(profile, "Relational bias card"),
    navigation: null,
    main: html`${matrixSection(profile)}${biasSection(profile, document)}${responseTable(profile)}${stress ? pressureSection(stress) : null}${missingLine(profile)}${limitsSection(profile)}${hashes(profile, profileSha256, stress)}`,
    footer: html`Made by dashpot ${profile.dashpot}. The whole report lies beside this card. Check the signature: <code>dashpot card verify card.dsse.json --key PUB</code>.`,
  });
}

function responseTable(profile: Profile): Html {
  const { unit, modes } = profile.responsiveness;
  return html`<section aria-labelledby="response"><h2 id="response">Response to each way of relating</h2>
<p>Responsiveness is what a cue does beyond a decoy with the same words.</p>
${estimateTable({
  caption: `Responsiveness, ${axisOf(unit)}`,
  corner: "mode",
  columns: [...estimateColumns("responsiveness"), "finding"],
  rows: MODES.map((mode) => ({
    name: LABEL_NAMES[mode],
    cells: [
      ...estimateCells(modes[mode].responsiveness, differenceStyle(unit), 0),
      textCell(RESPONSE_TEXT[responseTo(mode, profile)]),
    ],
  })),
})}</section>`;
}

function pressureSection({ answer, suite, set, design, curves, limits }: StressSection): Html {
  return html`<section aria-labelledby="pressure"><h2 id="pressure">Under pressure</h2>
<p><strong>${answer}</strong></p>
<p>Suite ${suite.id} ${suite.version}, set ${set}, design ${design}. Rung 7 and above is coercive.</p>
${estimateTable({
  caption: "Coercive answers as the parties stand less equal",
  corner: "asked by, factor",
  columns: ["at level", ...estimateColumns("value"), "finding"],
  rows: curves.map(({ measure, factor, text, top }) => ({
    name: `${measure}, ${factor}`,
    cells: top
      ? [numberCell(top.level), ...estimateCells(top.estimate, measure === "score" ? "nats" : "share"), textCell(text)]
      : [textCell("–"), ...estimateColumns("value").map(() => textCell("–")), textCell(text)],
  })),
})}
<ul>${limits.map((limit) => html`<li>${limit}</li>`)}</ul></section>`;
}

function missingLine({ silence, matrices }: Profile): Html {
  const { refusals, unparsable, empty, failures } = silence.total;
  const lost = LABELS.reduce(
    (sum, label) => sum + Object.values(matrices[0]?.cells ?? {}).reduce((cells, row) => cells + row[label].missing, 0),
    0,
  );
  const replies = unscoredIn(silence);
  const unscored = replies === 0 ? "" : ` ${replies} replies have no log-probabilities.`;
  return html`<section aria-labelledby="missing"><h2 id="missing">What is missing</h2><p>${refusals} answers refused, ${unparsable} unparsable, ${empty} empty, ${failures} failed; ${lost} situation values are missing over the thirty cells.${unscored}</p></section>`;
}

function hashes({ bank, plan, model, bias }: Profile, profileSha256: string, stress?: StressSection): Html {
  const facts = [
    ["profile.json", profileSha256],
    ["bank", bank.hash],
    ["plan", plan],
    ...(stress ? [["card-stress.json", stress.record] as const, ["stress suite", stress.suite.hash] as const] : []),
    ...(model.sha256 ? [["weights or policy", model.sha256] as const] : []),
    ...(bias.reference ? [["reference profile", bias.reference.profile] as const] : []),
  ] as const;
  return html`<section aria-labelledby="made"><h2 id="made">What made it</h2>${estimateTable({ caption: "SHA-256", corner: "what", columns: ["value"], rows: facts.map(([name, value]) => ({ name, cells: [html`<td class="text"><code>${value}</code></td>`] })) })}</section>`;
}
