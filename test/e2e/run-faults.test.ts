import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { openJournal } from "../../src/adapters/journal.ts";
import { SMOLLM2_135M } from "../../src/adapters/weights.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import type { CommandEnd } from "../house/run-command.ts";
import { refusing, startAnsweringServer } from "./answering-server.ts";
import { canMount, mountSmallDisk, type SmallDisk } from "./small-disk.ts";
import { filesHolding, filesUnder, openUser, type User } from "./user.ts";

let user: User;
beforeEach(() => {
  user = openUser();
  writeSmallBank(user.path("bank"));
});
afterEach(() => user.leave());

const SECRET = "sk-refused-and-secret-0123456789";
const profile = (model: string, ...more: string[]) => {
  return ["profile", model, "--bank", "@bank", "--out", "@run", "--quiet", ...more];
};

/** One coded error with its fix on two lines, exit 2, nothing on standard output and nothing in the run's directory. */
function refusedAtOnce(end: CommandEnd, code: string): void {
  expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(end.stderr).toMatch(new RegExp(`^error\\[${code}\\]: expected .*, received .*\\nfix: .+\\n$`));
  expect(end.stderr).not.toContain("    at ");
  expect(filesUnder(user.path("run"))).toEqual([]);
}

describe("before the first answer a fault is exit 2, and nothing is written", () => {
  it.for([
    ["smollm2", "model-spec-unknown"],
    ["llama:7b", "model-spec-unknown"],
    ["embedded:llama", "model-spec-unknown"],
    ["policy:nobody", "policy-unknown"],
    ["gguf:@none.gguf", "weights-missing"],
    ["openai:gpt", "key-missing"],
    ["anthropic:claude", "key-missing"],
    ["google:gemini", "key-missing"],
  ])("F3: %s is %s", async ([model, code]) => {
    refusedAtOnce(await user.inProcess(profile(model as string)), code as string);
  });

  it("F3: an absent key is named by its variable", async () => {
    for (const [model, variable] of [
      ["openai:gpt", "OPENAI_API_KEY"],
      ["anthropic:claude", "ANTHROPIC_API_KEY"],
      ["google:gemini", "GOOGLE_GENERATIVE_AI_API_KEY"],
    ]) {
      const { stderr } = await user.inProcess(profile(model as string));
      expect(stderr).toContain(`fix: set ${variable}`);
    }
  });

  it.for([
    ["openai:m", "OPENAI_API_KEY"],
    ["anthropic:m", "ANTHROPIC_API_KEY"],
    ["google:m", "GEMINI_API_KEY"],
  ])("F3: a key that %s refuses is told by its variable, and neither shown nor stored", async ([model, variable]) => {
    const server = await startAnsweringServer({
      instead: () => refusing(401, `Incorrect API key provided: ${SECRET}. Bearer ${SECRET}`, "invalid_api_key"),
    });
    const run = profile(model as string, "--base-url", `${server.origin}/v1`);
    const end = await user.inProcess(run, { [variable as string]: SECRET });
    await server.close();
    refusedAtOnce(end, "key-refused");
    expect(end.stderr).toContain("_API_KEY");
    expect(end.stderr).not.toContain(SECRET);
    expect(filesHolding(user.folder, SECRET)).toEqual([]);
  });

  it("F3: a key that no header can hold is told without being quoted", async () => {
    const end = await user.inProcess(profile("openai:m"), { OPENAI_API_KEY: `${SECRET}\nX: y` });
    refusedAtOnce(end, "key-malformed");
    expect(end.stderr).not.toContain(SECRET);
  });

  it("F3: a model that the server does not know", async () => {
    const server = await startAnsweringServer({
      instead: () => refusing(404, "The model `m` does not exist", "model_not_found"),
    });
    const end = await user.inProcess(profile("openai:m", "--base-url", `${server.origin}/v1`));
    await server.close();
    refusedAtOnce(end, "model-unknown");
  });

  it("F3: a wrong URL, be it no address, an address with a password, nobody there or another service", async () => {
    const server = await startAnsweringServer({ instead: () => ({ status: 404, text: "<h1>Not Found</h1>" }) });
    const { origin } = server;
    const other = await user.inProcess(profile("openai:m", "--base-url", `${origin}/api`));
    await server.close();
    refusedAtOnce(other, "address-wrong");
    refusedAtOnce(await user.inProcess(profile("openai:m", "--base-url", `${origin}/v1`)), "address-wrong");
    refusedAtOnce(await user.inProcess(profile("openai:m", "--base-url", "localhost:80")), "base-url-invalid");
    const withPassword = await user.inProcess(profile("openai:m", "--base-url", `http://me:${SECRET}@localhost/v1`));
    refusedAtOnce(withPassword, "base-url-invalid");
    expect(withPassword.stderr).not.toContain(SECRET);
  });

  it("F3: weights with a wrong checksum are not run and stay to be looked at", async () => {
    const weights = join(user.folder, "dashpot", "weights");
    mkdirSync(weights, { recursive: true });
    writeFileSync(join(weights, SMOLLM2_135M.file), "GGUF but another");
    const end = await user.inProcess(profile("embedded:smollm2-135m"));
    refusedAtOnce(end, "weights-checksum");
    expect(filesUnder(weights)).toEqual([SMOLLM2_135M.file]);
  });

  it("F3: a file in the place of the directory", async () => {
    writeFileSync(user.path("run"), "mine");
    const end = await user.inProcess(profile("policy:uniform"));
    expect(end).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error\[directory-unwritable\]: .*\nfix: .*\n$/),
    });
    expect(readFileSync(user.path("run"), "utf8")).toBe("mine");
  });

  it("F3: a directory with somebody's files", async () => {
    mkdirSync(user.path("run"));
    writeFileSync(user.path("run", "letter.txt"), "mine");
    const end = await user.inProcess(profile("policy:uniform"));
    expect(end).toMatchObject({ code: 2, stderr: expect.stringMatching(/^error\[directory-not-empty\]: /) });
    expect(filesUnder(user.path("run"))).toEqual(["letter.txt"]);
  });
});

it("F3: the directory of another run is refused by what differs, and left as it was", async () => {
  await user.inProcess(profile("policy:uniform", "--budget", "calls=5"));
  const before = statesOf(user.path("run"));
  const end = await user.inProcess(profile("policy:communal", "--seed", "2"));
  expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(end.stderr).toMatch(
    /^error\[run-differs\]: .*another model, seed\nfix: go on with it by: dashpot resume .*\n$/,
  );
  expect(statesOf(user.path("run"))).toEqual(before);
  expect(await answersIn(user.path("run"))).toBe(5);
});

/** What files take on a disk of memory, in pages of 4 KiB. */
function kibibytesOf(folder: string, names: RegExp): number {
  const sizes = filesUnder(folder).map((name) => (names.test(name) ? statSync(join(folder, name)).size : 0));
  return sizes.reduce((sum, size) => sum + 4 * Math.ceil(size / 4096), 0);
}

/** Files with the hash of what they hold; SQLite's shared memory and empty log come and go. */
function statesOf(folder: string): Record<string, string> {
  const names = filesUnder(folder).filter((name) => !/-(wal|shm)$/.test(name));
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
  return Object.fromEntries(names.map((name) => [name, hash(name)]));
}

async function answersIn(directory: string): Promise<number> {
  const journal = openJournal(directory, null);
  await journal.close();
  return journal.count();
}

const mountable = canMount();

describe("disks", () => {
  beforeEach(({ skip }) => skip(!mountable, "only root on Linux can mount a small disk"));
  function disk(kibibytes: number): SmallDisk {
    const mounted = mountSmallDisk(Math.round(kibibytes)) as SmallDisk;
    onTestFinished(() => mounted.remove());
    return mounted;
  }
  const runOn = ({ path }: SmallDisk) => [
    "profile",
    "policy:hierarch",
    "--bank",
    user.path("bank"),
    "--out",
    join(path, "run"),
  ];

  it("F3: a read-only disk is exit 2", async () => {
    const small = disk(1024);
    small.remount("ro");
    const end = await user.dashpot(runOn(small));
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toMatch(/error\[directory-unwritable\]: expected .*, received: .*\nfix: .+\n$/);
  });

  it("F3: a run with answers whose disk can no longer be written is exit 3 when gone on with or begun again, and goes on once it can", async () => {
    const small = disk(4096);
    expect((await user.dashpot([...runOn(small), "--budget", "calls=5"])).code).toBe(3);
    const run = join(small.path, "run");
    small.remount("ro");
    for (const command of [["resume", run], runOn(small)]) {
      const end = await user.dashpot(command);
      expect(end).toMatchObject({ code: 3, stdout: "" });
      expect(end.stderr).toMatch(/error\[directory-unwritable\]: .*\nfix: free space or rights .*dashpot resume .*\n$/);
    }
    small.remount("rw");
    expect((await user.dashpot(["resume", run, "--budget", "calls=6"])).stderr).toContain("error[budget-reached]");
  });

  it("F3: a disk without room for a journal is exit 2, with nothing half-written", async () => {
    const small = disk(16);
    const end = await user.dashpot(runOn(small));
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toMatch(/error\[[a-z-]+\]: expected .*\nfix: free space .*\n$/);
    small.remount("size=64m");
    const again = await user.dashpot([...runOn(small), "--budget", "calls=3"]);
    expect(again.stderr).toContain("error[budget-reached]");
  });

  it("F3: a disk that fills up later is exit 3, and the run goes on once there is room", async () => {
    const whole = user.path("whole");
    await user.dashpot(["profile", "policy:hierarch", "--bank", "bank", "--out", whole, "--quiet"]);
    for (const [size, code] of [
      // Room for SQLite's shared memory, an empty journal and the log of some answers written one at a time.
      [160, "disk-full"],
      [kibibytesOf(whole, /./) - 64, "output-unwritable"],
    ] as const) {
      const small = disk(size);
      const directory = join(small.path, "run");
      // One at a time, or a fast machine gathers every answer into the one batch that does not fit.
      const end = await user.dashpot([...runOn(small), ...(code === "disk-full" ? ["--parallel", "1"] : [])]);
      expect(end).toMatchObject({ code: 3, stdout: "", stderr: expect.stringMatching(/\nfix: .+\n$/) });
      expect(end.stderr).toContain(`error[${code}]`);
      expect(filesUnder(directory).filter((name) => name.endsWith(".tmp"))).toEqual([]);
      small.remount("size=64m");
      expect(await answersIn(directory)).toBeGreaterThan(0);
      expect((await user.dashpot(["resume", directory, "--quiet"])).code).toBe(0);
      for (const name of ["profile.json", "card.dsse.json"])
        expect(readFileSync(join(directory, name)).equals(readFileSync(join(whole, name)))).toBe(true);
    }
  });

  it("F3: a home that cannot be written is found before the first call, exit 2, and when a run is gone on with, exit 3; without a signature it needs none", async () => {
    const small = disk(1024);
    small.remount("ro");
    const env = { DASHPOT_HOME: join(small.path, "home") };
    const end = await user.dashpot(["profile", "policy:uniform", "--bank", "bank", "--out", "run"], { env });
    expect(end).toMatchObject({ code: 2, stdout: "" });
    expect(end.stderr).toMatch(/error\[[a-z-]+\]: expected .*\nfix: .+\n$/);
    expect(filesUnder(user.path("run"))).toEqual([]);
    const begun = ["profile", "policy:uniform", "--bank", "bank", "--out", "run", "--budget", "calls=5"];
    expect((await user.dashpot(begun)).code).toBe(3);
    const later = await user.dashpot(["resume", "run"], { env });
    expect(later).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("error[keys-unwritable]") });
    expect((await user.dashpot(["resume", "run", "--no-sign"], { env })).code).toBe(0);
  });
});
