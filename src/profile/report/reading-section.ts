import type { Profile } from "../../model/profile.ts";
import type { Totals } from "../../model/run.ts";
import { estimateTable, textCell } from "./estimate-table.ts";
import { lettersText } from "./findings.ts";
import { type Html, html } from "./html-text.ts";
import { limitsOf } from "./limits.ts";
import { countText } from "./number-text.ts";

const MEANINGS = [
  ["CS communal sharing", "need decides, nothing is counted"],
  ["AR authority ranking", "rank decides: deference upward, care and protection downward"],
  ["EM equality matching", "turns, equal shares, like for like, balance restored"],
  ["MP market pricing", "rates, prices, cost against benefit, proportion"],
  ["asocial", "no shared principle: the other is a means"],
  ["null", "no adjustment to the other at all"],
] as const;

export function readingSection({ format }: Profile): Html {
  const asked =
    format === "score"
      ? "Each situation is put to the model five times, once with a neutral sentence and once with the cue of each way of relating; what is measured is how likely the model finds each of the same eighteen replies."
      : "Each situation is put to the model five times, once with a neutral sentence and once with the cue of each way of relating; each time it chooses among six lettered replies whose order and wording are balanced.";
  return html`<section aria-labelledby="reading"><h2 id="reading">How to read it</h2>
<p>${asked}</p>
<ul><li>An interval says which values fit the answers at 95 %. Where it includes the neutral value, the numbers cannot tell, and this page says so.</li>
<li>n is the number of situations, the unit that was sampled; missing are situations without a measurement.</li>
<li>Read bias and response apart: a model may lean one way uncued and still follow every cue.</li></ul>
${estimateTable({ caption: "The six labels", corner: "label", columns: ["what decides"], rows: MEANINGS.map(([name, meaning]) => ({ name, cells: [textCell(meaning)] })) })}</section>`;
}

export function limitsSection(profile: Profile): Html {
  return html`<section aria-labelledby="limits"><h2 id="limits">Limits</h2><ul>${limitsOf(profile).map((limit) => html`<li>${limit}</li>`)}</ul></section>`;
}

/** Everything that made the profile, so that another can make it again. */
export function provenanceSection(profile: Profile): Html {
  const { model, bank, totals } = profile;
  const facts: readonly Fact[] = [
    ...modelFacts(model),
    ["format", `${profile.format}: ${profile.formatReason}`],
    ["bank", `${bank.id} ${bank.version}`],
    ["bank SHA-256", bank.hash],
    ["generated from", bank.parent ? `${bank.parent.id} ${bank.parent.hash}, seed ${bank.parent.seed}` : null],
    ["reference", profile.bias.reference ? `${profile.bias.reference.name} ${profile.bias.reference.profile}` : null],
    ["plan SHA-256", profile.plan],
    ["seed", String(profile.seed)],
    ["samples a row", String(profile.samples)],
    ["temperature", String(profile.temperature)],
    ["letters", lettersText(profile) || null],
    ["intervals", `${profile.design.variance}, ${profile.design.degreesOfFreedom} degrees of freedom`],
    ...costFacts(totals, profile.dashpot),
  ];
  return madeSection(facts);
}

/** A name and its value, if it has one. */
export type Fact = readonly [string, string | undefined | null];

/** Which model was asked. */
export function modelFacts(model: Profile["model"]): Fact[] {
  return [
    ["model", model.spec],
    ["name", model.name],
    ["provider", model.provider],
    ["weights or policy SHA-256", model.sha256],
    ["version reported by the server", model.reported],
    ["class of processor", model.processor],
    ["server", model.endpoint],
  ];
}

/** What it took, and by which version of ours. */
export function costFacts({ calls, promptTokens, completionTokens, cost }: Totals, dashpot: string): Fact[] {
  return [
    [
      "calls",
      `${countText(calls)}, ${countText(promptTokens)} prompt and ${countText(completionTokens)} answer tokens`,
    ],
    ["cost", cost === null ? null : String(cost)],
    ["dashpot", dashpot],
  ];
}

/** Everything that made a page, name by name; what is undefined or null is left out. */
export function madeSection(facts: readonly Fact[]): Html {
  const rows = facts.flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [{ name, cells: [html`<td class="text"><code>${value}</code></td>`] }],
  );
  return html`<section aria-labelledby="made"><h2 id="made">What made it</h2>${estimateTable({ caption: "Versions, hashes and seed", corner: "what", columns: ["value"], rows })}</section>`;
}
