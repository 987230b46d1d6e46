import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { installNpmPeer, peersFolder } from "../../bench/peer.ts";
import { runCommand } from "./run-command.ts";
import { ROOT, temporaryFolder } from "./temporary-folder.ts";

const benchmark = (name: string, run: string): string => `export const benchmark = {
  name: "${name}", stage: "profile", row: "a row", target: "≥ 2 × the peer", async run() { ${run} },
};\n`;
const figure = (holds: boolean): string =>
  `return { figure: 2.5, unit: "times", target: 2, holds: ${holds}, against: "peer 1.0", n: 10, pid: process.pid };`;

const benchIn = (folder: string, ...parameters: string[]) =>
  runCommand(process.execPath, [join(ROOT, "scripts", "bench.ts"), ...parameters], { cwd: folder });

const project = () =>
  temporaryFolder({
    "package.json": '{ "type": "module" }\n',
    "bench/scenarios/fast.ts": benchmark("fast", figure(true)),
    "bench/kernel/slow.ts": benchmark("slow", figure(false)),
    "bench/scenarios/wrong.ts": benchmark("wrong", 'throw new Error("answers differ");'),
  });

it("H10: each benchmark prints one JSON line, in a process of its own, and 0 is the exit code whether or not it holds", async () => {
  const { code, stdout } = await benchIn(project(), "fast", "slow");
  expect(code).toBe(0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(Object.keys(lines[0] ?? {})).toEqual(["name", "figure", "unit", "target", "holds", "against", "n", "pid"]);
  expect(lines.map(({ name, holds }) => [name, holds])).toEqual([
    ["fast", true],
    ["slow", false],
  ]);
  expect(lines[0]?.pid).not.toBe(lines[1]?.pid);
});

it("H10: with --write each figure stands in docs/speed.md, and the page's other words stay", async () => {
  const folder = project();
  mkdirSync(join(folder, "docs"));
  writeFileSync(
    join(folder, "docs", "speed.md"),
    "# Speed\n\nKept.\n\n<!-- verify:slow -->\nof before\n<!-- /verify:slow -->\n",
  );
  expect((await benchIn(folder, "fast", "slow", "--write")).code).toBe(0);
  const page = readFileSync(join(folder, "docs", "speed.md"), "utf8");
  expect(page).toContain("Kept.");
  expect(page).not.toContain("of before");
  expect(page).toMatch(/<!-- verify:slow -->\n\n\*\*2.5 times\*\* · target ≥ 2 × the peer · \*\*does not hold\*\*/);
  expect(page).toMatch(
    /\*\*2.5 times\*\* · target ≥ 2 × the peer · holds\n\nA row. Against peer 1.0; n 10.\n\n`npm run bench -- fast`/,
  );
});

it("H10: a wrong answer is no figure", async () => {
  const { code, stdout, stderr } = await benchIn(project(), "wrong");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain("answers differ");
});

it("H10: the list names every benchmark by stage and row, and an unknown name brings it too", async () => {
  const folder = project();
  const list =
    "fast   profile: a row; target ≥ 2 × the peer\nwrong  profile: a row; target ≥ 2 × the peer\nslow   profile: a row; target ≥ 2 × the peer\n";
  expect(await benchIn(folder, "--list")).toMatchObject({ code: 0, stdout: list });
  const unknown = await benchIn(folder, "fats");
  expect(unknown).toMatchObject({ code: 2, stdout: "" });
  expect(unknown.stderr).toContain("received fats");
  expect(unknown.stderr).toContain(list);
});

it("H10: a peer is installed once, outside of the repository", async ({ onTestFinished }) => {
  const home = temporaryFolder({
    "peer/package.json": '{ "name": "peer", "version": "1.0.0", "main": "index.js" }\n',
    "peer/index.js": "",
  });
  const before = process.env.DASHPOT_HOME;
  process.env.DASHPOT_HOME = join(home, "state");
  onTestFinished(() => {
    if (before === undefined) delete process.env.DASHPOT_HOME;
    else process.env.DASHPOT_HOME = before;
  });
  const folder = await installNpmPeer("peer", `file:${join(home, "peer")}`);
  expect(folder.startsWith(join(home, "state", "peers"))).toBe(true);
  expect(existsSync(join(folder, "node_modules", "peer", "package.json"))).toBe(true);
  writeFileSync(join(folder, "kept"), "");
  expect(await installNpmPeer("peer", `file:${join(home, "peer")}`)).toBe(folder);
  expect(readFileSync(join(folder, "kept"), "utf8")).toBe("");
  await expect(installNpmPeer("peer", `file:${join(home, "absent.tgz")}`)).rejects.toThrow(
    /expected npm install .* to succeed/,
  );
});

it("H10: peers are kept in DASHPOT_HOME, else in the XDG cache folder", () => {
  expect(peersFolder({ DASHPOT_HOME: "/h", XDG_CACHE_HOME: "/c" })).toBe(join("/h", "peers"));
  expect(peersFolder({ XDG_CACHE_HOME: "/c" })).toBe(join("/c", "dashpot", "peers"));
});
