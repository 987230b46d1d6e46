import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportFailure } from "../../src/cli/terminal.ts";
import { fixtureProfile } from "../fixtures/profile.ts";
import type { CommandEnd } from "../house/run-command.ts";
import { runCommand } from "../house/run-command.ts";
import { documentOf, openUser, type User, writeSmallBank } from "./user.ts";

interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly fix: string; readonly exit: number };
}

let user: User;
/** A finished run of `policy:communal` by score, and one by choice on the same bank. */
let finished: { readonly score: CommandEnd; readonly choice: CommandEnd };

beforeAll(async () => {
  user = openUser();
  writeSmallBank(user.path("bank"));
  const profile = (format: string) =>
    user.dashpot(["profile", "policy:communal", "--bank", "bank", "--format", format, "--out", format, "--json"]);
  finished = { score: await profile("score"), choice: await profile("choice") };
  for (const seed of [1, 2, 3])
    writeFileSync(user.path(`version-${seed}.json`), JSON.stringify(fixtureProfile({ seed, format: "choice" })));
});
afterAll(() => user.leave());

/** The document of a command that ended as it should. */
function answered(end: CommandEnd, code = 0): unknown {
  expect(end.stderr).not.toContain("error[");
  expect(end.code).toBe(code);
  return documentOf(end);
}

it("H12: with --json a run puts one JSON document on standard output and its remarks on standard error", () => {
  for (const end of Object.values(finished)) {
    expect(answered(end)).toMatchObject({ directory: expect.any(String), profile: { schema: "dashpot/profile@1" } });
    expect(end.stderr).toMatch(/\d+\/\d+ calls/);
  }
});

describe("with --json every command puts one JSON document on standard output", () => {
  const LIMIT = "P(asocial | none) < 0.05";
  it.for<[string[], number, object]>([
    [["resume", "score"], 0, { directory: "score" }],
    [["compare", "version-1.json", "version-2.json", "--margin", "0.1"], 0, [{ schema: "dashpot/comparison@1" }]],
    [["trend", "version-1.json", "version-2.json", "version-3.json"], 0, { schema: "dashpot/trend@1" }],
    [["gate", "choice", "--max", "P(CS | CS) < 1e-9"], 1, { answer: "no" }],
    [["gate", "choice", "--max", "P(CS | CS) < 2"], 0, { answer: "yes" }],
    [["gate", "choice", "--max", LIMIT], 4, { answer: "undecidable" }],
    [["power", "--delta", "0.5", "--sd", "1"], 0, { schema: "dashpot/power@1" }],
    [["power", "choice", "--delta", "0.2"], 0, { situations: expect.any(Number) }],
    [["models"], 0, expect.arrayContaining([expect.objectContaining({ spec: "policy:communal", usable: true })])],
    [["instrument", "check", "bank"], 1, { faults: expect.any(Array) }],
    [["instrument", "generate", "fresh", "--seed", "3"], 0, { seed: 3 }],
    [["keys", "list"], 0, [{ status: "active" }]],
    [["keys", "export", "--out", "key.pem"], 0, { path: "key.pem" }],
    [["card", "verify", "score/card.dsse.json", "--key", "score/signer.pub.pem"], 0, { ok: true }],
    [["keys", "rotate"], 0, { active: { status: "active" } }],
    [["keys", "revoke"], 0, { status: "revoked" }],
    [["keys", "new"], 0, { status: "active" }],
    [["keys", "export-revoked"], 0, { text: expect.stringContaining("revoked") }],
    [["keys", "trust", "score/signer.pub.pem"], 0, { origin: "own" }],
  ])("H12: %j", async ([parameters, code, document]) => {
    const end = await user.dashpot([...parameters, "--json"]);
    expect(answered(end, code)).toMatchObject(document);
  });
});

describe("an error is one JSON document too, and two lines on standard error", () => {
  it.for<[string[], string]>([
    [[], "wrong-use"],
    [["befriend"], "wrong-use"],
    [["profile"], "wrong-use"],
    [["profile", "policy:communal", "--colour"], "wrong-use"],
    [["profile", "policy:communal", "--seed", "one"], "option-invalid"],
    [["profile", "policy:communal", "--budget", "calls=-1"], "option-invalid"],
    [["resume", "nowhere"], "run-missing"],
    [["compare", "choice", "nowhere"], "profile-missing"],
    [["trend", "choice"], "trend-too-few"],
    [["gate", "choice"], "gate-without-limit"],
    [["gate", "choice", "--max", "P(kind) < 1"], "gate-unreadable"],
    [["gate", "score", "--max", "P(CS | CS) < 1"], "gate-rate-under-score"],
    [["power"], "power-without-delta"],
    [["models", "--config", "none.yaml"], "config-unreadable"],
    [["instrument", "praise", "bank"], "wrong-use"],
    [["instrument", "check", "nowhere"], "bank-missing"],
    [["card", "verify", "choice/card.dsse.json"], "key-missing"],
    [["keys", "bend"], "wrong-use"],
  ])("H12: %j is %s", async ([parameters, code]) => {
    const end = await user.dashpot([...parameters, "--json"]);
    const { error } = documentOf(end) as ErrorDocument;
    expect(error).toEqual({ code, message: expect.any(String), fix: expect.any(String), exit: 2 });
    expect(end.code).toBe(2);
    expect(end.stderr).toBe(`error[${code}]: ${error.message}\nfix: ${error.fix}\n`);
  });
});

it("H12: without --json an error leaves standard output empty", async () => {
  const end = await user.dashpot(["resume", "nowhere"]);
  expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(end.stderr).toMatch(/^error\[run-missing\]: expected .*, received .*, at nowhere\nfix: .*\n$/);
});

it("H12: a card that does not hold is exit 1, and its refusal the answer", async () => {
  writeFileSync(user.path("broken.json"), "{");
  const end = await user.dashpot(["card", "verify", "broken.json", "--key", "score/signer.pub.pem", "--json"]);
  expect(answered(end, 1)).toMatchObject({ ok: false, code: "key-revoked" });
});

it("H12: a budget that is used up is exit 3", async () => {
  const budget = ["profile", "policy:communal", "--bank", "bank", "--out", "stopped", "--budget", "calls=10", "--json"];
  const end = await user.dashpot(budget);
  expect(documentOf(end)).toMatchObject({ error: { code: "budget-reached", exit: 3 } });
  expect(end.code).toBe(3);
});

it("H12: a defect of ours is exit 70, also with --json", () => {
  const written: string[] = [];
  const { stdout, stderr } = process;
  const before = [stdout.write, stderr.write] as const;
  stdout.write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  stderr.write = () => true;
  const exit = reportFailure(new TypeError("x is not a function"), true);
  [stdout.write, stderr.write] = before;
  expect(exit).toBe(70);
  expect(JSON.parse(written.join(""))).toMatchObject({ error: { code: "defect", exit: 70 } });
});

it("H12: --quiet leaves standard error empty, and the answer as it is", async () => {
  const loud = await user.dashpot(["resume", "choice"]);
  const quiet = await user.dashpot(["resume", "choice", "--quiet"]);
  expect(loud.stderr).not.toBe("");
  expect(quiet).toMatchObject({ code: 0, stderr: "", stdout: loud.stdout });
});

it("H12: --config gives options, and those of the command line win", async () => {
  writeFileSync(user.path("options.yaml"), "delta: 0.5\nsd: 1\njson: true\n");
  const both = await user.dashpot(["power", "--config", "options.yaml", "--sd", "2"]);
  expect(documentOf(both)).toMatchObject({ sd: 2, options: { delta: 0.5 } });
  writeFileSync(user.path("other.yaml"), "delat: 0.5\n");
  expect((await user.dashpot(["power", "--config", "other.yaml"])).stderr).toContain("error[config-option-unknown]");
});

it("H12: an error under --json from a config file is a document too", async () => {
  writeFileSync(user.path("wrong.yaml"), "json: true\nsd: none\ndelta: 1\n");
  const end = await user.dashpot(["power", "--config", "wrong.yaml"]);
  expect(documentOf(end)).toMatchObject({ error: { code: "option-invalid" } });
});

it("H12: on a terminal there is colour, and with NO_COLOR none", async () => {
  const onTerminal = (env: Record<string, string>) =>
    runCommand(
      "python3",
      ["-c", "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)", process.execPath, entry(), "resume", user.path("score")],
      { cwd: user.folder, env: { PATH: process.env.PATH, HOME: user.folder, TERM: "xterm", ...env } },
    );
  const coloured = await onTerminal({});
  const plain = await onTerminal({ NO_COLOR: "1" });
  expect(coloured.stdout).toContain("\u001b[");
  expect(coloured.stdout).toContain("policy:communal");
  const summary = plain.stdout.slice(plain.stdout.indexOf("policy:communal"));
  expect(summary).toContain("Replies by cue");
  expect(summary).not.toContain("\u001b[3");
});

function entry(): string {
  return join(import.meta.dirname, "..", "..", "bin", "dashpot.js");
}

it("C1: a run ends in profile.json with schema, content hashes, versions and seed, and a terminal summary", async () => {
  const profile = JSON.parse(readFileSync(user.path("score", "profile.json"), "utf8")) as Record<string, unknown>;
  const version = (JSON.parse(readFileSync(join(entry(), "..", "..", "package.json"), "utf8")) as { version: string }).version;
  const checked = await user.dashpot(["instrument", "check", "bank", "--json"]);
  expect(profile).toMatchObject({
    schema: "dashpot/profile@1",
    dashpot: version,
    seed: 0,
    plan: expect.stringMatching(/^[0-9a-f]{64}$/),
    bank: { id: "fixture", version: "1.0.0", hash: (documentOf(checked) as { hash: string }).hash },
  });
  const { stdout } = await user.dashpot(["resume", "score"]);
  expect(stdout).toMatch(/^policy:communal\nformat score · set quick/);
  expect(stdout).toContain(join("score", "profile.json"));
});
