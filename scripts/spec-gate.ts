import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** What the gate found; every list empty means that specification and tests agree (H4). */
export interface GateReport {
  readonly rules: readonly string[];
  /** Rules whose number is given twice. */
  readonly repeated: readonly string[];
  /** Rules that no test title begins with. */
  readonly unproved: readonly string[];
  /** Titles that begin with no rule that exists. */
  readonly unknown: readonly { readonly file: string; readonly line: number; readonly title: string }[];
  /** Suites that a rule names and no module in test/verify provides. */
  readonly suites: readonly string[];
}

const SOURCES = ["src", "scripts", "test", "bench", "examples"];

/** Compares `docs/spec/*.md` with the titles of every `*.test.ts` below a folder. */
export function gate(root: string): GateReport {
  const texts = markdownOf(join(root, "docs", "spec"));
  const all = texts.flatMap(rulesOf);
  const rules = [...new Set(all)];
  const titles = SOURCES.flatMap((folder) => testFiles(join(root, folder))).flatMap((path) =>
    titlesOf(readFileSync(path, "utf8")).map((title) => ({ file: relative(root, path), ...title })),
  );
  const proved = new Set(titles.filter(({ idle }) => !idle).flatMap(({ title }) => rulesNamed(title)));
  return {
    rules,
    repeated: rules.filter((rule) => all.indexOf(rule) !== all.lastIndexOf(rule)),
    unproved: rules.filter((rule) => !proved.has(rule)),
    unknown: titles
      .filter(({ title, needsRule }) => namesNoRule(title, needsRule, rules))
      .map(({ file, line, title }) => ({ file, line, title })),
    suites: suitesWithoutModule(root, texts),
  };
}

/** Numbers of the rules in one file of the specification: `**H1.**` at the beginning of a line. */
export function rulesOf(markdown: string): string[] {
  return [...markdown.matchAll(/^\*\*([A-Z]\d+)\.\*\*/gm)].map((match) => match[1] as string);
}

/** Rules a title begins with: `"E3, E4: …"` names two. */
export function rulesNamed(title: string): string[] {
  return (/^([A-Z]\d+(?:, ?[A-Z]\d+)*): /.exec(title)?.[1] ?? "").split(/, ?/).filter((rule) => rule !== "");
}

export interface Title {
  readonly title: string;
  readonly line: number;
  /** Of a test that stands in no group whose title names a rule. */
  readonly needsRule: boolean;
  /** Skipped for good or still to be written: proves nothing. */
  readonly idle: boolean;
}

/** Indentation, modifiers (`.skip`, `.skipIf(…)`, `.each([…])`), quote and title of a call of a test or group. */
const CALL =
  /^([ \t]*)(it|test|describe|suite)((?:\.\w+|\((?:[^()]|\([^()]*\))*\)|\.(?:each|for)\([\s\S]*?\)(?=\())*)\(\s*(["'`])((?:\\.|(?!\4)[\s\S])*?)\4/gm;

/** Titles of the tests and groups in a test file, as the formatter leaves it; comments do not count. */
export function titlesOf(source: string): Title[] {
  const text = withoutComments(source);
  const calls = [...text.matchAll(CALL)].map((match) => {
    const [, indent = "", name = "", modifiers = "", , title = ""] = match;
    return {
      start: match.index,
      end: endOf(text, match.index, indent),
      group: /^(describe|suite)$/.test(name),
      modifiers,
      title,
    };
  });
  const carrying = calls.filter(({ group, title }) => group && rulesNamed(title).length > 0);
  return calls.map(({ start, group, modifiers, title }) => ({
    title,
    line: text.slice(0, start).split("\n").length,
    needsRule: !group && !carrying.some((one) => one.start < start && start < one.end),
    idle: /\.(?:skip|todo)\b/.test(modifiers),
  }));
}

/** Where a call that begins a line ends: the next line that closes at its indentation. */
function endOf(text: string, start: number, indent: string): number {
  const end = text.indexOf(`\n${indent}}`, start);
  return end === -1 ? text.length : end;
}

/** Blanks lines that are comments and block comments that begin a line, keeping the lines' numbers. */
function withoutComments(source: string): string {
  return source
    .replace(/^[ \t]*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/^[ \t]*\/\/.*$/gm, "");
}

function namesNoRule(title: string, needsRule: boolean, rules: readonly string[]): boolean {
  const named = rulesNamed(title);
  return named.length === 0 ? needsRule : named.some((rule) => !rules.includes(rule));
}

function suitesWithoutModule(root: string, texts: readonly string[]): string[] {
  const named = texts.flatMap((text) =>
    [...text.matchAll(/\(suite `([\w-]+)`|`npm run verify -- ([a-z][\w-]*)`/g)].map(
      (match) => match[1] ?? match[2] ?? "",
    ),
  );
  const present = filesBelow(join(root, "test", "verify")).map((path) => /([\w-]+)\.suite\.ts$/.exec(path)?.[1]);
  return [...new Set(named)].filter((name) => !present.includes(name));
}

function markdownOf(folder: string): string[] {
  return filesBelow(folder)
    .filter((path) => path.endsWith(".md"))
    .map((path) => readFileSync(path, "utf8"));
}

function testFiles(folder: string): string[] {
  return filesBelow(folder).filter((path) => path.endsWith(".test.ts"));
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** One line a finding, and a last line with the counts. */
export function describeGate(report: GateReport): string {
  return [
    ...report.repeated.map((rule) => `${rule}: given more than once in docs/spec`),
    ...report.unproved.map((rule) => `${rule}: no test title begins with it`),
    ...report.unknown.map(({ file, line, title }) => `${file}:${line}: names no rule that exists: ${title}`),
    ...report.suites.map((name) => `suite ${name}: named in docs/spec, no module test/verify/${name}.suite.ts`),
    `${report.rules.length} rules, ${report.rules.length - report.unproved.length} with a test`,
  ].join("\n");
}

export function isClean(report: GateReport): boolean {
  return [report.repeated, report.unproved, report.unknown, report.suites].every((list) => list.length === 0);
}

if (import.meta.main) {
  const report = gate(process.cwd());
  process.stdout.write(`${describeGate(report)}\n`);
  process.exitCode = isClean(report) ? 0 : 1;
}
