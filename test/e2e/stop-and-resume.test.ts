import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Profile } from "../../src/model/profile.ts";
import type { Loopback } from "../conformance/servers/loopback.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import type { RunningCommand } from "../house/run-command.ts";
import { callsTo, refusing, startAnsweringServer } from "./answering-server.ts";
import { documentOf, filesUnder, openUser, type User } from "./user.ts";

let user: User;
beforeAll(() => {
  user = openUser();
  writeSmallBank(user.path("bank"), { decoys: false });
});
afterAll(() => user.leave());

const profileOf = (run: string) => readFileSync(user.path(run, "profile.json"), "utf8");
/** What a run leaves but its journal, its lock and its dated log. */
const outputs = (run: string) =>
  filesUnder(user.path(run)).filter((name) => !/^journal|\.(eval|json\.gz)$|^\d{4}-/.test(name));

function profile(server: Loopback, out: string, ...more: string[]): string[] {
  const model = ["openai:m", "--base-url", `${server.origin}/v1`];
  return ["profile", ...model, "--bank", "bank", "--out", out, "--timeout", "3600", ...more];
}

/** Signals a command once a condition holds. */
function once(holds: () => boolean, act: (running: RunningCommand) => void) {
  return (running: RunningCommand) => {
    const timer = setInterval(() => {
      if (!holds()) return;
      clearInterval(timer);
      act(running);
    }, 5);
    timer.unref();
  };
}

it("R2: a run that its budget stopped twice ends, resumed, in the bytes of an unbroken one, and asks nothing twice", async () => {
  const run = ["profile", "policy:egalitarian", "--bank", "bank", "--format", "choice"];
  expect((await user.dashpot([...run, "--out", "whole"])).code).toBe(0);
  const first = await user.dashpot([...run, "--out", "broken", "--budget", "calls=40", "--json"]);
  expect(documentOf(first)).toMatchObject({ error: { code: "budget-reached", exit: 3 } });
  expect(outputs("broken")).toEqual([]);
  const second = await user.dashpot(["resume", "broken", "--budget", "calls=40", "--json"]);
  expect(documentOf(second)).toMatchObject({ error: { code: "budget-reached", exit: 3 } });
  const third = await user.dashpot(["resume", "broken", "--budget", "calls=90", "--json"]);
  expect(documentOf(third)).toMatchObject({ error: { code: "budget-reached", exit: 3 } });
  const last = await user.dashpot(["resume", "broken", "--json"]);
  expect(last.code).toBe(0);
  expect(outputs("broken")).toEqual(outputs("whole"));
  for (const name of outputs("whole"))
    expect(readFileSync(user.path("broken", name)).equals(readFileSync(user.path("whole", name))), name).toBe(true);
});

it("R2: a run of a policy's file that was named from where it lies goes on from elsewhere", async () => {
  writeFileSync(user.path("mine.yaml"), "name: mine\nmixture: [{weight: 1, policy: communal}]\n");
  const run = ["profile", "policy:mine.yaml", "--bank", "bank", "--out", "mine", "--budget", "calls=10", "--json"];
  expect((await user.dashpot(run)).code).toBe(3);
  const end = await user.inProcess(["resume", "@mine", "--json"]);
  expect(end.code).toBe(0);
  expect(documentOf(end)).toMatchObject({ profile: { model: { spec: "policy:mine.yaml", name: "mine" } } });
});

it("R2: a run begun with prices ends in the same bytes when it is gone on with without them", async () => {
  writeFileSync(user.path("prices.yaml"), "policy:refuser: {promptPerMillion: 2, completionPerMillion: 8}\n");
  const run = ["profile", "policy:refuser", "--bank", "@bank", "--prices", "@prices.yaml", "--json"];
  expect((await user.inProcess([...run, "--out", "@paid"])).code).toBe(0);
  expect((await user.inProcess([...run, "--out", "@paid-later", "--budget", "calls=20"])).code).toBe(3);
  expect((await user.inProcess(["resume", "@paid-later", "--json"])).code).toBe(0);
  expect(JSON.parse(profileOf("paid")) as Profile).toMatchObject({ totals: { cost: expect.any(Number) } });
  expect(profileOf("paid-later")).toBe(profileOf("paid"));
});

it("F3: a bank or a model's file that is another one by now is refused, and the journal is left as it is", async () => {
  writeSmallBank(user.path("own"), { decoys: false });
  const policy = (weight: number) =>
    writeFileSync(user.path("own.yaml"), `name: own\nmixture: [{weight: ${weight}, policy: communal}]\n`);
  policy(1);
  const run = ["profile", `policy:${user.path("own.yaml")}`, "--bank", "@own", "--out", "@changed", "--json"];
  expect((await user.inProcess([...run, "--budget", "calls=10"])).code).toBe(3);
  const code = async () => {
    const end = await user.inProcess(["resume", "@changed", "--json"]);
    return [end.code, (documentOf(end) as { error: { code: string } }).error.code];
  };
  policy(2);
  expect(await code()).toEqual([2, "weights-changed"]);
  policy(1);
  const situations = readFileSync(user.path("own", "situations.jsonl"), "utf8");
  writeFileSync(user.path("own", "situations.jsonl"), situations.replace('"rank":"above"', '"rank":"equal"'));
  expect(await code()).toEqual([2, "bank-changed"]);
  writeFileSync(user.path("own", "situations.jsonl"), situations);
  expect((await user.inProcess(["resume", "@changed", "--json"])).code).toBe(0);
});

it("F3: a reference that is gone or another one by now is told before the next call: exit 3 where it can be put back", async () => {
  const bank = ["--bank", "@bank", "--no-acts", "--no-self"];
  expect((await user.inProcess(["profile", "policy:uniform", ...bank, "--out", "@told-against"])).code).toBe(0);
  const reference = user.path("told-against", "profile.json");
  const run = ["profile", "policy:hierarch", ...bank, "--reference", reference, "--out", "@telling", "--json"];
  expect((await user.inProcess([...run, "--budget", "calls=5"])).code).toBe(3);
  const text = readFileSync(reference, "utf8");
  const error = async () =>
    (documentOf(await user.inProcess(["resume", "@telling", "--json"])) as { error: object }).error;
  rmSync(reference);
  expect(await error()).toMatchObject({ code: "profile-missing", exit: 3, fix: expect.stringContaining(reference) });
  writeFileSync(reference, text.replace('"seed": 0', '"seed": 1').replace('"seed":0', '"seed":1'));
  expect(await error()).toMatchObject({ code: "reference-changed", exit: 2 });
  writeFileSync(reference, text);
  expect((await user.inProcess(["resume", "@telling", "--json"])).code).toBe(0);
});

it("R2: a run that was begun on another class of processor is refused, for its numbers would be of two", async () => {
  const run = ["profile", "policy:communal", "--bank", "@bank", "--out", "@moved", "--json", "--budget", "calls=10"];
  expect((await user.inProcess(run)).code).toBe(3);
  const database = new DatabaseSync(user.path("moved", "journal.sqlite"));
  database.exec("UPDATE run SET value = json_set(value, '$.processor', 'linux x64 AVX9') WHERE name = 'plan'");
  database.close();
  const end = await user.inProcess(["resume", "@moved", "--json"]);
  expect(documentOf(end)).toMatchObject({ error: { code: "processor-changed", exit: 2 } });
});

it("R9: Ctrl-C stops after what is in flight, and the run ends, resumed, in the bytes of an unbroken one", async () => {
  const server = await startAnsweringServer({ delayMs: 20 });
  expect((await user.dashpot(profile(server, "undisturbed", "--no-sign"))).code).toBe(0);
  const { totals } = JSON.parse(profileOf("undisturbed")) as Profile;
  expect(callsTo(server)).toBe(totals.calls);

  const interrupted = await user.dashpot(profile(server, "interrupted", "--parallel", "8", "--json"), {
    during: once(
      () => callsTo(server) >= totals.calls + 30,
      (running) => running.kill("SIGINT"),
    ),
  });
  expect(documentOf(interrupted)).toMatchObject({ error: { code: "stopped", exit: 3 } });
  expect(interrupted.code).toBe(3);
  expect(interrupted.stderr).toContain("stopping after what is in flight");
  expect(outputs("interrupted")).toEqual([]);
  const before = callsTo(server);
  expect(before).toBeLessThan(2 * totals.calls);

  expect((await user.dashpot(["resume", "interrupted", "--no-sign"])).code).toBe(0);
  await server.close();
  expect(callsTo(server)).toBe(2 * totals.calls);
  expect(profileOf("interrupted")).toBe(profileOf("undisturbed"));
});

it("R9: a second Ctrl-C stops at once, and what was answered is kept", async () => {
  let stalls = true;
  const server = await startAnsweringServer({
    instead: (_, count) => (stalls && count > 40 ? { fault: "hang" } : undefined),
  });
  const end = await user.dashpot(profile(server, "twice", "--parallel", "4"), {
    during: once(
      () => server.asked.length >= 44,
      (running) => {
        running.kill("SIGINT");
        setTimeout(() => running.kill("SIGINT"), 300);
      },
    ),
  });
  expect(end).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("error[stopped]") });
  stalls = false;
  const before = callsTo(server);
  expect((await user.dashpot(["resume", "twice", "--no-sign"])).code).toBe(0);
  await server.close();
  const { totals } = JSON.parse(profileOf("twice")) as Profile;
  expect(callsTo(server) - before).toBe(totals.calls - (before - 4));
});

it("R9: before a run has begun one Ctrl-C is enough", async () => {
  const server = await startAnsweringServer({ instead: () => ({ fault: "hang" }) });
  const end = await user.dashpot(profile(server, "unbegun"), {
    during: once(
      () => server.asked.length > 0,
      (running) => running.kill("SIGINT"),
    ),
  });
  await server.close();
  expect(end).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("error[stopped]") });
  expect(filesUnder(user.path("unbegun"))).toEqual([]);
});

it("F3: a key that is refused in the middle is exit 3 with the journal intact, and the run goes on with a good one", async () => {
  let refuses = true;
  const key = "sk-refused-in-the-middle";
  const server = await startAnsweringServer({
    instead: (_, count) => (refuses && count > 60 ? refusing(401, `Incorrect API key provided: ${key}`) : undefined),
  });
  const end = await user.dashpot(profile(server, "refused"), { env: { OPENAI_API_KEY: key } });
  expect(end).toMatchObject({ code: 3, stdout: "" });
  expect(end.stderr).toContain("error[key-refused]");
  expect(end.stderr).toContain("fix: set OPENAI_API_KEY");
  expect(end.stderr).not.toContain(key);
  refuses = false;
  const before = callsTo(server);
  const resumed = await user.dashpot(["resume", "refused", "--json", "--no-sign"]);
  await server.close();
  const { totals } = (documentOf(resumed) as { profile: Profile }).profile;
  // What was answered before the first refusal is not asked again.
  expect(callsTo(server) - before).toBeLessThanOrEqual(totals.calls - 40);
});
