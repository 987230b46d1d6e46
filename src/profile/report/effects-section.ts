import type { Effect, Profile } from "../../model/profile.ts";
import { estimateCells, estimateColumns, estimateTable, numberCell, textCell } from "./estimate-table.ts";
import { type Html, html } from "./html-text.ts";
import { numberText, pText } from "./number-text.ts";

/** Wording, order, domain and rank: what should not matter and whether it does (E6). */
export function effectsSection(profile: Profile): Html {
  const effects = profile.effects.filter((effect) => effect.levels.every((level) => level.label === null));
  const style = profile.format === "score" ? "nats" : "share";
  const tables = effects.map((effect) => effectTable(effect, style));
  const nothing = effects.length === 0 ? html`<p>Nothing was varied within this run.</p>` : null;
  return html`<section aria-labelledby="effects"><h2 id="effects">By wording, order, domain and rank</h2>
<p>By wording, domain and rank: the mean of the four cued modes in the row of their own cue, apart for each level; by place: the share of all choices. p is of no difference between the levels, by permutation, where one can be had.</p>
${nothing}${tables}</section>`;
}

function effectTable(effect: Effect, style: "nats" | "share"): Html {
  return html`<h3>${sentence(effect.name)}</h3>${estimateTable({
    caption: `${sentence(effect.name)}; p of no difference: ${pText(effect.p)}`,
    corner: effect.factor,
    columns: estimateColumns("mean"),
    rows: effect.levels.map(({ level, estimate }) => ({ name: level, cells: estimateCells(estimate, style) })),
  })}`;
}

/** How far the matrix moves under each variation (E7). */
export function variationsSection({ variations, format }: Profile): Html {
  const style = format === "score" ? "score" : "share";
  const table = estimateTable({
    caption:
      "Mean absolute difference of the thirty primary cells from the unvaried run; of wordings and orders from the others",
    corner: "variation",
    columns: ["level", ...estimateColumns("moved"), "remark"],
    rows: variations.map(({ variation, level, moved, remark }) => ({
      name: variation,
      cells: [textCell(level), ...estimateCells(moved, style), textCell(remark)],
    })),
  });
  return html`<section aria-labelledby="variations"><h2 id="variations">Variations</h2>${variations.length === 0 ? html`<p>None was asked for. <code>--vary persona,frame,order,wording,temperature</code> tells how far the matrix moves.</p>` : table}</section>`;
}

/** Position dependence (A8). */
export function positionSection({ position, effects }: Profile): Html | null {
  if (!position) return null;
  const verdict = position.answersByPosition ? "This model answers by position." : "Place does not decide the answer.";
  const known = effects.find(({ factor }) => factor === "order");
  const bare = position.byPlace.map((share, place) => ({
    name: `place ${place + 1}`,
    cells: [numberCell(numberText(share, "share"))],
  }));
  const shares = known
    ? known.levels.map(({ level, estimate }) => ({ name: level, cells: estimateCells(estimate, "share") }))
    : bare;
  return html`<section aria-labelledby="position"><h2 id="position">Position of the reply</h2>
<p><strong>${verdict}</strong> ${position.remark} Mutual information between place and choice ${position.mutualInformationNats.toFixed(3)} nats (p ${pText(position.p)}), between content and choice ${position.contentMutualInformationNats.toFixed(3)} nats (p ${pText(position.contentP)}), against contents reassigned to places, over ${position.n} answers (${position.missing} missing); both are of these answers, with a test and no interval.</p>
${estimateTable({ caption: "Share of the choice by place", corner: "place", columns: known ? estimateColumns("share") : ["share"], rows: shares })}</section>`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
