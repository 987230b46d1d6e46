import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  describeDifference,
  differencesOf,
  isCommand,
  isShown,
  linesOf,
  openTrial,
  readDocument,
  renew,
  renewed,
  type ShownCommand,
} from "../../scripts/documented-output.ts";
import { type Profile, profileSchema } from "../../src/model/profile.ts";
import { renderSummary } from "../../src/profile/report/terminal-summary.ts";
import { runCommand } from "./run-command.ts";
import { ROOT } from "./temporary-folder.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const pages = readdirSync(join(ROOT, "docs"), { recursive: true })
  .map((name) => `docs/${name}`)
  .filter((path) => path.endsWith(".md"));
/** With README.md, whose fences are treated alike. */
const documents = [...pages, ...["README.md", "CONTRIBUTING.md"].filter((path) => existsSync(join(ROOT, path)))];
const shown = documents.map((path) => ({ path, document: readDocument(read(path)) }));
const rerun = shown.filter(({ document }) => document.steps.some(isCommand));

/** Commands of the guides that nothing here can run again: they need a network, a key or weights. */
const NOT_RERUN = [
  "dashpot profile embedded:smollm2-135m",
  "dashpot profile gguf:models/my-chat-model.gguf --out runs/mine",
  "dashpot profile anthropic:NAME --out runs/a --dry-run",
  "dashpot profile anthropic:NAME --out runs/a --budget calls=1200",
  "dashpot profile google:NAME --out runs/g",
  "dashpot profile openai:NAME --out runs/o",
  "dashpot profile openai:NAME --base-url http://localhost:8000/v1 --parallel 4 --timeout 120 --out runs/served",
  "dashpot stress embedded:smollm2-135m --set quick",
  "dashpot stress embedded:smollm2-135m --games --format score",
  "dashpot stress embedded:smollm2-135m --games --format choice --families dictator,prisoners-dilemma --samples 1",
  "dashpot code replies.csv --coder likelihood --dimensions mode,severity",
  "dashpot code replies.csv --coder rules --coder judge:anthropic:NAME --coder judge:openai:NAME@http://localhost:8000/v1 --out codes > codes.csv",
  "dashpot card verify card.dsse.json --key second.pub.pem --revoked revoked.txt",
];

/** Pages whose commands take minutes together: `npm run check` runs them again, `npm test` looks whether they are there. */
const LONG = ["ask-people", "games", "predict", "stress-a-model"].map((name) => `docs/guide/${name}.md`);

describe.concurrent("shown commands", () => {
  it.for(rerun)(
    "C10: every command that $path shows prints what is shown",
    { timeout: 400_000 },
    async ({ path, document }, { expect: expected, skip }) => {
      skip(
        LONG.includes(path) && process.env.DASHPOT_LONG_PAGES === undefined,
        "this page's commands take minutes: npm run check runs them again",
      );
      const trial = openTrial(ROOT);
      const differences = await differencesOf(document, trial).finally(trial.leave);
      expected(differences.map(describeDifference).join("\n\n")).toBe("");
    },
  );
});

it("C10: the pages that npm test leaves to npm run check are there and show commands", () => {
  expect(rerun.map(({ path }) => path)).toEqual(expect.arrayContaining(LONG));
});

it("C10: a fence of output begins with its command, and other fences hold no output", () => {
  expect(shown.flatMap(({ path, document }) => document.faults.map((fault) => `${path}:${fault}`))).toEqual([]);
  const tags = shown
    .filter(({ path }) => path.startsWith("docs/guide/"))
    .flatMap(({ path, document }) => document.fences.map(({ line, tag }) => `${path}:${line} ${tag}`));
  expect(tags.filter((tag) => !/ (yaml|json|csv|ts|sh)( |$)/.test(tag))).toEqual([]);
});

it("C10: what is not run again is listed, and needs a network, a key or weights", () => {
  const guides = shown.filter(({ path }) => path.startsWith("docs/guide/"));
  const commands = guides.flatMap(({ document }) => document.notRerun);
  expect(commands.map(({ command }) => command).sort()).toEqual([...NOT_RERUN].sort());
  // Only what another command prints may stand below such a one in a guide.
  expect(commands.filter(({ output }) => output.length > 0)).toEqual([]);
});

it("C10: what the README shows of the embedded model is what its committed profile says", () => {
  const text = read("instruments/relational/references/embedded-smollm2-135m.json");
  const summary = renderSummary(profileSchema.parse(JSON.parse(text)) as Profile, { colour: false, width: 100 });
  const readme = shown.find(({ path }) => path === "README.md");
  const blocks = (readme?.document.notRerun ?? []).filter(
    ({ command, output }) => command.includes("profile embedded:smollm2-135m") && output.length > 0,
  );
  expect(blocks.length).toBeGreaterThan(0);
  for (const { output } of blocks) expect(isShown(linesOf(output.join("\n")), linesOf(summary)), summary).toBe(true);
});

it("C10: commands that are not run again have the options that they show", { timeout: 120_000 }, async () => {
  const all = shown.flatMap(({ document }) => document.notRerun).filter(({ command }) => nameOf(command) !== undefined);
  const names = [...new Set(all.map(({ command }) => nameOf(command) as string))];
  const help = new Map(await Promise.all(names.map(async (name) => [name, await helpOf(name)] as const)));
  const unknown = all.flatMap(({ command }) =>
    (command.match(/ --[a-z-]+/g) ?? []).filter(
      (option) => option !== " --no" && !help.get(nameOf(command) as string)?.includes(option),
    ),
  );
  expect(unknown).toEqual([]);
});

function nameOf(command: ShownCommand["command"]): string | undefined {
  return /^(?:npx (?:--no )?)?dashpot ([a-z]+)/.exec(command)?.[1];
}

async function helpOf(name: string): Promise<string> {
  const { stdout } = await runCommand(process.execPath, [join(ROOT, "bin", "dashpot.js"), name, "--help"]);
  return stdout;
}

it("C10: a signed number in the text of a guide was printed on its page", () => {
  const strays = shown
    .filter(({ path }) => path.startsWith("docs/guide/"))
    .flatMap(({ path, document }) => {
      const printed = document.steps.filter(isCommand).flatMap(({ output }) => output);
      const numbers =
        read(path)
          .replace(/^```[\s\S]*?^```/gm, "")
          .match(/[+−]\d+\.\d+/g) ?? [];
      return numbers.filter((one) => !printed.some((line) => line.includes(one))).map((one) => `${path}: ${one}`);
    });
  expect(strays).toEqual([]);
});

it("C10: pieces of the example stand in the example", () => {
  const pieces = shown.flatMap(({ document }) => document.excerpts);
  expect(pieces.length).toBeGreaterThan(0);
  expect(pieces.filter(({ name, text }) => !read(name).includes(text)).map(({ text }) => text)).toEqual([]);
});

it("C10: every suite and benchmark has a table, and every table names the command that wrote it", () => {
  const tables = pages.flatMap((path) =>
    [...read(path).matchAll(/<!-- verify:([\w-]+) -->\n([\s\S]*?)<!-- \/verify:\1 -->/g)].map(
      ([, name = "", text = ""]) => ({ path, name, text: text.trim() }),
    ),
  );
  const namesIn = (folder: string, ending: RegExp) =>
    readdirSync(join(ROOT, folder)).flatMap((name) => ending.exec(name)?.[1] ?? []);
  const names = [...namesIn("test/verify", /^(.+)\.suite\.ts$/), ...namesIn("bench/scenarios", /^([\w-]+)\.ts$/)];
  expect(tables.map(({ name }) => name).sort()).toEqual(names.sort());
  const bare = tables.filter(({ path, name, text }) => {
    const command = `npm run ${path.endsWith("speed.md") ? "bench" : "verify"} -- ${name}`;
    return !text.includes(command);
  });
  expect(bare.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
});

const page = (...lines: string[]) => lines.join("\n");

it("C10: a changed number, a missing line and one too many are seen", async () => {
  const text = page(
    ...["```yaml greeting.txt", "hello", "```", "", "```console"],
    ...["$ cat greeting.txt", "hello"],
    ...["$ cat greeting.txt; echo 12", "hello", "13"],
    ...["$ printf 'a\\nb\\n'", "a"],
    ...["$ printf 'a\\n'", "a", "b", "```"],
  );
  const document = readDocument(text);
  const trial = openTrial(ROOT);
  const differences = await differencesOf(document, trial).finally(trial.leave);
  expect(differences.map(({ line, printed }) => [line, printed])).toEqual([
    [8, ["hello", "12"]],
    [11, ["a", "b"]],
    [13, ["a"]],
  ]);
  expect(describeDifference(differences[0] as (typeof differences)[number])).toBe(
    "line 8: $ cat greeting.txt; echo 12\nshown:\nhello\n13\nprinted:\nhello\n12",
  );
  const { markdown, left } = renew(text, differences);
  expect(markdown).toBe(text.replace("13", "12"));
  expect(left.map(({ line }) => line)).toEqual([11, 13]);
});

it("C10: a line … stands for any lines, and a placeholder only for what it names", () => {
  const key = "0123456789abcdef".repeat(4);
  expect(isShown(["…"], [])).toBe(true);
  expect(isShown(["a", "…", "d"], ["a", "b", "c", "d"])).toBe(true);
  expect(isShown(["a", "…"], ["a"])).toBe(true);
  expect(isShown(["a", "…", "d"], ["a", "b", "c"])).toBe(false);
  expect(isShown(["…", "b"], ["a", "b", "c"])).toBe(false);
  expect(isShown(["25…44"], ["25 to 44"])).toBe(false);
  expect(isShown(["key <key id>."], [`key ${key}.`])).toBe(true);
  expect(isShown(["key <key id>."], [`key ${key}x`])).toBe(false);
  expect(isShown(["P(AR | CS) < 0.1"], ["P(AR | CS) < 0x1"])).toBe(false);
});

it("C10: what is shown takes the printed numbers, and nothing else that changed", () => {
  const shown = ["row   sd", "CS    +0.12*  −1…+2", "…", "12 situations, key <key id>"];
  const printed = ["row   sd", "CS    −10.5   0…+3.5", "more", "96 situations, key abc"];
  expect(renewed(shown, printed)).toBeNull();
  const key = "0123456789abcdef".repeat(4);
  expect(renewed(shown, [...printed.slice(0, 3), `12 situations, key ${key}`])).toEqual([
    ...["row   sd", "CS    −10.5   0…+3.5", "…", "12 situations, key <key id>"],
  ]);
  expect(renewed(["It leans."], ["It does not lean."])).toBeNull();
});

it("C10: output without a command, and a mark that is none, are faults", () => {
  const { faults, notRerun } = readDocument(
    page("```console", "42", "```", "```console once", "$ x", "```", "```console not-rerun", "$ y \\", "  z", "```"),
  );
  expect(faults).toEqual([
    "1: expected a fence that begins with its command",
    "4: expected console or console not-rerun, received console once",
  ]);
  expect(notRerun).toEqual([{ line: 8, command: "y \\\n  z", output: [] }]);
});
