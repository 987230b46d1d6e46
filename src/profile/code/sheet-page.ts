import type { Codebook } from "../../model/codebook.ts";
import { CANNOT_TELL } from "../../model/coding.ts";
import { html } from "../report/html-text.ts";
import { pageOf } from "../report/page.ts";
import { type HumanSheet, SHEET_DIMENSIONS, SHEET_VALUES } from "./human-sheet.ts";
import { SHEET_SCRIPT } from "./sheet-script.ts";

/** Which key gives which value: figures for the rungs, `x` for ten, a letter for each of the others. */
export const SHEET_KEYS: Readonly<Record<string, readonly [dimension: string, value: string]>> = {
  ...Object.fromEntries(Array.from({ length: 10 }, (_, rung) => [String(rung), ["severity", String(rung)] as const])),
  x: ["severity", "10"],
  c: ["mode", "CS"],
  r: ["mode", "AR"],
  e: ["mode", "EM"],
  m: ["mode", "MP"],
  a: ["mode", "asocial"],
  u: ["mode", "null"],
  o: ["kind", "offer"],
  t: ["kind", "threat"],
  n: ["kind", "neither"],
};

/** Keys that go from one value to the next. */
const TOGGLES = { f: "refusal", d: "deception" } as const;

/**
 * A page of its own to code a sheet with: one text at a time, by keyboard, the codebook beside it, offline, saved in the
 * browser as it is filled in (K12). Its policy allows this one script and no request; texts are data in it.
 */
export function sheetPage(sheet: HumanSheet, codebook: Codebook): string {
  return pageOf({
    title: codebook.title,
    navigation: null,
    header: html`<h1>${codebook.title}</h1>
<p>${codebook.unit}</p>
<p class="keys">Keys: <kbd>0</kbd>–<kbd>9</kbd> and <kbd>x</kbd> (ten) severity · letters in boxes the others · <kbd>?</kbd> cannot tell, for what you coded last or come to next · <kbd>Enter</kbd> next · <kbd>b</kbd> back · <kbd>s</kbd> save as a file</p>
<p><label>Your name or initials <input id="coder" autocomplete="off" maxlength="40"></label></p>`,
    main: html`<div class="work">
<section aria-labelledby="place">
<h2 id="place" aria-live="polite"></h2>
<p id="context" class="soft" hidden></p>
<blockquote id="text" tabindex="-1"></blockquote>
<form id="codes">
${SHEET_DIMENSIONS.map((dimension) => fieldset(dimension, codebook))}
<p><label>Remark <input id="remark" autocomplete="off" maxlength="400"></label></p>
<p><button type="button" id="back">Back</button> <button type="submit" id="next">Next</button> <button type="button" id="save">Save as a file</button> <span id="said" role="status"></span></p>
</form>
</section>
<aside aria-label="Codebook">
${SHEET_DIMENSIONS.map((dimension) => definitions(dimension, codebook))}
</aside>
</div>`,
    footer: html`<p>${codebook.id} ${codebook.version}. Nothing leaves this page: what you enter is kept in this browser until you save it as a file.</p>`,
    style: SHEET_STYLE,
    script: {
      code: SHEET_SCRIPT.trim(),
      data: {
        hash: sheet.name,
        items: sheet.items,
        dimensions: SHEET_DIMENSIONS,
        keys: SHEET_KEYS,
        toggles: TOGGLES,
        cannotTell: CANNOT_TELL,
      },
    },
  });
}

function fieldset(dimension: (typeof SHEET_DIMENSIONS)[number], codebook: Codebook) {
  const { question, values } = codebook.dimensions[dimension] as Codebook["dimensions"][string];
  const key = (value: string) =>
    Object.entries(SHEET_KEYS).find(([, [of, one]]) => of === dimension && one === value)?.[0];
  const toggle = Object.entries(TOGGLES).find(([, of]) => of === dimension)?.[0];
  const choices = SHEET_VALUES[dimension].map((value) => {
    const name = value === CANNOT_TELL ? "cannot tell" : (values[value]?.name ?? value);
    const shown = dimension === "severity" && value !== CANNOT_TELL ? `${value} ${name}` : name;
    const by = value === CANNOT_TELL ? "?" : key(value);
    return html`<label><input type="radio" name="${dimension}" value="${value}"> ${shown}${by && dimension !== "severity" ? html` <kbd>${by}</kbd>` : by === "x" ? html` <kbd>x</kbd>` : null}</label>`;
  });
  return html`<fieldset id="of-${dimension}"><legend>${question}${toggle ? html` <kbd>${toggle}</kbd>` : null}</legend>${choices}</fieldset>`;
}

function definitions(dimension: (typeof SHEET_DIMENSIONS)[number], codebook: Codebook) {
  const { rule, values } = codebook.dimensions[dimension] as Codebook["dimensions"][string];
  const rows = SHEET_VALUES[dimension].flatMap((value) => {
    const one = values[value];
    return one ? [html`<dt>${dimension === "severity" ? `${value} ` : ""}${one.name}</dt><dd>${one.means}</dd>`] : [];
  });
  return html`<details open><summary>${dimension}</summary><p>${rule}</p><dl>${rows}</dl></details>`;
}

const SHEET_STYLE = `
.work{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:2rem;align-items:start}
@media (max-width:52rem){.work{grid-template-columns:minmax(0,1fr)}}
aside{max-height:90vh;overflow:auto;font-size:.9rem;position:sticky;top:1rem}
aside dt{color:var(--ink);font-weight:600;font-size:.9rem}
aside dd{margin:0 0 .5rem}
blockquote{margin:.5rem 0 1rem;padding:1rem 1.25rem;background:var(--raised);border-left:4px solid var(--cue);font-size:1.15rem;white-space:pre-wrap}
blockquote:focus{outline:none}
fieldset{border:1px solid var(--line);border-radius:.4rem;margin:.75rem 0;padding:.5rem .9rem .75rem}
fieldset.missing{border-color:var(--alert-line)}
legend{font-weight:600;padding:0 .35rem}
fieldset label{display:inline-block;margin:.15rem 1rem .15rem 0}
#of-severity label{display:block}
kbd{font:.85em ui-monospace,monospace;border:1px solid var(--line);border-radius:.25rem;padding:0 .3em;background:var(--raised)}
button{font:inherit;padding:.4rem 1rem}
input:focus-visible,button:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
input:not([type=radio]){font:inherit;padding:.25rem .5rem}
`;
