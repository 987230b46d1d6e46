import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withSection } from "../../scripts/doc-section.ts";
import { verify } from "../../scripts/verify.ts";
import { SuiteState } from "../verify/suite-state.ts";
import { runCommand } from "./run-command.ts";
import { ROOT, temporaryFolder } from "./temporary-folder.ts";

/** Works out four pieces; where the file `hang` is there, stops for good after the second. */
const PIECES = `import { appendFileSync, existsSync } from "node:fs";
export const suite = {
  name: "pieces", proves: ["T1"], title: "four pieces", budgetMinutes: 7, model: "none", doc: "docs/pieces.md", section: "pieces",
  async run({ state, log, signal, quick }) {
    for (const piece of quick ? ["a"] : ["a", "b", "c", "d"]) {
      signal.throwIfAborted();
      if (state.has(piece)) continue;
      appendFileSync("work", piece);
      state.put(piece, { of: piece });
      log(piece);
      if (piece === "b" && existsSync("hang")) {
        console.log("waiting");
        await new Promise((resolve, reject) => {
          const timer = setInterval(() => {}, 1000);
          signal.addEventListener("abort", () => { clearInterval(timer); reject(signal.reason); });
        });
      }
    }
    return { table: "| piece |\\n| --- |\\n| " + (quick ? state.get("a") : state.get("d")).of + " |", holds: !existsSync("refute") };
  },
};\n`;
const MODEL = `export const suite = {
  name: "heavy", proves: ["T2", "T3"], title: "a model", budgetMinutes: 30, model: "embedded", doc: "docs/heavy.md", section: "heavy",
  async run() { throw new Error("out of order"); },
};\n`;

function project(files: Record<string, string> = {}): string {
  return temporaryFolder({
    "package.json": '{ "type": "module", "version": "1.2.3" }\n',
    "src/code.ts": "export const one = 1;\n",
    "test/verify/pieces.suite.ts": PIECES,
    ...files,
  });
}

const verifyIn = (folder: string, parameters: string[], during?: Parameters<typeof runCommand>[2]) =>
  runCommand(process.execPath, [join(ROOT, "scripts", "verify.ts"), ...parameters], { cwd: folder, ...during });
const work = (folder: string): string => readFileSync(join(folder, "work"), "utf8");
const page = (folder: string): string => readFileSync(join(folder, "docs", "pieces.md"), "utf8");

it("H10: the list names each suite with what it proves and its minutes, and the sum with the embedded model apart", async () => {
  const { code, stdout } = await verifyIn(project({ "test/verify/heavy.suite.ts": MODEL }), ["--list"]);
  expect(code).toBe(0);
  expect(stdout).toBe(
    [
      "heavy     30 min  embedded model  T2, T3: a model (docs/heavy.md)",
      "pieces     7 min  no model        T1: four pieces (docs/pieces.md)",
      "7 minutes without a model, 30 with the embedded model, 37 in all\n",
    ].join("\n"),
  );
});

it("H10: a suite runs alone and writes its table in docs, with command, version and seconds", async () => {
  const folder = project({ "test/verify/heavy.suite.ts": MODEL });
  const { code } = await verifyIn(folder, ["pieces"]);
  expect(code).toBe(0);
  expect(page(folder)).toMatch(
    /^# Pieces\n\n<!-- verify:pieces -->\n\n\| piece \|\n\| --- \|\n\| d \|\n\n`npm run verify -- pieces` · dashpot 1\.2\.3, code [0-9a-f]{12} · \S+ \S+, \d+ × .+ · \d+ s · \*\*holds\*\*\n\n<!-- \/verify:pieces -->\n$/,
  );
});

it("H10: a suite that was killed goes on and repeats nothing", async () => {
  const folder = project({ hang: "" });
  const killed = await verifyIn(folder, ["pieces"], {
    during: ({ seen, kill }) => seen("waiting", () => kill("SIGKILL")),
  });
  expect(killed.signal).toBe("SIGKILL");
  expect(work(folder)).toBe("ab");
  expect(existsSync(join(folder, "docs"))).toBe(false);
  // As if the kill had come in the middle of a line.
  appendFileSync(join(folder, ".dashpot", "verify", "pieces.jsonl"), '{"key":"c","val');
  expect(
    (await verifyIn(folder, ["pieces"], { during: ({ seen, kill }) => seen("waiting", () => kill("SIGKILL")) })).code,
  ).toBe(0);
  expect(work(folder)).toBe("abcd");
  expect(page(folder)).toContain("| d |");
});

it("H10: a suite that was asked to stop ends with 3 and goes on later", async () => {
  const folder = project({ hang: "" });
  const stopped = await verifyIn(folder, ["pieces"], {
    during: ({ seen, kill }) => seen("waiting", () => kill("SIGINT")),
  });
  expect(stopped.code).toBe(3);
  expect((await verifyIn(folder, ["pieces"])).code).toBe(0);
  expect(work(folder)).toBe("abcd");
});

it("H10: a finished suite is not repeated until its code changes or --fresh is asked for", async () => {
  const folder = project();
  await verifyIn(folder, ["pieces"]);
  await verifyIn(folder, ["pieces"]);
  expect(work(folder)).toBe("abcd");
  await verifyIn(folder, ["pieces", "--fresh"]);
  expect(work(folder)).toBe("abcdabcd");
  writeFileSync(join(folder, "src", "code.ts"), "export const one = 2;\n");
  await verifyIn(folder, ["pieces"]);
  expect(work(folder)).toBe("abcdabcdabcd");
});

it("H10: what a suite itself writes beside the bank does not outdate its result", async () => {
  const folder = project();
  await verifyIn(folder, ["pieces"]);
  const references = join(folder, "instruments", "relational", "references");
  mkdirSync(references, { recursive: true });
  writeFileSync(join(references, "measurement-error.json"), "{}\n");
  await verifyIn(folder, ["pieces"]);
  expect(work(folder)).toBe("abcd");
  writeFileSync(join(references, "another.json"), "{}\n");
  await verifyIn(folder, ["pieces"]);
  expect(work(folder)).toBe("abcdabcd");
});

it("H10: code that changes between two sessions of a suite is told in docs", async () => {
  const folder = project({ hang: "" });
  await verifyIn(folder, ["pieces"], { during: ({ seen, kill }) => seen("waiting", () => kill("SIGKILL")) });
  writeFileSync(join(folder, "src", "code.ts"), "export const one = 2;\n");
  await verifyIn(folder, ["pieces"]);
  expect(page(folder)).toMatch(/code \(changed in the middle: [0-9a-f]{12}, [0-9a-f]{12}\)/);
});

it("H10: a quick slice writes nothing in docs and leaves the full run's state alone", async () => {
  const folder = project();
  const { code, stdout } = await verifyIn(folder, ["pieces", "--quick"]);
  expect(code).toBe(0);
  expect(stdout).toContain("| a |");
  expect(existsSync(join(folder, "docs"))).toBe(false);
  await verifyIn(folder, ["pieces"]);
  expect(work(folder)).toBe("aabcd");
});

it("H10: exit codes tell what does not hold, what failed and what is no suite", async () => {
  const folder = project({ "test/verify/heavy.suite.ts": MODEL, refute: "" });
  const refuted = await verifyIn(folder, ["pieces"]);
  expect(refuted.code).toBe(1);
  expect(page(folder)).toContain("**does not hold**");
  const all = await verifyIn(folder, ["all"]);
  expect(all.code).toBe(70);
  expect(all.stderr).toContain("out of order");
  expect(all.stderr).toContain("pieces: does not hold");
  const unknown = await verifyIn(folder, ["peices"]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("error[wrong-use]: expected a name of the list below, received peices");
  expect(unknown.stderr).toContain("pieces     7 min");
  expect((await verifyIn(folder, ["pieces", "--slow"])).code).toBe(2);
});

it("H10: every suite of this repository is well-formed, within three hours, and proves rules that exist", async () => {
  const lines: string[] = [];
  const places = { root: ROOT, suites: join(ROOT, "test", "verify"), state: "" };
  const output = { print: (line: string) => void lines.push(line), log: () => {} };
  expect(await verify(["--list"], places, output, new AbortController().signal)).toBe(0);
  for (const line of lines.slice(0, -1)) {
    expect(line).toMatch(
      /^[a-z][a-z0-9-]* +\d+ min {2}(embedded model|no model {6}) {2}[A-Z]\d+(, [A-Z]\d+)*: .+ \(docs\/[\w./-]+\.md\)$/,
    );
    expect(Number(/(\d+) min/.exec(line)?.[1])).toBeLessThanOrEqual(180);
  }
});

it("H10: a table takes the place of the one before, and the rest of the page stays", () => {
  const first = withSection("# Page\n\nText.\n", "one", "| a |");
  expect(first).toBe("# Page\n\nText.\n\n<!-- verify:one -->\n\n| a |\n\n<!-- /verify:one -->\n");
  const second = withSection(`${first}\nMore.\n`, "one", "| $& |");
  expect(second).toBe("# Page\n\nText.\n\n<!-- verify:one -->\n\n| $& |\n\n<!-- /verify:one -->\n\nMore.\n");
  expect(() => withSection("<!-- verify:one -->", "one", "x")).toThrow("expected <!-- /verify:one -->");
});

it("H10: state survives being cut anywhere: whole lines are kept, nothing else", () => {
  const folder = temporaryFolder();
  const path = join(folder, "state.jsonl");
  const state = new SuiteState(path, "code", () => 0);
  state.put("one", [1, { two: "zwei\n" }]);
  state.put("one", "again");
  state.put("three", null);
  state.close();
  const bytes = readFileSync(path);
  const kept = (length: number): unknown[] => {
    writeFileSync(path, bytes.subarray(0, length));
    const cut = new SuiteState(path, "code", () => 0);
    cut.put("after", length);
    cut.close();
    const again = new SuiteState(path, "code", () => 0);
    const values = [again.get("one"), again.has("three"), again.get("after")];
    again.close();
    return values;
  };
  for (let length = 0; length <= bytes.length; length += 5) {
    const whole = bytes.subarray(0, length).toString().split("\n").length - 1;
    const one = whole >= 3 ? "again" : whole === 2 ? [1, { two: "zwei\n" }] : undefined;
    expect(kept(length)).toEqual([one, whole >= 4, length]);
  }
});

it("H10: time is summed over sessions, of a killed one up to its last line", () => {
  const path = join(temporaryFolder(), "state.jsonl");
  let now = 100;
  const killed = new SuiteState(path, "code", () => now);
  now = 130;
  killed.put("one", 1);
  now = 150;
  killed.close();
  const next = new SuiteState(path, "code", () => now);
  now = 155;
  expect(next.finish({ table: "", holds: true }).seconds).toBe(35);
  next.close();
});
