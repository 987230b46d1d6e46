import { parseHTML } from "linkedom";
import { expect, it } from "vitest";
import { type FixtureOptions, fixtureProfile } from "../../../test/fixtures/profile.ts";
import { LABELS, ROWS } from "../../model/label.ts";
import { lostOf } from "../lost-answers.ts";
import { renderCardPage } from "./card-page.ts";
import { answerSentence } from "./findings.ts";
import { intervalText, numberText } from "./number-text.ts";
import { renderPicture } from "./picture.ts";
import { renderReport } from "./report-page.ts";

const { document } = parseHTML("<!doctype html><html></html>");
const OPTIONS: readonly FixtureOptions[] = [
  {},
  { format: "choice", reference: true },
  { format: "choice", byPosition: true },
  { sparse: true },
  { hostile: true, reference: true },
];
const report = (options: FixtureOptions = {}) => renderReport(fixtureProfile(options), { document });
const card = (options: FixtureOptions = {}) =>
  renderCardPage(fixtureProfile(options), { document, profileSha256: "e".repeat(64) });
const picture = (options: FixtureOptions = {}) => renderPicture(fixtureProfile(options), { document });
const parsed = (page: string) => parseHTML(page).document;

it("C2: the report holds every part in the order a reader wants", () => {
  const headings = [...parsed(report({ format: "choice" })).querySelectorAll("h2")].map((heading) => heading.id);
  expect(headings).toEqual([
    "matrix",
    "wins",
    "bias",
    "response",
    "rank",
    "effects",
    "variations",
    "dyads",
    "self",
    "position",
    "missing",
    "agreement",
    "reading",
    "limits",
    "made",
  ]);
});

it("C2: the report stands alone: no address that a browser would load, no script", () => {
  for (const options of OPTIONS) {
    for (const page of [report(options), card(options), picture(options)]) {
      const dom = parsed(page);
      expect(dom.querySelectorAll("script, img, iframe, object, embed, link[rel=stylesheet], image, use")).toHaveLength(
        0,
      );
      expect(page).not.toMatch(/@import|url\(/);
      const addresses = [...dom.querySelectorAll("[href], [src], [xlink\\:href]")].map(
        (element) => element.getAttribute("href") ?? element.getAttribute("src"),
      );
      expect(addresses.every((address) => /^(#|data:,$)/.test(address ?? ""))).toBe(true);
    }
  }
});

it("E1: every cell of the matrix stands there with value, interval, n and missing, and an empty one as empty", () => {
  for (const options of OPTIONS) {
    const profile = fixtureProfile(options);
    const cells = [...(parsed(report(options)).querySelector("table.heat")?.querySelectorAll("td") ?? [])].map(
      (cell) => cell.textContent,
    );
    const style = profile.format === "score" ? "nats" : "share";
    const expected = ROWS.flatMap((row) =>
      LABELS.map((label) => {
        const estimate = profile.matrices[0]?.cells[row][label];
        if (!estimate || estimate.value === null) return "emptyn 0, missing 12";
        const missing = estimate.missing > 0 ? `, missing ${estimate.missing}` : "";
        const { lost, asked } = lostOf(profile, row);
        const some = lost > 0 ? `; ${lost} of ${asked} answers lost` : "";
        return `${numberText(estimate.value, style)}${intervalText(estimate, style)}n ${estimate.n}${missing}${some}`;
      }),
    );
    expect(cells).toEqual(expected);
  }
});

it("A4: bias without a reference says that topic and wording can lean as well as the model", () => {
  const remark = /topic and wording of the replies can lean as well as the model/;
  for (const page of [report(), card(), picture()])
    expect(page.replace(/<[^>]*>/g, "").replace(/\s+/g, " ")).toMatch(remark);
  expect(parsed(report({ reference: true })).querySelector("#bias")?.textContent).toBe(
    "Uncued bias against the reference",
  );
});

it("A8: a model that answers by position is headed as such on every page", () => {
  for (const page of [report({ format: "choice", byPosition: true }), card({ format: "choice", byPosition: true })]) {
    expect(parsed(page).querySelector(".answer")?.textContent).toMatch(/^This model answers by position/);
  }
  expect(picture({ format: "choice", byPosition: true })).toContain("This model answers by position");
});

it("A5: a normalised score is never called a probability", () => {
  const text = parsed(report()).querySelector("main")?.textContent ?? "";
  expect(text).toContain("normalised score");
  expect(text.replace(/not a probability|no probabilities|[Ll]og-probabilities/g, "")).not.toMatch(/probabilit/);
});

it("A12: silence is counted apart, for each cue and for dyads", () => {
  const rows = [...parsed(report()).querySelectorAll("section[aria-labelledby=missing] tbody tr")].map(
    (row) => row.textContent,
  );
  expect(rows).toContain("communal sharing2101");
  expect(rows).toContain("dyads0900");
});

it("F5: hostile texts are shown and never become markup", () => {
  for (const page of [
    report({ hostile: true, reference: true }),
    card({ hostile: true }),
    picture({ hostile: true, reference: true }),
  ]) {
    expect(page).not.toMatch(/<script|<img|onerror="/);
    expect(page).not.toMatch(/[\p{Cf}\p{Co}]/u);
    expect(page.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(page).toContain("&#60;script&#62;");
  }
});

it("C2: the picture says the whole answer, however long", () => {
  const profile = fixtureProfile();
  const { CS } = profile.responsiveness.modes;
  const up = { ...CS.cue, value: 2, low: 1, high: 3 };
  const across = { ...up, low: -1 };
  const modes = {
    CS: { cue: up, decoy: up, responsiveness: up },
    AR: { cue: up, decoy: up, responsiveness: across },
    EM: { cue: up, decoy: up, responsiveness: { ...up, value: -2, low: -3, high: -1 } },
    MP: { cue: across, decoy: up, responsiveness: up },
  };
  const labels = Object.fromEntries(
    LABELS.map((label, index) => [label, index % 2 === 0 ? up : { ...up, value: -2, low: -3, high: -1 }]),
  );
  const long = {
    ...profile,
    responsiveness: { ...profile.responsiveness, modes },
    bias: { ...profile.bias, labels: labels as typeof profile.bias.labels },
    silence: { ...profile.silence, total: { refusals: 100, unparsable: 0, empty: 0, failures: 0 } },
  };
  const answer = answerSentence(long);
  expect(answer.length).toBeGreaterThan(500);
  const shown = renderPicture(long, { document })
    .replace(/<svg [^>]*>/, "")
    .replace(/<[^>]*>/g, "")
    .replace(/\s+/g, " ");
  expect(shown).toContain(answer);
});

it("C9: the same profile gives the same bytes, in a new document as in a used one", () => {
  const fresh = () => ({ document: parseHTML("<!doctype html><html></html>").document });
  for (const options of OPTIONS) {
    expect(report(options)).toBe(renderReport(fixtureProfile(options), fresh()));
    expect(picture(options)).toBe(renderPicture(fixtureProfile(options), fresh()));
  }
});

it("C8: headings, captions, scopes and text alternatives are there", () => {
  for (const options of OPTIONS) {
    for (const page of [report(options), card(options)]) {
      const dom = parsed(page);
      expect(dom.querySelectorAll("h1")).toHaveLength(1);
      for (const table of dom.querySelectorAll("table")) {
        expect(table.querySelector("caption")?.textContent).not.toBe("");
        expect(
          [...table.querySelectorAll("th")].every((cell) => ["col", "row"].includes(cell.getAttribute("scope") ?? "")),
        ).toBe(true);
      }
      for (const drawing of dom.querySelectorAll("figure svg.plot"))
        expect(drawing.getAttribute("aria-label")).toMatch(/\w/);
    }
  }
});
