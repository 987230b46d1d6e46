import type { Profile } from "../../model/profile.ts";
import { dyadsSection, selfSection } from "./dyads-section.ts";
import { effectsSection, positionSection, variationsSection } from "./effects-section.ts";
import { type Html, html } from "./html-text.ts";
import type { DrawingDocument } from "./interval-plot.ts";
import { biasSection, rankSection } from "./lean-section.ts";
import { matrixSection, winsSection } from "./matrix-section.ts";
import { agreementSection, missingSection } from "./missing-section.ts";
import { pageHead, pageOf } from "./page.ts";
import { limitsSection, provenanceSection, readingSection } from "./reading-section.ts";
import { responseSection } from "./response-section.ts";

const CONTENTS = [
  ["matrix", "Replies by cue"],
  ["wins", "Wins"],
  ["bias", "Bias"],
  ["response", "Cue against decoy"],
  ["rank", "Power"],
  ["effects", "Wording, order, domain"],
  ["variations", "Variations"],
  ["dyads", "Exchanges"],
  ["self", "Self-report"],
  ["position", "Position"],
  ["missing", "Missing"],
  ["agreement", "Agreement"],
  ["reading", "How to read it"],
  ["limits", "Limits"],
  ["made", "What made it"],
] as const;

/**
 * The report of a profile: one HTML page that needs nothing from anywhere (C2). Texts of the profile are shown as
 * harmless text (F5); the same profile gives the same bytes (C9).
 *
 * @param options.document a DOM to draw the figures in, such as `parseHTML("<html></html>").document` of linkedom.
 */
export function renderReport(profile: Profile, { document }: { readonly document: DrawingDocument }): string {
  const sections = [
    matrixSection(profile),
    winsSection(profile),
    biasSection(profile, document),
    responseSection(profile, document),
    rankSection(profile, document),
    effectsSection(profile),
    variationsSection(profile),
    dyadsSection(profile),
    selfSection(profile),
    positionSection(profile),
    missingSection(profile),
    agreementSection(profile),
    readingSection(profile),
    limitsSection(profile),
    provenanceSection(profile),
  ].filter((section) => section !== null);
  return pageOf({
    title: `Relational profile of ${profile.model.spec}`,
    header: html`${pageHead(profile, "Relational profile")}`,
    navigation: navigation(profile),
    main: html`${sections}`,
    footer: html`Made by dashpot ${profile.dashpot} from the answers of one run. The signed card lies beside this page: <code>dashpot card verify card.dsse.json --key PUB</code>.`,
  });
}

function navigation(profile: Profile): Html {
  const entries = CONTENTS.filter(([id]) => id !== "position" || profile.position !== null);
  return html`<nav aria-label="On this page"><ul>${entries.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>`;
}
