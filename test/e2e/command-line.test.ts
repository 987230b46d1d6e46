import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { reportFailure } from "../../src/cli/terminal.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import { fixtureProfile } from "../fixtures/profile.ts";
import { type CommandEnd, runCommand } from "../house/run-command.ts";
import { ROOT } from "../house/temporary-folder.ts";
import { documentOf, openUser, type User } from "./user.ts";

let user: User;
/** A finished run of `policy:communal` by score with --json, and one by choice without, on the same bank. */
let finished: { readonly score: CommandEnd; readonly choice: CommandEnd };

beforeAll(async () => {
  user = openUser();
  writeSmallBank(user.path("bank"));
  writeFileSync(user.path("codes.csv"), "unit,coder,value\n1,A,x\n1,B,x\n2,A,y\n2,B,y\n3,A,y\n3,B,cannot-tell\n");
  const profile = (format: string, ...more: string[]) =>
    user.dashpot(["profile", "policy:communal", "--bank", "bank", "--format", format, "--out", format, ...more]);
  finished = { score: await profile("score", "--json"), choice: await profile("choice") };
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
  expect(answered(finished.score)).toMatchObject({ directory: "score", profile: { schema: "dashpot/profile@1" } });
  expect(finished.score.stderr).toMatch(/\d+\/\d+ calls/);
});

it("H12: a command of its own puts one JSON document on standard output", async () => {
  const end = await user.dashpot(["gate", "choice", "--max", "P(CS | CS) < 1e-9", "--json"]);
  expect(answered(end, 1)).toMatchObject({ answer: "no" });
  expect(end.stderr).toBe("");
});

describe("with --json every command puts one JSON document on standard output", () => {
  it.for<[string[], number, object]>([
    [["resume", "@score"], 0, { profile: { schema: "dashpot/profile@1" } }],
    [["profile", "policy:uniform", "--dry-run", "--bank", "@bank"], 0, { forecast: { calls: expect.any(Number) } }],
    [["compare", "@version-1.json", "@version-2.json", "--margin", "0.1"], 0, [{ schema: "dashpot/comparison@1" }]],
    [["trend", "@version-1.json", "@version-2.json", "@version-3.json"], 0, { schema: "dashpot/trend@1" }],
    [["gate", "@choice", "--max", "P(CS | CS) < 1"], 0, { answer: "yes" }],
    [["gate", "@choice", "--max", "P(asocial | none) < 0.1"], 4, { answer: "undecidable" }],
    [["power", "--delta", "0.5", "--sd", "1"], 0, { schema: "dashpot/power@1" }],
    [["power", "@choice", "--delta", "0.2"], 0, { situations: expect.any(Number) }],
    [["models"], 0, expect.arrayContaining([expect.objectContaining({ spec: "policy:communal", usable: true })])],
    [["instrument", "check", "@bank"], 1, { faults: expect.any(Array) }],
    [["instrument", "generate", "@fresh", "--seed", "3"], 0, { seed: 3 }],
    [["keys", "list"], 0, [{ status: "active" }]],
    [["keys", "export", "--out", "@key.pem"], 0, { path: expect.stringContaining("key.pem") }],
    [["card", "verify", "@score/card.dsse.json", "--key", "@score/signer.pub.pem"], 0, { ok: true }],
    [["keys", "rotate"], 0, { active: { status: "active" } }],
    [["keys", "export-revoked"], 0, { text: expect.stringContaining("revoked") }],
    [["keys", "trust", "@score/signer.pub.pem"], 0, { origin: "own" }],
  ])("H12: %j", async ([parameters, code, document]) => {
    expect(answered(await user.inProcess([...parameters, "--json"]), code)).toMatchObject(document);
  });

  it("H12: an answer that standard output does not take is a coded error, and never an answer's exit status", async () => {
    const command = `"${process.execPath}" "${join(ROOT, "bin", "dashpot.js")}" gate choice --max "P(CS | CS) < 1" > /dev/full`;
    const end = await runCommand("sh", ["-c", command], { cwd: user.path() });
    expect(end).toMatchObject({ code: 3, stderr: expect.stringContaining("error[output-unwritable]") });
  });

  it("H12: keys revoke needs the id, and then keys new makes another", async () => {
    expect((await user.inProcess(["keys", "revoke"])).stderr).toContain("error[wrong-use]: expected the id of the key");
    const keys = answered(await user.inProcess(["keys", "list", "--json"])) as { id: string; status: string }[];
    const { id = "" } = keys.find(({ status }) => status === "active") ?? {};
    expect(answered(await user.inProcess(["keys", "revoke", id, "--json"]))).toMatchObject({ id, status: "revoked" });
    expect(answered(await user.inProcess(["keys", "new", "--json"]))).toMatchObject({ status: "active" });
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
    [["profile", "policy:communal", "--format", "act"], "option-invalid"],
    [["resume", "@nowhere"], "run-missing"],
    [["compare", "@choice", "@nowhere"], "profile-missing"],
    [["trend", "@choice"], "trend-too-few"],
    [["gate", "@choice"], "gate-without-limit"],
    [["gate", "@choice", "--max", "P(kind) < 1"], "gate-unreadable"],
    [["gate", "@score", "--max", "P(CS | CS) < 1"], "gate-rate-under-score"],
    [["agree", "@none.csv"], "file-unreadable"],
    [["agree", "@codes.csv", "--gold", "nobody"], "gold-unknown"],
    [["agree", "@codes.csv", "--family", "A"], "option-invalid"],
    [["agree", "@codes.csv", "--family", "nobody=llama"], "coder-unknown"],
    [["agree", "@codes.csv", "--order", "x,x"], "option-invalid"],
    [["agree", "@codes.csv", "--order", "x,z"], "category-unknown"],
    [["power"], "power-without-delta"],
    [["models", "--config", "@none.yaml"], "config-unreadable"],
    [["instrument", "praise", "@bank"], "wrong-use"],
    [["instrument", "check", "@nowhere"], "bank-missing"],
    [["card", "verify", "@choice/card.dsse.json"], "key-missing"],
    [["keys", "bend"], "wrong-use"],
  ])("H12: %j is %s", async ([parameters, code]) => {
    const end = await user.inProcess([...parameters, "--json"]);
    const { error } = documentOf(end) as { error: { message: string; fix: string } };
    expect(error).toEqual({ code, message: expect.any(String), fix: expect.any(String), exit: 2 });
    expect(end.code).toBe(2);
    expect(end.stderr).toBe(`error[${code}]: ${error.message}\nfix: ${error.fix}\n`);
  });
});

it("K1, K2: agree tells how far the coders of a file agree, the same for the same seed; one coder alone is exit 4", async () => {
  const agreed = await user.inProcess(["agree", "@codes.csv", "--json"]);
  expect(answered(agreed)).toMatchObject({
    schema: "dashpot/agreement@1",
    dimensions: [
      {
        units: 3,
        coders: [
          { coder: "A", scored: 3 },
          { coder: "B", scored: 2, of: 3, cannotTell: 1 },
        ],
      },
    ],
  });
  expect((await user.inProcess(["agree", "@codes.csv", "--json"])).stdout).toBe(agreed.stdout);
  expect((await user.inProcess(["agree", "@codes.csv"])).stdout).toContain("B: scored 2 of 3, of 1 they cannot tell");
  writeFileSync(user.path("alone.csv"), "unit,coder,value\n1,A,x\n");
  expect((await user.inProcess(["agree", "@alone.csv"])).code).toBe(4);
});

it("H12: without --json an error leaves standard output empty", async () => {
  const end = await user.dashpot(["resume", "nowhere"]);
  expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(end.stderr).toMatch(/^error\[run-missing\]: expected .*, received .*, at nowhere\nfix: .*\n$/);
});

it("H12: a card that does not hold is exit 1, and its refusal the answer", async () => {
  writeFileSync(user.path("broken.json"), "{");
  const end = await user.inProcess(["card", "verify", "@broken.json", "--key", "@score/signer.pub.pem", "--json"]);
  expect(answered(end, 1)).toMatchObject({ ok: false, code: "envelope-not-json" });
});

it("H12: a budget that is used up is exit 3", async () => {
  const run = ["profile", "policy:communal", "--bank", "bank", "--out", "stopped", "--budget", "calls=10", "--json"];
  const end = await user.dashpot(run);
  expect(documentOf(end)).toMatchObject({ error: { code: "budget-reached", exit: 3 } });
  expect(end.code).toBe(3);
});

it("H12: a defect of ours is exit 70, also with --json", () => {
  const stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const exit = reportFailure(new TypeError("x is not a function"), true);
  const [written, told] = [stdout, stderr].map((spy) => spy.mock.calls.map(([text]) => String(text)).join(""));
  vi.restoreAllMocks();
  expect(exit).toBe(70);
  expect(JSON.parse(written as string)).toMatchObject({ error: { code: "defect", exit: 70 } });
  expect(told).toContain("TypeError: x is not a function");
});

it("H12: --quiet leaves standard error empty, and the answer as it is", async () => {
  const quiet = await user.dashpot(["resume", "choice", "--quiet"]);
  expect(finished.choice.stderr).not.toBe("");
  expect(quiet).toMatchObject({ code: 0, stderr: "", stdout: finished.choice.stdout });
});

describe("--config", () => {
  const configured = (text: string, ...parameters: string[]) => {
    writeFileSync(user.path("options.yaml"), text);
    return user.inProcess([...parameters, "--config", "@options.yaml"]);
  };

  it("H12: gives options, and those of the command line win", async () => {
    const both = await configured("delta: 0.5\nsd: 1\njson: true\n", "power", "--sd", "2");
    expect(answered(both)).toMatchObject({ sd: 2, options: { delta: 0.5 } });
    const gate = await configured("max: [P(CS | CS) < 1, P(AR | AR) < 1]\njson: true\n", "gate", "@choice");
    expect(answered(gate)).toMatchObject({ verdicts: [{ answer: "yes" }, { answer: "yes" }] });
  });

  it("H12: takes what an option leaves out by either name", async () => {
    const plan = async (text: string) => {
      const end = await configured(
        `json: true\n${text}\n`,
        "profile",
        "policy:communal",
        "--dry-run",
        "--bank",
        "@bank",
      );
      return (answered(end) as { plan: object }).plan;
    };
    expect(await plan("no-acts: true")).toMatchObject({ acts: false, self: true });
    expect(await plan("acts: false")).toMatchObject({ acts: false, self: true });
    expect(await plan("acts: true")).toMatchObject({ acts: true });
  });

  it.for([
    ["delat: 0.5", "config-option-unknown"],
    ["delta: [0.5]", "config-option-invalid"],
    ["delta: {a: 1}", "config-option-invalid"],
    ["quiet: perhaps", "config-option-invalid"],
    ["- delta", "config-unreadable"],
    ["delta: [", "config-unreadable"],
    ["sd: none\ndelta: 1", "option-invalid"],
  ])("H12: %j is %s", async ([text, code]) => {
    const end = await configured(text as string, "power", "--json");
    expect(end.code).toBe(2);
    expect(documentOf(end)).toMatchObject({ error: { code } });
  });

  it("H12: makes also an error a document, where it says json", async () => {
    const end = await configured("json: true\nsd: none\ndelta: 1\n", "power");
    expect(documentOf(end)).toMatchObject({ error: { code: "option-invalid" } });
  });
});

/** Escapes that set colour or weight; those that move the cursor belong to progress. */
function coloursOf(text: string): string[] {
  return text.split("\u001b[").filter((rest, index) => index > 0 && /^[0-9;]*m/.test(rest));
}

it("H12: on a terminal there is colour, and with NO_COLOR none", async () => {
  const onTerminal = async (env: Record<string, string>) => {
    const spawned = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)";
    const parameters = ["-c", spawned, process.execPath, join(ROOT, "bin", "dashpot.js"), "resume", user.path("score")];
    const own = { PATH: process.env.PATH, HOME: user.folder, TERM: "xterm" };
    const { stdout } = await runCommand("python3", parameters, { cwd: user.folder, env: { ...own, ...env } });
    return stdout.slice(stdout.indexOf("format score"));
  };
  expect(coloursOf(await onTerminal({}))).not.toHaveLength(0);
  const plain = await onTerminal({ NO_COLOR: "1" });
  expect(plain).toContain("Replies by cue");
  expect(coloursOf(plain)).toHaveLength(0);
});

it("C1: a run ends in profile.json with schema, content hashes, versions and seed, and a terminal summary", async () => {
  const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const { hash } = documentOf(await user.inProcess(["instrument", "check", "@bank", "--json"])) as { hash: string };
  expect(read(user.path("choice", "profile.json"))).toMatchObject({
    schema: "dashpot/profile@1",
    dashpot: read(join(ROOT, "package.json")).version,
    seed: 0,
    plan: expect.stringMatching(/^[0-9a-f]{64}$/),
    bank: { id: "fixture", version: "1.0.0", hash },
  });
  expect(finished.choice.stdout).toMatch(/^policy:communal\nformat choice · set quick/);
  expect(finished.choice.stdout).toContain(join("choice", "profile.json"));
});
