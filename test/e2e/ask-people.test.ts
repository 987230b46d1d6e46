import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ourBankPath, readBank } from "../../src/adapters/bank-files.ts";
import { ourStressPath, readStressSuite } from "../../src/adapters/stress-files.ts";
import { type AnswersKey, answersKeySchema, QUESTION_KINDS } from "../../src/model/answers-key.ts";
import { findChromium, openChromium } from "./chromium.ts";
import { openUser, type User } from "./user.ts";

const path = findChromium();
const ASK = {
  bank: ["--people", "5", "--questions", "27"],
  ladder: ["--people", "8", "--factors", "power"],
  doses: ["--people", "2", "--questions", "6"],
};

let user: User;
beforeAll(async () => {
  user = openUser();
  for (const kind of QUESTION_KINDS) {
    const { code, stderr } = await user.inProcess(["instrument", "ask", kind, "--out", `@${kind}`, ...ASK[kind]]);
    expect([code, stderr]).toEqual([0, ""]);
  }
});
afterAll(() => user.leave());

const keyOf = (folder: string): AnswersKey =>
  answersKeySchema.parse(JSON.parse(readFileSync(user.path(folder, "key.json"), "utf8")));
const dataOf = (page: string) =>
  JSON.parse(
    (/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) as RegExpExecArray)[1] as string,
  );

/** Fills every sheet of a folder in, each into a file of its own; returns their parameters. */
function fillIn(folder: string, answerOf: (about: string, at: number) => string, separator = ","): string[] {
  return Object.entries(keyOf(folder).sheets).map(([name, { person, questions }]) => {
    const rows = Object.entries(questions).map(([id, about], at) => [name, id, answerOf(about, at)].join(separator));
    writeFileSync(
      user.path(`${folder}-${person}.csv`),
      `${["sheet,id,answer", ""].join("\n").replaceAll(",", separator)}${rows.join("\n")}\n`,
    );
    return `@${folder}-${person}.csv`;
  });
}

it("K14: pages hold texts and nothing of what they are about; the same seed gives the same bytes, another one others", async () => {
  const { situations } = await readBank(ourBankPath());
  const names = [
    ...situations.map(({ id }) => id),
    "decoy",
    "market pricing",
    "communal",
    "power=",
    "rung",
    "severity",
  ];
  for (const kind of QUESTION_KINDS) {
    const key = keyOf(kind);
    for (const { person } of Object.values(key.sheets)) {
      const page = readFileSync(user.path(kind, `${person}.html`), "utf8");
      const { sheet, questions, ...rest } = dataOf(page);
      expect(names.filter((name) => page.replace(/<style>.*<\/style>/s, "").includes(name))).toEqual([]);
      expect(Object.keys(rest).sort()).toEqual(["letters", "noAnswer", "side"]);
      expect(Object.keys(key.sheets[sheet]?.questions ?? {})).toEqual(questions.map(({ id }: { id: string }) => id));
      expect(Object.keys(questions[0]).sort()).toEqual(["id", "options", "text"]);
    }
  }
  const again = (out: string, ...more: string[]) =>
    user.inProcess(["instrument", "ask", "bank", "--out", out, ...ASK.bank, ...more]);
  await again("@same");
  await again("@other", "--seed", "1");
  const page = (folder: string) => readFileSync(user.path(folder, "person-1.html"), "utf8");
  expect(page("same")).toBe(page("bank"));
  expect(page("other")).not.toBe(page("bank"));
  expect((await again("@bank")).stderr).toContain("error[sheet-exists]");
});

it("K17: filled sheets of the bank become a profile that compare takes and a run can be told against", async () => {
  const files = fillIn("bank", (_, at) => (at % 9 === 0 ? "no-answer" : "ABCDEF".charAt(at % 6)), ";");
  const read = ["instrument", "answers", ...files.slice(0, 4), "--key", "@bank/key.json", "--out", "@people"];
  const { code, stdout } = await user.inProcess(read);
  expect(code).toBe(0);
  expect(stdout).toContain(
    "People: 4, of 5 pages 4 handed in; 96 answers to 108 questions, 12 preferred not to answer, 0 left empty",
  );
  for (const name of ["profile.json", "report.html", "card.json", "answers.csv"])
    expect(existsSync(user.path("people", name))).toBe(true);
  expect(readFileSync(user.path("people", "answers.csv"), "utf8")).toMatch(
    /^unit,coder,value,letter\nchoice\/[a-z-]+-\d\/(bank|decoy)\/\w+,person-1,,no-answer\n/,
  );
  const model = [
    "profile",
    "policy:exploiter",
    "--format",
    "choice",
    "--no-acts",
    "--no-self",
    "--no-agreement",
    "--quiet",
  ];
  const run = await user.inProcess([...model, "--no-sign", "--reference", "@people", "--out", "@model"]);
  expect(run.code).toBe(0);
  expect(readFileSync(user.path("model", "profile.json"), "utf8")).toContain("error between people");
  const compared = await user.inProcess(["compare", "@people", "@model"]);
  expect(compared.stdout).toContain("policy:exploiter minus people, proportion, 12 situations paired");
  expect(compared.stdout).toContain("people: 96 answers of 4 people, whose error is added.");
  const onto = await user.inProcess([...read.slice(0, -1), "@model"]);
  expect(onto.stderr).toContain("error[directory-not-empty]");
});

it("K18: filled sheets of the ladder become a stress report that compare sets beside a model's run", async () => {
  const files = fillIn("ladder", (_, at) => "ABCDEFGHIJK".charAt(at));
  const read = await user.inProcess([
    "instrument",
    "answers",
    ...files,
    "--key",
    "@ladder/key.json",
    "--out",
    "@humans",
  ]);
  expect(read.code).toBe(0);
  expect(read.stdout).toContain("People: 8, of 8 pages 8 handed in; 32 answers to 32 questions");
  for (const name of ["stress.json", "stress.html", "cells.csv", "answers.csv"])
    expect(existsSync(user.path("humans", name))).toBe(true);
  await user.inProcess([
    "stress",
    "policy:never",
    "--factors",
    "power",
    "--temperature",
    "0.5",
    "--quiet",
    "--out",
    "@never",
  ]);
  const compared = await user.inProcess(["compare", "@never", "@humans"]);
  expect(compared.stdout).toContain("people minus policy:never, paired by scenario; p after Holm over 4 conditions");
});

it("K19: filled sheets of pairs become doses that a suite of one's own can hold, said to be people's; without a scale exit 4", async () => {
  const files = fillIn("doses", () => "B");
  const read = ["instrument", "answers", ...files, "--key", "@doses/key.json", "--out", "@scale", "--json"];
  const { code, stdout } = await user.inProcess(read);
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: "doses",
    handedOut: 2,
    doses: { people: { people: 2, answers: 12 } },
  });
  expect(readFileSync(user.path("scale", "judges.yaml"), "utf8")).toContain(
    "# Who compared the levels: people, 2 of them",
  );
  await user.inProcess(["instrument", "ask", "doses", "--out", "@pairs", "--people", "8", "--questions", "60"]);
  const higher = (about: string) => {
    const [, , , one, , , other] = about.split("/");
    return Number(one) > Number(other) ? "A" : "B";
  };
  const scale = ["instrument", "answers", ...fillIn("pairs", higher), "--key", "@pairs/key.json", "--out", "@ours"];
  expect((await user.inProcess(scale)).code).toBe(0);
  cpSync(ourStressPath(), user.path("suite"), { recursive: true });
  for (const file of ["comparisons.jsonl", "doses.json", "judges.yaml"])
    cpSync(user.path("ours", file), user.path("suite", "doses", file));
  const [own, theirs] = [readStressSuite(user.path("suite")), readStressSuite(ourStressPath())];
  expect(own.doses.length).toBe(theirs.doses.length);
  expect(own.hash).not.toBe(theirs.hash);
  const lines = readFileSync(user.path("scale", "comparisons.jsonl"), "utf8").trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as { more: string }).more)).toEqual(lines.map(() => "b"));
});

it("K16: another key's rows, a page handed in twice, wrong values, columns and ids are each one coded error", async () => {
  const [name, { questions }] = Object.entries(keyOf("doses").sheets)[0] as [string, AnswersKey["sheets"][string]];
  const [id, second] = Object.keys(questions);
  const fails = async (content: string, ...more: string[]) => {
    writeFileSync(user.path("eve.csv"), content);
    const command = ["instrument", "answers", "@eve.csv", "--key", "@doses/key.json", "--out", "@none", ...more];
    const { stderr, stdout, code } = await user.inProcess(command);
    return `${code} ${stderr}${stdout}`;
  };
  const head = "sheet,id,answer\n";
  expect(await fails(`${head}p000000000000,${id},A\n`)).toMatch(/^2 error\[sheet-other\]: .*eve\.csv:2/);
  expect(await fails(`${head}${name},${id},7.0\n`)).toMatch(
    /^2 error\[sheet-malformed\]: .*"7\.0" as answer.*eve\.csv:2/,
  );
  expect(await fails(`${head}${name},${id},7-Oct\n`)).toContain("looks like a date that a spreadsheet made of it");
  expect(await fails(`${head}${name},${id},C\n`)).toContain("error[sheet-malformed]");
  expect(await fails(`${head}${name},${id},A\n${name},${id},B\n`)).toMatch(
    /a second time \(the first at line 2\).*eve\.csv:3/,
  );
  expect(await fails(`${head}${name},q9999x,A\n`)).toContain('the id "q9999x", which the sheet does not have');
  expect(await fails("sheet,id,choice\n")).toContain('a column "choice"');
  expect(await fails("sheet,id\n")).toContain("error[column-missing]");
  expect(await fails(`${head}${name},${id},\n`)).toMatch(/^4 error\[answers-none\]/);
  expect(existsSync(user.path("none"))).toBe(false);
  expect(await fails(`${head}${name},${id},A\n${name},${second},7.0\n`, "--lenient")).toContain(
    "skipped: 1 row, the first",
  );
  writeFileSync(user.path("eve.csv"), `${head}${name},${id},A\n`);
  const twice = await user.inProcess([
    "instrument",
    "answers",
    "@eve.csv",
    "@eve.csv",
    "--key",
    "@doses/key.json",
    "--out",
    "@x",
  ]);
  expect(twice.stderr).toContain("error[sheet-twice]");
  const keyless = await user.inProcess(["instrument", "answers", "@eve.csv", "--out", "@x"]);
  expect(keyless.stderr).toContain("error[sheet-key-missing]");
});

it("K16: a key whose questions its instrument does not ask is one coded error", async () => {
  const key = keyOf("doses");
  const [[name, sheet]] = Object.entries(key.sheets) as [[string, AnswersKey["sheets"][string]]];
  for (const about of ["power/nobody/over/3/nobody/over/2", "choice/household-1/bank/CS/0", ""]) {
    const questions = { ...sheet.questions, q0001x: about };
    writeFileSync(user.path("odd.json"), JSON.stringify({ ...key, sheets: { [name]: { ...sheet, questions } } }));
    writeFileSync(user.path("eve.csv"), `sheet,id,answer\n${name},q0002x,A\n`);
    const { stderr, code } = await user.inProcess([
      "instrument",
      "answers",
      "@eve.csv",
      "--key",
      "@odd.json",
      "--out",
      "@x",
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("error[sheet-key-malformed]")]);
  }
});

it("K16: a bank or suite that has changed since the pages were made is refused", async () => {
  const key = keyOf("bank");
  writeFileSync(
    user.path("stale.json"),
    JSON.stringify({ ...key, instrument: { ...key.instrument, hash: "0".repeat(64) } }),
  );
  const { stderr } = await user.inProcess(["instrument", "answers", "@eve.csv", "--key", "@stale.json", "--out", "@x"]);
  expect(stderr).toContain("error[bank-changed]");
});

it.each([
  [["ask", "dogs", "--out", "@x"], "expected one of bank, ladder, doses"],
  [["ask", "bank"], "expected a folder for instrument ask bank"],
  [["ask", "ladder", "--out", "@x", "--questions", "3"], "without --questions"],
  [["ask", "bank", "--out", "@x", "--suite", "y"], "without --suite"],
  [["ask", "bank", "--out", "@x", "--questions", "109"], "error[questions-too-many]"],
  [["ask", "bank", "--out", "@x", "--people", "501"], "from 1 to 500"],
  [["ask", "bank", "more", "--out", "@x"], "with one name"],
  [["ask", "bank", "--out", "@x", "--key", "y"], "without --key"],
  [["answers", "--out", "@x"], "expected filled sheets"],
  [["answers", "@a.csv"], "expected a folder for instrument answers"],
  [["check", "@x", "--people", "3"], "without --people"],
])("K14: instrument %j is refused with what was expected", async (parameters, told) => {
  const { stderr, code } = await user.inProcess(["instrument", ...parameters]);
  expect(code).toBe(2);
  expect(stderr).toContain(told);
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

  async function visit(...file: string[]): Promise<{ page: Page; heard: string[] }> {
    const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
    const heard: string[] = [];
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) heard.push(request.url());
    });
    await page.goto(pathToFileURL(user.path(...file)).href);
    return { page, heard };
  }
  const press = async (page: Page, ...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it("K15: a page is answered by keyboard alone, kept over a reload, saved as CSV and read back", async () => {
    const { page, heard } = await visit("doses", "person-1.html");
    expect(await page.isVisible("#asking")).toBe(false);
    // Keys answer nothing before somebody has begun.
    await press(page, "a", "Enter");
    expect(await page.textContent("#place")).toBe("Question 1 of 6, 0 answered");
    // Not answered: the page stays and says so.
    await press(page, "Enter");
    expect(await page.textContent("#said")).toContain("choose a letter, or press P");
    await press(page, "c", "b", "ArrowRight", "p", "Enter");
    expect(await page.textContent("#place")).toBe("Question 3 of 6, 2 answered");
    await page.reload();
    expect(await page.textContent("#place")).toBe("Question 3 of 6, 2 answered");
    await press(page, "ArrowLeft", "ArrowLeft");
    expect(await page.locator("input:checked").getAttribute("value")).toBe("B");
    await press(page, "A", "Enter", "Enter", "b", "Enter");
    const [download] = await Promise.all([page.waitForEvent("download"), press(page, "s")]);
    expect(await page.textContent("#said")).toContain("3 of 6 answered");
    const [name] = Object.entries(keyOf("doses").sheets).find(([, { person }]) => person === "person-1") as [
      string,
      object,
    ];
    expect(download.suggestedFilename()).toBe(`answers-${name}.csv`);
    await download.saveAs(user.path("saved.csv"));
    expect(heard).toEqual([]);
    const read = ["instrument", "answers", "@saved.csv", "--key", "@doses/key.json", "--out", "@saved", "--json"];
    const { stdout } = await user.inProcess(read);
    const { doses } = JSON.parse(stdout);
    expect(doses.people).toEqual({ sheets: 1, people: 1, asked: 6, answers: 2, preferredNot: 1 });
    expect(doses.comparisons.map(({ more }: { more: string }) => more)).toEqual(["a", "b"]);
  });

  it("K15: texts of markup and script stay texts, eleven letters are taken and the last question says how to end", async () => {
    const { page, heard } = await visit("ladder", "person-1.html");
    const data = dataOf(await readFile(user.path("ladder", "person-1.html"), "utf8"));
    await press(page, "Enter");
    for (const { text, options } of data.questions) {
      expect(await page.textContent("#text")).toBe(text);
      expect(await page.textContent("#option-10 span")).toBe(options[10]);
      await press(page, "k", "Enter");
    }
    expect(await page.textContent("#said")).toContain("That was the last question");
    expect(heard).toEqual([]);
    const hostile = readFileSync(user.path("ladder", "person-2.html"), "utf8");
    const content = hostile.replace(
      /"text":"[^"]*"/,
      () => '"text":"\\u003c/script>\\u003cimg src=x onerror=alert(1)>"',
    );
    writeFileSync(user.path("hostile.html"), content);
    const other = await visit("hostile.html");
    await press(other.page, "Enter");
    expect(await other.page.textContent("#text")).toBe("</script><img src=x onerror=alert(1)>");
    expect(other.heard).toEqual([]);
  });

  it.each([
    ["bank", "light"],
    ["doses", "dark"],
  ] as const)(
    "K15: the page of %s in %s colours has nothing in the way of those who use other means to read",
    async (kind, colorScheme) => {
      const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      const page = await (await browser.newContext({ bypassCSP: true, colorScheme })).newPage();
      await page.goto(pathToFileURL(user.path(kind, "person-1.html")).href);
      await page.addScriptTag({ content: axe });
      const faults = async () =>
        ((await page.evaluate("axe.run()")) as AxeResults).violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`,
        );
      if (kind === "doses") await press(page, "Enter", "a");
      expect(await faults()).toEqual([]);
    },
  );
});
