import { readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findChromium, openChromium } from "./chromium.ts";
import { openUser, type User } from "./user.ts";

const path = findChromium();
const HOSTILE = '</script><script>document.title="taken"</script>';

let user: User;
beforeAll(async () => {
  user = openUser();
  const texts = [
    "Could you please look at the invoice again?",
    "Pay by Friday, or we will cancel your contract.",
    HOSTILE,
    "=1+1",
  ];
  const rows = texts.map((text, at) => `u${at + 1},"${text.replaceAll('"', '""')}",${at === 1 ? "Ada: No." : ""}`);
  writeFileSync(user.path("texts.csv"), `unit,text,context\n${rows.join("\n")}\n`);
  const { code } = await user.inProcess(["code", "@texts.csv", "--coder", "human", "--out", "@sheet"]);
  expect(code).toBe(0);
});
afterAll(() => user.leave());

/** Which unit each item of the sheet is. */
const unitOf = (id: string) =>
  (JSON.parse(readFileSync(user.path("sheet", "key.json"), "utf8")) as { units: Record<string, string> }).units[id];
const items = () =>
  readFileSync(user.path("sheet", "sheet.csv"), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",").slice(0, 2) as [string, string]);

it("K12: the table for spreadsheets holds texts and empty columns, no unit, no formula, and a mark of UTF-8", () => {
  const table = readFileSync(user.path("sheet", "sheet.csv"), "utf8");
  expect(table.startsWith("\ufeffsheet,id,text,context,severity,mode,kind,refusal,deception,remark\n")).toBe(true);
  expect(table).toContain("'=1+1");
  expect(table).not.toMatch(/\bu\d\b/);
});

it("K12: filled sheets of several people are read back by the names of their files, and merged", async () => {
  const [[name, first], [, second]] = items() as [[string, string], [string, string]];
  writeFileSync(user.path("ada.csv"), `sheet;id;severity;mode\n${name};${first};7,0;AR\n${name};${second};2;\n`);
  writeFileSync(user.path("bo.csv"), `sheet,id,severity,mode,remark\n${name},${first},8,ar,"a last term, I think"\n`);
  const { stdout, code } = await user.inProcess([
    "code",
    "@ada.csv",
    "@bo.csv",
    "--coder",
    "human",
    "--key",
    "@sheet/key.json",
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain(`${unitOf(first)},ada,severity,7,`);
  expect(stdout).toContain(`${unitOf(first)},bo,severity,8,"a last term, I think"`);
  expect(stdout).toContain(`${unitOf(second)},ada,severity,2,`);
  writeFileSync(user.path("codes.csv"), stdout);
  const agreed = await user.inProcess(["agree", "@codes.csv"]);
  expect(agreed.stdout).toContain("ada and bo");
});

it("K12: another sheet's rows, wrong values and a missing key are each one coded error", async () => {
  const [[name, first]] = items() as [[string, string]];
  const fails = async (content: string, ...more: string[]) => {
    writeFileSync(user.path("eve.csv"), content);
    return (await user.inProcess(["code", "@eve.csv", "--coder", "human", ...more])).stderr;
  };
  const key = ["--key", "@sheet/key.json"];
  expect(await fails(`sheet,id,severity\ns000000000000,${first},7\n`, ...key)).toContain("error[sheet-other]");
  expect(await fails(`sheet,id,severity\n${name},${first},7-Oct\n`, ...key)).toMatch(
    /error\[sheet-malformed\]: .*looks like a date.*eve\.csv:2/,
  );
  expect(await fails(`sheet,id,severity\n${name},${first},7\n`)).toContain("error[sheet-key-missing]");
  expect(await fails(`sheet,id,severity\n${name},${first},12\n`, ...key, "--lenient")).toContain(
    "skipped: 1 malformed record,",
  );
  expect(await fails(`sheet,id,severity (0-10)\n${name},${first},7\n`, ...key)).toMatch(
    /a column "severity \(0-10\)".*eve\.csv:1/,
  );
  expect(await fails(`sheet,id,severity\ns0,${first},7\n${name},${first},7\n`, ...key, "--lenient")).toContain(
    "skipped: 1 malformed record,",
  );
  const again = await user.inProcess(["code", "@texts.csv", "--coder", "human", "--out", "@sheet", "--seed", "3"]);
  expect(again.stderr).toContain("error[sheet-exists]");
  expect((await user.inProcess(["code", "@texts.csv", "--coder", "human"])).stderr).toContain("--out DIR");
  expect((await user.inProcess(["code", "@texts.csv", "--out", "@x"])).stderr).toContain("error[wrong-use]");
});

describe("in Chromium", () => {
  beforeEach(({ skip }) => skip(!path, "no Chromium found; set CHROMIUM_PATH or install it"));
  let browser: Browser;
  beforeAll(async () => {
    if (path) browser = await openChromium(path);
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function visit(): Promise<{ page: Page; heard: string[] }> {
    const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
    const heard: string[] = [];
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) heard.push(request.url());
    });
    await page.goto(pathToFileURL(user.path("sheet", "sheet.html")).href);
    return { page, heard };
  }

  it("K13: a sheet is filled in by keyboard alone, kept over a reload, saved as CSV and read back", async () => {
    const { page, heard } = await visit();
    // Past the link that skips to the content.
    for (const _ of [1, 2]) await page.keyboard.press("Tab");
    await page.keyboard.type("Cleo");
    await page.keyboard.press("Enter");
    for (const key of ["7", "r", "t", "f", "f", "d"]) await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    expect(await page.textContent("#place")).toBe("Text 2 of 4, 1 coded");
    // Not all coded: the page stays and says what is missing.
    await page.keyboard.press("x");
    await page.keyboard.press("Enter");
    expect(await page.textContent("#said")).toContain("Still to code: mode, kind, refusal, deception");
    for (const key of ["?", "o", "f", "d", "Enter"]) await page.keyboard.press(key);
    expect(await page.textContent("#place")).toBe("Text 3 of 4, 2 coded");
    await page.reload();
    expect(await page.textContent("#place")).toBe("Text 3 of 4, 2 coded");
    await page.keyboard.press("b");
    expect(await page.locator('input[name="severity"]:checked').getAttribute("value")).toBe("10");
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("s")]);
    expect(download.suggestedFilename()).toBe("Cleo.csv");
    await download.saveAs(user.path("Cleo.csv"));
    expect(heard).toEqual([]);
    const { stdout, code } = await user.inProcess([
      "code",
      "@Cleo.csv",
      "--coder",
      "human",
      "--key",
      "@sheet/key.json",
    ]);
    expect(code).toBe(0);
    const [[, first], [, second]] = items() as [[string, string], [string, string]];
    for (const line of [
      `${unitOf(first)},Cleo,severity,7,`,
      `${unitOf(first)},Cleo,refusal,yes,`,
      `${unitOf(first)},Cleo,deception,no,`,
      `${unitOf(second)},Cleo,severity,10,`,
      `${unitOf(second)},Cleo,mode,cannot-tell,`,
    ])
      expect(stdout).toContain(line);
  });

  it("K13: a text of markup and script stays a text, and no request leaves the page", async () => {
    const { page, heard } = await visit();
    const seen: (string | null)[] = [];
    for (let at = 0; at < 4; at += 1) {
      seen.push(await page.textContent("#text"));
      for (const key of ["0", "c", "n", "f", "d", "Enter"]) await page.keyboard.press(key);
    }
    expect(seen).toContain(HOSTILE);
    expect(await page.title()).toBe("Codebook for texts");
    expect(await page.textContent("#said")).toContain("That was the last text");
    expect(heard).toEqual([]);
  });

  it.each(["light", "dark"] as const)(
    "K13: in %s colours nothing stands in the way of those who use other means to read",
    async (colorScheme) => {
      const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      const page = await (await browser.newContext({ bypassCSP: true, colorScheme })).newPage();
      await page.goto(pathToFileURL(user.path("sheet", "sheet.html")).href);
      await page.addScriptTag({ content: axe });
      const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
    },
  );
});
