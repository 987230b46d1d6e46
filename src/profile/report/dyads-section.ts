import { LABEL_NAMES, LABELS, MODES } from "../../model/label.ts";
import type { DyadScript, Profile } from "../../model/profile.ts";
import { estimateCell, estimateCells, estimateColumns, estimateTable } from "./estimate-table.ts";
import { type Html, html } from "./html-text.ts";

const POLICIES = {
  alwaysGives: "over always gives",
  neverGives: "over never gives",
  random: "over random",
} as const;

/** Repeated exchanges against scripted partners (I15). */
export function dyadsSection({ dyads }: Profile): Html {
  return html`<section aria-labelledby="dyads"><h2 id="dyads">Repeated exchanges</h2>
<p>The model plays against a scripted partner; who did what to whom is coded by the flux coder. A script brings its own pattern with it, so each share of dyads is set beside what three simple policies show against the same partner: only an excess over all three, with intervals above zero, is the model's. With a single dyad a script that says that it happens, not how often.</p>
${dyads.length === 0 ? html`<p>None was played in this run.</p>` : dyads.map(scriptTable)}</section>`;
}

function scriptTable({ script, dyads, moves, unparsable, categories }: DyadScript): Html {
  return html`<h3>Partner ${script.replaceAll("-", " ")}</h3>${estimateTable({
    caption: `Partner ${script.replaceAll("-", " ")}: ${dyads} ${dyads === 1 ? "dyad" : "dyads"}, ${moves} moves of the model, ${unparsable} of them no move and counted as nothing`,
    corner: "category",
    columns: [...estimateColumns("share"), ...Object.values(POLICIES)],
    rows: LABELS.map((label) => {
      const { share, excess } = categories[label];
      const over = (Object.keys(POLICIES) as (keyof typeof POLICIES)[]).map((policy) =>
        estimateCell(excess[policy], "points"),
      );
      return { name: LABEL_NAMES[label], cells: [...estimateCells(share, "share"), ...over] };
    }),
  })}`;
}

/** What the model says of itself, apart (A10). */
export function selfSection({ self }: Profile): Html {
  if (!self)
    return html`<section aria-labelledby="self"><h2 id="self">Self-report</h2><p>None was asked for.</p></section>`;
  return html`<section aria-labelledby="self"><h2 id="self">Self-report</h2><p>${self.remark}</p>
${estimateTable({ caption: "Mean rating, 1 (not at all) to 7 (entirely)", corner: "mode", columns: estimateColumns("rating"), rows: MODES.map((mode) => ({ name: LABEL_NAMES[mode], cells: estimateCells(self.modes[mode], "score") })) })}</section>`;
}
