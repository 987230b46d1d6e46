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
}

/** A page whole; the policy in its head forbids scripts and every request, whatever a text might smuggle in. */
export function pageOf({ title, header, navigation, main, footer }: Page): string {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${rawHtml(PAGE_STYLE)}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>${header}</header>
${navigation}
<main id="content" tabindex="-1">${main}</main>
<footer>${footer}</footer>
</body>
</html>
`;
  return markup;
}

/** Title, answer in one plain sentence, and the facts that it rests on. */
export function pageHead(profile: Profile, kind: string): Html {
  const { model, bank, format, set, design } = profile;
  const facts = [
    ["format", format],
    ["set", set],
    ["bank", `${bank.id} ${bank.version}`],
    ["bank SHA-256", `${bank.hash.slice(0, 12)}…`],
    ["situations", `${design.situations} in ${design.domains} domains`],
    ["seed", String(profile.seed)],
  ] as const;
  const alert = answersByPosition(profile) ? "answer alert" : "answer";
  return html`<p class="eyebrow">${kind}: how does this model respond to each way of relating, and towards which does it lean?</p>
<h1>${model.spec}</h1>
<p class="${alert}">${answerSentence(profile)}</p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
