import { expect, it } from "vitest";
import { describeGate, gate, isClean, rulesNamed, rulesOf, titlesOf } from "../../scripts/spec-gate.ts";
import { runCommand } from "./run-command.ts";
import { ROOT, temporaryFolder } from "./temporary-folder.ts";

const SPEC = "# Things\n\n**T1.** The first.\n\n**T2.** The second, not **T9.** within a line.\n";

// Assembled, so that the gate does not read the planted titles as titles of this file.
const planted = (title: string, call = "it"): string => `${call}("${title}", () => {});\n`;

it("H4: a rule without a test and a title of no rule are found, each by itself", () => {
  const folder = temporaryFolder({
    "docs/spec/things.md": SPEC,
    "src/a.test.ts": planted("T1: the first") + planted("T7: a rule that is not there"),
    "test/b.test.ts": planted("adds numbers"),
  });
  const report = gate(folder);
  expect(report.rules).toEqual(["T1", "T2"]);
  expect(report.unproved).toEqual(["T2"]);
  expect(report.unknown).toEqual([
    { file: "src/a.test.ts", line: 2, title: "T7: a rule that is not there" },
    { file: "test/b.test.ts", line: 1, title: "adds numbers" },
  ]);
  expect(isClean(report)).toBe(false);
});

it("H4: a specification whose every rule is proved is clean", () => {
  const folder = temporaryFolder({ "docs/spec/things.md": SPEC, "src/a.test.ts": planted("T1, T2: both") });
  const report = gate(folder);
  expect(describeGate(report)).toBe("2 rules, 2 with a test");
  expect(isClean(report)).toBe(true);
});

it("H4: a rule given twice, and a suite that no module provides, are found", () => {
  const folder = temporaryFolder({
    "docs/spec/things.md": `${SPEC}\n**T2.** Again (suite \`long\`).\n`,
    "src/a.test.ts": planted("T1, T2: both"),
  });
  const report = gate(folder);
  expect(report.repeated).toEqual(["T2"]);
  expect(report.suites).toEqual(["long"]);
  expect(isClean(report)).toBe(false);
});

it("H4: tests that never run, comments and names within a line prove nothing", () => {
  const source = [
    planted("T1: a", "it.skip"),
    planted("T1: b", "it.todo"),
    `// ${planted("T1: c")}`,
    `/*\n${planted("T1: d")}*/\n`,
    `const text = ${JSON.stringify(planted("T1: e"))};\n`,
  ].join("");
  const folder = temporaryFolder({ "docs/spec/things.md": SPEC, "src/a.test.ts": source });
  expect(gate(folder).unproved).toEqual(["T1", "T2"]);
});

it("H4: titles are read from every form of call, with their lines", () => {
  const source = [
    "it.each([\n  [1, 2],\n  [3, (4)],\n])('T1: each', () => {});\n",
    "it.skipIf(find('x') === undefined)(\n  `T2: long`,\n  () => {},\n);\n",
    "describe.concurrent('T3: group', () => {\n  it('carried by it', () => {});\n});\n",
    "describe('no rule', () => {\n  it('T4: its own', () => {});\n  it('none', () => {});\n});\n",
    `for (const one of all) {\n  test(\`T5: one\`, () => {});\n  test('bare', () => {});\n}\n`,
  ].join("");
  expect(titlesOf(source).map(({ title, line, needsRule }) => [title, line, needsRule])).toEqual([
    ["T1: each", 1, true],
    ["T2: long", 5, true],
    ["T3: group", 9, false],
    ["carried by it", 10, false],
    ["no rule", 12, false],
    ["T4: its own", 13, true],
    ["none", 14, true],
    ["T5: one", 17, true],
    ["bare", 18, true],
  ]);
});

it("H4: a rule begins a line, and a title names its rules before a colon", () => {
  expect(rulesOf(SPEC)).toEqual(["T1", "T2"]);
  expect(rulesNamed("E3, E4,E5: three")).toEqual(["E3", "E4", "E5"]);
  expect(rulesNamed("E3 and more")).toEqual([]);
  expect(rulesNamed("see E3: later")).toEqual([]);
});

it("H4: the command ends with 1 where something is wrong and with 0 where nothing is", async () => {
  const gateOf = (folder: string) => runCommand(process.execPath, [`${ROOT}/scripts/spec-gate.ts`], { cwd: folder });
  const bad = await gateOf(temporaryFolder({ "docs/spec/things.md": SPEC, "src/a.test.ts": planted("T1: one") }));
  expect(bad).toMatchObject({ code: 1, stdout: "T2: no test title begins with it\n2 rules, 1 with a test\n" });
  const good = await gateOf(temporaryFolder({ "docs/spec/things.md": SPEC, "src/a.test.ts": planted("T1, T2: both") }));
  expect(good).toMatchObject({ code: 0, stdout: "2 rules, 2 with a test\n" });
});
