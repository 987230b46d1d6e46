import { sha256Hex } from "../../kernel/canonical-json.ts";
import type { Profile } from "../../model/profile.ts";
import { answerSentence, answersByPosition } from "./findings.ts";
import { type Html, html, rawHtml } from "./html-text.ts";
import { PAGE_STYLE } from "./page-style.ts";

export interface Page {
  readonly title: string;
  readonly header: Html;
  readonly navigation: Html | null;
  readonly main: Html;
  readonly footer: Html;
  /** Beside the style of every page. */
  readonly style?: string;
  /** The only script that the page's policy lets run, with what it reads as JSON of the element `data`. */
  readonly script?: { readonly code: string; readonly data: unknown };
}

/**
 * A page whole; the policy in its head forbids every request and every script but its own, whatever a text might smuggle
 * in.
 */
export function pageOf({ title, header, navigation, main, footer, style = "", script }: Page): string {
  const allowed = script
    ? ` script-src 'sha256-${Buffer.from(sha256Hex(script.code), "hex").toString("base64")}';`
    : "";
  const policy = `default-src 'none';${allowed} style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${rawHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${rawHtml(PAGE_STYLE)}${rawHtml(style)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>${header}</header>
${navigation}
<main id="content" tabindex="-1">${main}</main>
<footer>${footer}</footer>
${script ? scripted(script) : null}</body>
</html>
`;
  return markup;
}

function scripted({ code, data }: NonNullable<Page["script"]>): Html {
  const json = JSON.stringify(data)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
  return html`<script type="application/json" id="data">${rawHtml(json)}</script>
<script>${rawHtml(code)}</script>
`;
}

/** Title, answer in one plain sentence, and the facts that it rests on. */
export function pageHead(profile: Profile, kind: string): Html {
  const { model, bank, format, set, design, people } = profile;
  const facts = [
    ["format", format],
    ["set", set],
    ["bank", `${bank.id} ${bank.version}`],
    ["bank SHA-256", `${bank.hash.slice(0, 12)}…`],
    ["situations", `${design.situations} in ${design.domains} domains`],
    ["seed", String(profile.seed)],
    ...(people ? [["people", `${people.people}, ${people.answers} answers`] as const] : []),
  ] as const;
  const alert = answersByPosition(profile) ? "answer alert" : "answer";
  return html`<p class="eyebrow">${kind}: how ${people ? "do these people" : "does this model"} respond to each way of relating, and towards which ${people ? "do they" : "does it"} lean?</p>
<h1>${model.spec}</h1>
<p class="${alert}">${answerSentence(profile)}</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
