import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { somePlan } from "../../test/fixtures/run-plan.ts";
import { temporaryFolder } from "../../test/house/temporary-folder.ts";
import { isDashpotError } from "../model/error.ts";
import type { Journal } from "../model/journal.ts";
import type { AnswerRecord, RunPlan } from "../model/run.ts";
import { openJournal } from "./journal.ts";

const PUT_ANSWERS = fileURLToPath(new URL("../../test/fixtures/put-answers.ts", import.meta.url));
const usage = { promptTokens: 7, completionTokens: 2 };
const chat = (key: string, text = `answer to ${key}`): AnswerRecord => ({
  key,
  request: "r",
  answer: { kind: "chat", text, stop: "stop", usage },
});

function runDirectory(): string {
  return join(temporaryFolder(), "run");
}

function open(directory: string, plan: RunPlan | null = somePlan): Journal {
  const journal = openJournal(directory, plan);
  onTestFinished(() => journal.close());
  return journal;
}

function codeOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return isDashpotError(error) ? { code: error.code, exit: error.exit } : error;
  }
  return null;
}

/** A journal with one answer, closed, for a test to damage. */
async function written(): Promise<{ directory: string; path: string }> {
  const directory = runDirectory();
  const journal = open(directory);
  await journal.put(chat("k"), usage);
  await journal.close();
  return { directory, path: join(directory, "journal.sqlite") };
}

function damage(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

it("R1: an answer is on disk when put resolves, for another connection to read", async () => {
  const directory = runDirectory();
  const journal = open(directory);
  await journal.put(chat("k"), usage);
  const other = new DatabaseSync(join(directory, "journal.sqlite"), { readOnly: true });
  expect(other.prepare("SELECT key, prompt_tokens FROM answers").all()).toEqual([{ key: "k", prompt_tokens: 7 }]);
  other.close();
  expect(journal.get("k")).toEqual(chat("k"));
  expect(journal.get("other")).toBeUndefined();
});

it("R1: answers put at once become durable together, and count only then", async () => {
  const journal = open(runDirectory());
  const puts = Array.from({ length: 500 }, (_, index) => journal.put(chat(`k${index}`), usage));
  expect(journal.count()).toBe(0);
  await Promise.all(puts);
  expect(journal.totals()).toEqual({ calls: 500, promptTokens: 3500, completionTokens: 1000 });
});

it("R1: a second answer to one key is refused, the first one and its neighbours in the batch are kept", async () => {
  const journal = open(runDirectory());
  await journal.put(chat("k", "first"), usage);
  const settled = await Promise.allSettled([
    journal.put(chat("a"), usage),
    journal.put(chat("k", "second"), usage),
    journal.put(chat("b"), usage),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(settled[1]).toMatchObject({ reason: { code: "answer-repeated" } });
  expect(journal.get("k")).toEqual(chat("k", "first"));
  expect(journal.count()).toBe(3);
});

it("R1: what is put before close is durable, and nothing can be put after it", async () => {
  const directory = runDirectory();
  const journal = open(directory);
  const put = journal.put(chat("k"), usage);
  await Promise.all([journal.close(), journal.close(), put]);
  await expect(journal.put(chat("late"), usage)).rejects.toMatchObject({ code: "journal-closed" });
  expect(codeOf(() => journal.get("k"))).toMatchObject({ code: "journal-closed" });
  expect(readdirSync(directory).sort()).toEqual(["journal.lock", "journal.sqlite"]);
});

it("R2: a resumed run finds the plan, the answers and the totals of the one before", async () => {
  const plan: RunPlan = {
    ...somePlan,
    vary: ["persona"],
    baseUrl: "http://localhost:1/v1",
    reference: { name: "n", path: "p", hash: "h" },
  };
  const directory = runDirectory();
  const first = open(directory, plan);
  const score: AnswerRecord = {
    key: "s",
    request: "r",
    answer: { kind: "score", logProbabilities: [-1.5, null, -0.1 - 0.2], tokens: [3, 0, 4], usage },
  };
  await Promise.all([first.put(score, usage), first.put(chat("c", "ü\u0000\u001b[31m"), usage)]);
  await first.put(
    { key: "f", request: "r", answer: { kind: "failure", code: "request-refused" } },
    { promptTokens: 0, completionTokens: 0 },
  );
  await first.close();
  const second = open(directory, null);
  expect(second.plan).toEqual(plan);
  expect(second.get("s")).toEqual(score);
  expect(second.get("c")).toEqual(chat("c", "ü\u0000\u001b[31m"));
  expect(second.get("f")?.answer).toEqual({ kind: "failure", code: "request-refused" });
  expect(second.totals()).toEqual({ calls: 3, promptTokens: 14, completionTokens: 4 });
});

it("R2: the same plan may be named again, another one is refused by what differs", async () => {
  const { directory } = await written();
  await open(directory, { ...somePlan }).close();
  const other = { ...somePlan, seed: 2, bank: { ...somePlan.bank, hash: "1" }, chatTemplate: "chatml" };
  expect(codeOf(() => openJournal(directory, other))).toEqual({ code: "run-differs", exit: 2 });
  expect(() => openJournal(directory, other)).toThrow(/another (?=.*\bseed\b)(?=.*\bbank\b)(?=.*\bchatTemplate\b)/);
  await open(directory, null).close();
});

it("R3: a run that is open cannot be opened again, by this process or another, and can when it is closed", async () => {
  const directory = runDirectory();
  const journal = open(directory);
  expect(codeOf(() => openJournal(directory, somePlan))).toEqual({ code: "run-in-use", exit: 2 });
  expect(codeOf(() => openJournal(directory, null))).toEqual({ code: "run-in-use", exit: 2 });
  expect(putElsewhere([directory, "1", "1"])).toMatchObject({ acknowledged: 0, code: "run-in-use", exit: 2 });
  await journal.put(chat("k"), usage);
  await journal.close();
  await open(directory, null).close();
});

it("R3: a process that was killed holds nothing", async () => {
  const directory = runDirectory();
  const child = spawn(process.execPath, [PUT_ANSWERS, directory, "3", "10", "hold"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  expect(codeOf(() => openJournal(directory, null))).toEqual({ code: "run-in-use", exit: 2 });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(open(directory, null).count()).toBe(3);
});

it("R3: what a process left that was killed before it had a journal or a plan does not stand in the way", async () => {
  const early = runDirectory();
  mkdirSync(early);
  writeFileSync(join(early, "journal.lock"), "");
  await open(early).close();
  const later = runDirectory();
  mkdirSync(later);
  writeFileSync(join(later, "journal.sqlite"), "");
  expect(codeOf(() => openJournal(later, null))).toEqual({ code: "run-missing", exit: 2 });
  await open(later).close();
});

it("F3: wrong directories give one coded error each and are left as they were", async () => {
  const folder = temporaryFolder({ "foreign/notes.txt": "mine", file: "a file" });
  const at = (name: string) => join(folder, name);
  expect(codeOf(() => openJournal(at("foreign"), somePlan))).toEqual({ code: "directory-not-empty", exit: 2 });
  expect(codeOf(() => openJournal(at("foreign"), null))).toEqual({ code: "run-missing", exit: 2 });
  expect(codeOf(() => openJournal(at("nowhere"), null))).toEqual({ code: "run-missing", exit: 2 });
  expect(codeOf(() => openJournal(at("file"), somePlan))).toEqual({ code: "directory-unwritable", exit: 2 });
  expect(codeOf(() => openJournal(at("file/below"), somePlan))).toEqual({ code: "directory-unwritable", exit: 2 });
  expect(codeOf(() => openJournal(at("nul\u0000"), somePlan))).toEqual({ code: "directory-unwritable", exit: 2 });
  expect(readdirSync(at("foreign"))).toEqual(["notes.txt"]);
  expect(existsSync(at("nowhere"))).toBe(false);
});

it("F3: a database of another program is refused and not written to", async () => {
  const directory = runDirectory();
  mkdirSync(directory);
  const path = join(directory, "journal.sqlite");
  damage(path, "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
  const before = readFileSync(path);
  expect(codeOf(() => openJournal(directory, somePlan))).toEqual({ code: "journal-corrupt", exit: 2 });
  expect(readFileSync(path).equals(before)).toBe(true);
});

it("F7: a damaged journal gives one coded error wherever the damage is met", async () => {
  const damages: readonly [string, (path: string) => void][] = [
    [
      "no database",
      (path) => writeFileSync(path, "not a database, but long enough to be looked at as one ".repeat(100)),
    ],
    ["cut short", (path) => writeFileSync(path, readFileSync(path).subarray(0, 5000))],
    ["plan no JSON", (path) => damage(path, "UPDATE run SET value = '{'")],
    ["plan of another version", (path) => damage(path, `UPDATE run SET value = replace(value, 'run@1', 'run@9')`)],
    [
      "plan with a field unknown here",
      (path) => damage(path, `UPDATE run SET value = replace(value, '"acts"', '"extra":1,"acts"')`),
    ],
    ["plan a blob", (path) => damage(path, "UPDATE run SET value = x'00ff'")],
    ["no answers", (path) => damage(path, "DROP TABLE answers")],
    ["other columns", (path) => damage(path, "ALTER TABLE answers RENAME COLUMN answer TO reply")],
    ["tokens no counts", (path) => damage(path, "UPDATE answers SET prompt_tokens = -1.5")],
    ["tokens beyond counting", (path) => damage(path, "UPDATE answers SET prompt_tokens = 9223372036854775807")],
    ["answer no JSON", (path) => damage(path, "UPDATE answers SET answer = '{\"kind\":'")],
    ["answer of no kind", (path) => damage(path, `UPDATE answers SET answer = '{"kind":"oracle"}'`)],
    ["answer a blob", (path) => damage(path, "UPDATE answers SET answer = x'00'")],
    [
      "usage negative",
      (path) => damage(path, `UPDATE answers SET answer = replace(answer, '"promptTokens":7', '"promptTokens":-7')`),
    ],
  ];
  for (const [name, spoil] of damages) {
    const { directory, path } = await written();
    spoil(path);
    let journal: Journal | null = null;
    const code = codeOf(() => {
      journal = openJournal(directory, null);
      journal.get("k");
    });
    await (journal as Journal | null)?.close();
    expect({ name, code }).toEqual({ name, code: { code: "journal-corrupt", exit: 2 } });
  }
});

it("F7: bytes changed at random in a journal give an answer or a coded error, never another exception", async () => {
  const { directory, path } = await written();
  const whole = readFileSync(path);
  const change = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(change, async (changes) => {
      const bytes = Buffer.from(whole);
      for (const [place, value] of changes) bytes[place] = value;
      writeFileSync(path, bytes);
      for (const end of ["-wal", "-shm"]) if (existsSync(path + end)) writeFileSync(path + end, "");
      let journal: Journal | null = null;
      const outcome = codeOf(() => {
        journal = openJournal(directory, null);
        journal.get("k");
      });
      await (journal as Journal | null)?.close();
      expect(
        outcome === null ||
          /^(journal-corrupt|run-missing|directory-unwritable)$/.test(
            (outcome as { code: string }).code ?? String(outcome),
          ),
      ).toBe(true);
    }),
    { seed: 1, numRuns: 40 },
  );
});

interface Outcome {
  readonly acknowledged: number;
  readonly code: string | null;
  readonly exit?: number;
}

function putElsewhere(parameters: readonly string[], wrapped: readonly string[] = []): Outcome {
  const [command, ...rest] = [...wrapped, process.execPath, PUT_ANSWERS, ...parameters] as [string, ...string[]];
  const { stdout, stderr } = spawnSync(command, rest, { encoding: "utf8" });
  if (!stdout) throw new Error(`expected an outcome, received: ${stderr}`);
  return JSON.parse(stdout) as Outcome;
}

const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
it.skipIf(process.platform === "win32")(
  "F3: a directory that may only be read is refused before the next answer: exit 2 where there is none yet, else 3",
  async ({ skip }) => {
    const [command = "", ...rest] = [...asNobody, process.execPath, "--check", PUT_ANSWERS];
    // Root may write everywhere, so another user has to try: where there is none, or none who may read this clone, nothing can be told.
    if (isRoot && spawnSync(command, rest).status !== 0) skip("no other user may run the sources of this clone");
    const folder = temporaryFolder({ "parent/kept": "" });
    const parent = join(folder, "parent");
    const { directory } = await written();
    for (const path of [folder, dirname(directory)]) chmodSync(path, 0o755);
    chmodSync(parent, 0o555);
    chmodSync(directory, 0o555);
    for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o444);
    for (const [path, exit] of [
      [join(parent, "run"), 2],
      [directory, 3],
    ] as const) {
      expect(putElsewhere([path, "1", "1"], asNobody)).toMatchObject({
        acknowledged: 0,
        code: "directory-unwritable",
        exit,
      });
    }
    chmodSync(parent, 0o755);
    chmodSync(directory, 0o755);
    expect(readdirSync(parent)).toEqual(["kept"]);
  },
);

it.skipIf(process.platform === "win32")(
  "F3: a limit on the size of files ends the run resumable, with every acknowledged answer kept",
  async () => {
    const directory = runDirectory();
    const outcome = putElsewhere([directory, "2000", "2000"], ["sh", "-c", 'ulimit -f 1024; exec "$@"', "sh"]);
    expect(outcome).toMatchObject({ code: "journal-unwritable", exit: 3 });
    expect(outcome.acknowledged).toBeGreaterThan(0);
    const journal = open(directory, null);
    expect(journal.count()).toBe(outcome.acknowledged);
    expect(journal.get(`k${outcome.acknowledged - 1}`)).toBeDefined();
  },
);

const canMount =
  process.platform === "linux" && spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
it("F3: a full disk ends the run resumable, with every acknowledged answer kept", async ({ skip }) => {
  skip(!canMount, "no small disk can be mounted here");
  const folder = temporaryFolder();
  const [disk, kept] = [join(folder, "disk"), join(folder, "kept")];
  const script = `mkdir "${disk}" && mount -t tmpfs -o size=1m none "${disk}" && "$@" && cp -r "${disk}/run" "${kept}"`;
  const outcome = putElsewhere([join(disk, "run"), "2000", "2000"], ["unshare", "-m", "sh", "-c", script, "sh"]);
  expect(outcome).toMatchObject({ code: "disk-full", exit: 3 });
  expect(outcome.acknowledged).toBeGreaterThan(0);
  const journal = open(kept, null);
  expect(journal.count()).toBe(outcome.acknowledged);
});
