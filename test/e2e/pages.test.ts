import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import { parseHTML } from "linkedom";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ourBankPath } from "../../src/adapters/bank-files.ts";
import { OUR_REFERENCE, readProfile } from "../../src/adapters/references.ts";
import { predictSeverity } from "../../src/profile/predict/predict.ts";
import { renderCardPage } from "../../src/profile/report/card-page.ts";
import { renderPredictionPage } from "../../src/profile/report/prediction/prediction-page.ts";
import { renderReport } from "../../src/profile/report/report-page.ts";
import { renderStressPage } from "../../src/profile/report/stress/stress-page.ts";
import { profileOf, stressOf } from "../fixtures/prediction.ts";
import { type FixtureOptions, fixtureProfile } from "../fixtures/profile.ts";
import { simulateStress, stressReportOf } from "../fixtures/stress-run.ts";
import { findChromium, openChromium } from "./chromium.ts";

const path = findChromium();

const { document } = parseHTML("<!doctype html><html></html>");
const report = (options: FixtureOptions) => renderReport(fixtureProfile(options), { document });
const card = (options: FixtureOptions) =>
  renderCardPage(fixtureProfile(options), { document, profileSha256: "e".repeat(64) });
const stressed = {
  choice: stressReportOf(await simulateStress("threshold-5", { factors: ["power", "exit"] })),
  score: stressReportOf(await simulateStress("never", { factors: ["power", "exit"], formats: ["score"] })),
} as const;
const stressPage = (format: keyof typeof stressed, spec = "policy:threshold-5") =>
  renderStressPage({ ...stressed[format], model: { ...stressed[format].model, spec } }, { document });
const models = Array.from({ length: 10 }, (_, at) => ({
  ...{ name: `m${at} <b>${"x".repeat(30)}`, asocial: at / 5, rate: at / 12 },
}));
const predicted = predictSeverity(
  {
    profiles: models.map((one) => ({ profile: profileOf(one), hash: "e".repeat(64) })),
    reports: models.map(stressOf),
    ...{ outcomes: null, models: null },
  },
  { seed: 1, draws: 99, correlations: [0.7], dashpot: "0.0.0", simulated: { intervals: 20, power: 1 } },
);
/** The embedded model's own, as `references/` holds it. */
const { profile: measured } = await readProfile(join(ourBankPath(), "references", `${OUR_REFERENCE}.json`));
const PAGES = {
  "report of the embedded model": renderReport(measured, { document }),
  "card of the embedded model": renderCardPage(measured, { document, profileSha256: "e".repeat(64) }),
  "report under score": report({}),
  "report of hostile texts under choice": report({
    format: "choice",
    byPosition: true,
    hostile: true,
    reference: true,
  }),
  "report with empty cells": report({ sparse: true }),
  "stress by letters": stressPage("choice"),
  "stress by score, of a hostile name": stressPage("score", `<script>alert(1)</script>${"x".repeat(200)}`),
  "prediction, of a hostile name": renderPredictionPage(predicted, { document }),
  "card under score": card({}),
  "card of hostile texts under choice": card({ format: "choice", hostile: true, reference: true }),
} as const;

interface Visit {
  readonly page: Page;
  /** Requests, console messages and page errors. */
  readonly heard: string[];
}

describe("in Chromium", () => {
  beforeEach(({ skip }) => skip(!path, "no Chromium found; set CHROMIUM_PATH or install it"));
  let browser: Browser;
  let axe: string;
  beforeAll(async () => {
    if (path) browser = await openChromium(path);
    axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function visit(
    markup: string,
    options: { colorScheme?: "light" | "dark"; width?: number; bypassCSP?: boolean } = {},
  ): Promise<Visit> {
    const { colorScheme = "light", width = 1100, bypassCSP = false } = options;
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 900 },
      bypassCSP,
      offline: true,
    });
    const page = await context.newPage();
    const heard: string[] = [];
    page.on("request", (request) => heard.push(`request ${request.url().slice(0, 200)}`));
    page.on("console", (message) => heard.push(`console ${message.text()}`));
    page.on("pageerror", (error) => heard.push(`error ${error.message}`));
    page.on("dialog", (dialog) => heard.push(`dialog ${dialog.message()}`));
    await page.setContent(markup, { waitUntil: "load" });
    return { page, heard };
  }

  /** Each page once, so that both schemes and both widths meet both kinds of page. */
  const LOOKS = [
    ["report of the embedded model", "light", 1100],
    ["report of the embedded model", "dark", 390],
    ["card of the embedded model", "light", 390],
    ["report under score", "light", 1100],
    ["report of hostile texts under choice", "dark", 1100],
    ["report with empty cells", "light", 390],
    ["card under score", "dark", 390],
    ["stress by letters", "light", 1100],
    ["stress by score, of a hostile name", "dark", 390],
    ["prediction, of a hostile name", "light", 390],
    ["card of hostile texts under choice", "light", 1100],
  ] as const;

  for (const [name, colorScheme, width] of LOOKS) {
    it(`C8: axe finds no fault in the ${name}, ${colorScheme}, ${width} pixels wide`, async () => {
      const { page } = await visit(PAGES[name], { colorScheme, width, bypassCSP: true });
      await page.evaluate(axe);
      const found = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults;
      expect(found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`)).toEqual([]);
      expect(found.passes.map(({ id }) => id)).toContain("color-contrast");
      await page.context().close();
    });
  }

  it("C8: the search for faults finds planted ones", async () => {
    const planted = PAGES["card under score"]
      .replace("<caption>", '<caption style="color:#ccc;background:#fff">')
      .replace(/ aria-label="Interval plot[^"]*"/, "");
    const { page } = await visit(planted, { bypassCSP: true });
    await page.evaluate(axe);
    const found = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults;
    expect(found.violations.map(({ id }) => id).sort()).toEqual(["color-contrast", "svg-img-alt"]);
    await page.context().close();
  });

  for (const [name, markup] of Object.entries(PAGES)) {
    it(`C2: the ${name} asks the network for nothing, runs nothing and logs nothing`, async () => {
      const { page, heard } = await visit(markup);
      expect(heard.filter((line) => line !== "request data:,")).toEqual([]);
      await page.context().close();
    });

    it(`C2: the ${name} does not scroll sideways on a phone`, async () => {
      for (const width of [320, 390]) {
        const { page } = await visit(markup, { width });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        await page.context().close();
      }
    });
  }

  it("C8: figures keep their labels inside, and cells their texts, in both widths", async () => {
    for (const width of [1100, 390]) {
      const { page } = await visit(PAGES["report under score"], { width });
      const outside = await page.evaluate(`(() => {
        const labels = [...document.querySelectorAll("svg.plot text")].filter((text) => {
          const [inner, outer] = [text.getBoundingClientRect(), text.closest("svg").getBoundingClientRect()];
          return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1;
        });
        const cells = [...document.querySelectorAll(".heat td, .heat th")].filter((cell) => cell.scrollWidth > cell.clientWidth + 1);
        return [...labels, ...cells].map((element) => element.textContent);
      })()`);
      expect(outside).toEqual([]);
      await page.context().close();
    }
  });

  it("C8: every table that scrolls and every link is reached by keyboard, the content first by its skip link", async () => {
    const { page } = await visit(PAGES["card under score"], { width: 390 });
    const focused = "[...document.querySelectorAll('.skip, .scroll, a')].indexOf(document.activeElement)";
    const all = (await page.evaluate("document.querySelectorAll('.skip, .scroll, a').length")) as number;
    const reached: unknown[] = [];
    for (let press = 0; press < all; press += 1) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(focused));
    }
    expect(reached).toEqual(Array.from({ length: all }, (_, index) => index));
    await page.context().close();
  });

  it("C2: the report prints without losing a table", async () => {
    const { page } = await visit(PAGES["report under score"]);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.setViewportSize({ width: 718, height: 1000 });
    const wide = await page.evaluate(
      `[...document.querySelectorAll("table")].filter((table) => table.getBoundingClientRect().right > innerWidth + 1).map((table) => table.caption.textContent)`,
    );
    expect(wide).toEqual([]);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    await page.context().close();
  });
});
