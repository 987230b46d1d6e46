import { LABEL_NAMES, LABELS, RANKS, type Rank } from "../../model/label.ts";
import type { Profile } from "../../model/profile.ts";
import { estimateCell, estimateCells, estimateColumns, estimateTable } from "./estimate-table.ts";
import { differenceStyle, leanings, names } from "./findings.ts";
import { type Html, html } from "./html-text.ts";
import { type DrawingDocument, intervalPlot, type Series } from "./interval-plot.ts";
import { seriesKey } from "./series-key.ts";

const OWN: Series = { name: "bias", symbol: "circle", filled: true, colour: "var(--cue)" };
const BY_RANK: Readonly<Record<Rank, Series>> = {
  above: { name: "the model stands above", symbol: "triangle", filled: true, colour: "var(--cue)" },
  equal: { name: "equal", symbol: "circle", filled: false, colour: "var(--third)" },
  below: { name: "the model stands below", symbol: "diamond2", filled: true, colour: "var(--decoy)" },
};
const RANK_ORDER = ["above", "equal", "below"] as const;

/** Towards which labels the model leans without a cue (A4). */
export function biasSection(profile: Profile, document: DrawingDocument): Html {
  const { bias } = profile;
  const style = differenceStyle(bias.unit);
  const against = bias.reference
    ? `against ${bias.reference.name} (${bias.reference.pairs} situations paired)`
    : "against zero";
  const points = LABELS.map((label) => ({ group: LABEL_NAMES[label], series: OWN, estimate: bias.labels[label] }));
  return html`<section aria-labelledby="bias"><h2 id="bias">Uncued bias ${bias.reference ? "against the reference" : "against zero"}</h2>
<p>Where the model leans when a neutral sentence stands in the place of the cue, ${against}. ${bias.remark}</p>
<div class="pair"><figure>${intervalPlot({
    ...{ document, style, points },
    groups: LABELS.map((label) => LABEL_NAMES[label]),
    axis: axisOf(bias.unit),
    alternative: `Interval plot of uncued bias. ${leanText(profile)} The numbers stand in the table beside it.`,
  })}<figcaption>Dots are estimates, lines 95 % intervals.</figcaption></figure>
${estimateTable({ caption: `Uncued bias, ${axisOf(bias.unit)}`, corner: "label", columns: estimateColumns("bias"), rows: LABELS.map((label) => ({ name: LABEL_NAMES[label], cells: estimateCells(bias.labels[label], style, 0) })) })}</div></section>`;
}

/** Bias and own rows by who holds the power: obeying and commanding are opposite findings (E6). */
export function rankSection(profile: Profile, document: DrawingDocument): Html {
  const { bias } = profile;
  const style = differenceStyle(bias.unit);
  const ranks = RANK_ORDER.flatMap((rank) => bias.byRank.filter((one) => one.rank === rank));
  const points = LABELS.flatMap((label) =>
    ranks.map(({ rank, labels }) => ({ group: LABEL_NAMES[label], series: BY_RANK[rank], estimate: labels[label] })),
  );
  return html`<section aria-labelledby="rank"><h2 id="rank">By who holds the power</h2>
<p>The same bias, apart for situations in which the model stands above the other party, beside it, and below it. Commanding from above and obeying from below are opposite findings of one label.</p>
<div class="pair"><figure>${intervalPlot({
    ...{ document, style, points },
    groups: LABELS.map((label) => LABEL_NAMES[label]),
    axis: axisOf(bias.unit),
    alternative: "Interval plot of uncued bias by rank of the model. The numbers stand in the table beside it.",
  })}<figcaption>${seriesKey(ranks.map(({ rank }) => BY_RANK[rank]))}</figcaption></figure>
${estimateTable({
  caption: `Uncued bias by rank of the model, ${axisOf(bias.unit)}`,
  corner: "label",
  columns: ranks.map(({ rank }) => rank),
  rows: LABELS.map((label) => ({
    name: LABEL_NAMES[label],
    cells: ranks.map(({ labels }) => estimateCell(labels[label], style)),
  })),
})}</div>${rankEffects(profile)}</section>`;
}

function rankEffects(profile: Profile): Html | null {
  const effects = profile.effects.filter(
    (effect) => effect.factor === "rank" && effect.levels.some((level) => level.label !== null),
  );
  if (effects.length === 0) return null;
  const style = profile.format === "score" ? "nats" : "share";
  return html`<h3>Own cells by rank</h3><p>Each mode in the row of its own cue; asocial and null in the row of no cue.</p>${estimateTable(
    {
      caption: "Own cells by rank of the model",
      corner: "cell",
      columns: RANKS,
      rows: effects.map((effect) => ({
        name: effect.name.replace(" by who holds the power", ""),
        cells: RANKS.map((rank) => {
          const level = effect.levels.find((one) => one.level === rank);
          return level ? estimateCell(level.estimate, style) : null;
        }),
      })),
    },
  )}`;
}

function leanText(profile: Profile): string {
  const { towards, away } = leanings(profile);
  if (towards.length + away.length === 0) return "No interval lies wholly on one side of zero.";
  const parts = [
    towards.length > 0 ? `above zero: ${names(towards)}` : "",
    away.length > 0 ? `below zero: ${names(away)}` : "",
  ];
  return `Intervals wholly ${parts.filter((part) => part !== "").join("; ")}.`;
}

export function axisOf(unit: "nats" | "proportion"): string {
  return unit === "nats" ? "nats" : "percentage points";
}
