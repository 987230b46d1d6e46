import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A command that a document shows, and what it says that the command printed. */
export interface ShownCommand {
  readonly line: number;
  readonly command: string;
  readonly output: readonly string[];
}

/** A file that a document gives, or under `ts` a piece of one that is there: the fence's second word is its name. */
export interface ShownFile {
  readonly line: number;
  readonly language: string;
  readonly name: string;
  readonly text: string;
}

export interface ShownDocument {
  /** Commands to run again and files to write, in the order of the document. */
  readonly steps: readonly (ShownCommand | ShownFile)[];
  /** Commands in fences marked `console not-rerun`: they need a network, a key or weights. */
  readonly notRerun: readonly ShownCommand[];
  /** Pieces of files of the clone. */
  readonly excerpts: readonly ShownFile[];
  /** Tags of the other fences. */
  readonly fences: readonly { readonly line: number; readonly tag: string }[];
  readonly faults: readonly string[];
}

interface Fence {
  readonly line: number;
  readonly tag: string;
  readonly lines: readonly string[];
}

/** Commands and files of a Markdown text. A line that ends with a backslash goes on in the next. */
export function readDocument(markdown: string): ShownDocument {
  const fences = fencesOf(markdown);
  const consoles = fences.filter(({ tag }) => tag.split(" ")[0] === "console");
  const isExcerpt = ({ language }: ShownFile) => language === "ts";
  return {
    steps: fences.flatMap<ShownCommand | ShownFile>((fence) =>
      fence.tag === "console" ? commandsOf(fence) : filesOf(fence).filter((file) => !isExcerpt(file)),
    ),
    notRerun: consoles.filter(({ tag }) => tag === "console not-rerun").flatMap(commandsOf),
    excerpts: fences.flatMap(filesOf).filter(isExcerpt),
    fences: fences.filter((fence) => !consoles.includes(fence)).map(({ line, tag }) => ({ line, tag })),
    faults: consoles.flatMap(faultsOf),
  };
}

export function isCommand(step: ShownCommand | ShownFile): step is ShownCommand {
  return "command" in step;
}

function fencesOf(markdown: string): Fence[] {
  const fences: { line: number; tag: string; lines: string[] }[] = [];
  let open = false;
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const tag = /^ {0,3}```(.*)$/.exec(line)?.[1];
    if (tag !== undefined) {
      if (!open) fences.push({ line: index + 1, tag: tag.trim(), lines: [] });
      open = !open;
    } else if (open) fences.at(-1)?.lines.push(line.trimEnd());
  }
  return fences;
}

function filesOf({ line, tag, lines }: Fence): ShownFile[] {
  const [language = "", name] = tag.split(" ");
  if (name === undefined || language === "console") return [];
  return [{ line, language, name, text: `${lines.join("\n")}\n` }];
}

function commandsOf({ line, lines }: Fence): ShownCommand[] {
  const commands: { line: number; command: string; output: string[] }[] = [];
  for (const [index, text] of lines.entries()) {
    const last = commands.at(-1);
    if (text.startsWith("$ ")) commands.push({ line: line + index + 1, command: text.slice(2), output: [] });
    else if (last?.command.endsWith("\\") && last.output.length === 0) last.command += `\n${text}`;
    else last?.output.push(text);
  }
  return commands;
}

function faultsOf({ line, tag, lines }: Fence): string[] {
  const faults = lines[0]?.startsWith("$ ") ? [] : [`${line}: expected a fence that begins with its command`];
  if (tag === "console" || tag === "console not-rerun") return faults;
  return [...faults, `${line}: expected console or console not-rerun, received ${tag}`];
}

/** What varies and may be written so, alone or within a line. */
const PLACEHOLDERS: readonly (readonly [string, string])[] = [
  ["<key id>", "[0-9a-f]{64}"],
  ["<sha-256>", "[0-9a-f]{64}"],
  ["<folder>", "\\S+"],
];

/** Whether what was printed is what is shown, line by line; a line `…` stands for any number of lines. */
export function isShown(shown: readonly string[], printed: readonly string[]): boolean {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0;
  if (first === "…") return printed.some((_, from) => isShown(rest, printed.slice(from))) || rest.length === 0;
  return printed[0] !== undefined && patternOf(first).test(printed[0]) && isShown(rest, printed.slice(1));
}

function patternOf(line: string): RegExp {
  const literal = line.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = PLACEHOLDERS.reduce((text, [name, of]) => text.replaceAll(name, of), literal);
  return new RegExp(`^${pattern}$`);
}

/**
 * What is shown with the numbers that were printed, where the lines are the same but for numbers; else null. Lines `…`
 * stay, and stand for as few lines as can be.
 */
export function renewed(shown: readonly string[], printed: readonly string[]): readonly string[] | null {
  const [first, ...rest] = shown;
  if (first === undefined) return printed.length === 0 ? [] : null;
  if (first !== "…") {
    const same =
      printed[0] !== undefined && (patternOf(first).test(printed[0]) || shapeOf(first) === shapeOf(printed[0]));
    const after = same ? renewed(rest, printed.slice(1)) : null;
    return after && [patternOf(first).test(printed[0] as string) ? first : (printed[0] as string), ...after];
  }
  if (rest.length === 0) return ["…"];
  for (let from = 0; from < printed.length; from += 1) {
    const after = renewed(rest, printed.slice(from));
    if (after) return ["…", ...after];
  }
  return null;
}

/** A line without its numbers, their signs and marks, and the spaces that keep them in columns. */
function shapeOf(line: string): string {
  return line
    .replace(/[+−-]?\d[\d.,]*\*?/g, "#")
    .replace(/\s+/g, " ")
    .trim();
}

/** Lines of a command's output without spaces at their ends and empty lines at its end. */
export function linesOf(output: string): string[] {
  const lines = output.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

/** A folder in which somebody with nothing but a clone tries what a document shows. */
export interface Trial {
  /** Standard output and standard error as they come on a terminal's lines. */
  run(command: string): Promise<string>;
  write(file: ShownFile): void;
  leave(): void;
}

/** `instruments` and `examples` of the clone are there; keys and weights are the trial's own. */
export function openTrial(root: string): Trial {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-document-"));
  const work = join(folder, "work");
  for (const name of ["home", "tmp", "bin", "dashpot", "library"]) mkdirSync(join(folder, name));
  mkdirSync(join(work, "node_modules"), { recursive: true });
  writePrograms(join(folder, "bin"), root);
  writeLibrary(join(folder, "library"), root);
  symlinkSync(join(folder, "library"), join(work, "node_modules", "dashpot"), "junction");
  symlinkSync(join(root, "instruments"), join(work, "instruments"), "junction");
  cpSync(join(root, "examples"), join(work, "examples"), { recursive: true });
  writeFileSync(join(work, "package.json"), '{ "type": "module" }\n');
  const env = {
    PATH: `${join(folder, "bin")}:${process.env.PATH}`,
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    DASHPOT_HOME: join(folder, "dashpot"),
    // Of the tests, where there is one.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  };
  return {
    run: (command) => shell(command, work, env),
    write: ({ name, text }) => {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), text);
    },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `dashpot`, and `npx` for what a clone has. */
function writePrograms(bin: string, root: string): void {
  const node = process.execPath;
  const entry = join(root, "bin", "dashpot.js");
  const programs = {
    node: `exec "${node}" "$@"`,
    dashpot: `exec "${node}" "${entry}" "$@"`,
    npx: `[ "$1" = --no ] && shift\ncase "$1" in dashpot|node) exec "$@";; *) echo "npx $1: not in this trial"; exit 127;; esac`,
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
}

/** The package as a dependency, from the sources: what is built may be old or absent. */
function writeLibrary(folder: string, root: string): void {
  const entry = pathToFileURL(join(root, "src", "index.ts")).href;
  writeFileSync(join(folder, "package.json"), '{ "name": "dashpot", "type": "module", "exports": "./index.js" }\n');
  writeFileSync(join(folder, "index.js"), `export * from ${JSON.stringify(entry)};\n`);
}

function shell(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn("/bin/sh", ["-c", `exec 2>&1\n${command}`], { cwd, env, stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(printed));
  });
}

/** A command that printed something else than is shown. */
export interface Difference extends ShownCommand {
  readonly printed: readonly string[];
}

/** Runs what a document shows, in its order, for later commands may need earlier ones. */
export async function differencesOf(document: ShownDocument, trial: Trial): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const step of document.steps) {
    if (!isCommand(step)) {
      trial.write(step);
      continue;
    }
    const printed = linesOf(await trial.run(step.command));
    if (!isShown(linesOf(step.output.join("\n")), printed)) differences.push({ ...step, printed });
  }
  return differences;
}

export function describeDifference({ line, command, output, printed }: Difference): string {
  return [`line ${line}: $ ${command}`, "shown:", ...output, "printed:", ...printed].join("\n");
}

/** The document with the numbers that were printed, and what it takes a person to renew. */
export function renew(markdown: string, differences: readonly Difference[]) {
  const lines = markdown.split("\n");
  const left: Difference[] = [];
  for (const difference of differences.toReversed()) {
    const { line, command, output, printed } = difference;
    const shown = linesOf(output.join("\n"));
    const after = renewed(shown, printed);
    if (after) lines.splice(line + command.split("\n").length - 1, shown.length, ...after);
    else left.unshift(difference);
  }
  return { markdown: lines.join("\n"), left };
}

async function main(parameters: readonly string[]): Promise<void> {
  for (const path of parameters.filter((one) => one !== "--write")) {
    const trial = openTrial(process.cwd());
    const text = readFileSync(path, "utf8");
    const document = readDocument(text);
    const differences = await differencesOf(document, trial).finally(trial.leave);
    const { markdown, left } = parameters.includes("--write")
      ? renew(text, differences)
      : { markdown: text, left: differences };
    if (markdown !== text) writeFileSync(path, markdown);
    const found = [...document.faults, ...left.map(describeDifference)];
    process.stdout.write(`${path}: ${found.length === 0 ? "as shown" : `\n${found.join("\n\n")}`}\n`);
    if (found.length > 0) process.exitCode = 1;
  }
}

if (import.meta.main) await main(process.argv.slice(2));
