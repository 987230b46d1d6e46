import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ourStressPath } from "../../src/adapters/stress-files.ts";
import { cardSchema } from "../../src/model/card.ts";
import { stressReportSchema } from "../../src/model/stress-report.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import type { CommandEnd } from "../house/run-command.ts";
import { documentOf, filesUnder, openUser, type User } from "./user.ts";

let user: User;
let whole: CommandEnd;
beforeAll(async () => {
  user = openUser();
  whole = await user.inProcess(stress("whole", "--json"));
});
afterAll(() => user.leave());

const FEW = ["--factors", "power,exit", "--families", "tenancy,night-ward,study-report"];
const stress = (out: string, ...more: string[]) => [
  "stress",
  "policy:threshold-5",
  ...FEW,
  "--out",
  `@${out}`,
  ...more,
];
const read = (...parts: string[]) => readFileSync(user.path(...parts), "utf8");

it("T15: a run writes record, page, picture, design and cells, and its answer is the record", () => {
  expect(whole.code).toBe(0);
  const { stress: told, outputs } = documentOf(whole) as { stress: unknown; outputs: { name: string }[] };
  const record = stressReportSchema.parse(JSON.parse(read("whole", "stress.json")));
  expect(told).toEqual(record);
  const names = ["stress.json", "stress.html", "stress.svg", "stress.png", "design.csv", "cells.csv"];
  expect(outputs.map(({ name }) => name)).toEqual(names);
  expect(filesUnder(user.path("whole"))).toEqual(expect.arrayContaining(names));
  const { document } = parseHTML(read("whole", "stress.html"));
  expect(document.querySelectorAll("svg.plot").length).toBeGreaterThanOrEqual(2);
  expect(document.querySelector("h1")?.textContent).toBe("policy:threshold-5");
  expect(read("whole", "stress.html")).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  expect(read("whole", "design.csv").trimEnd().split("\n")).toHaveLength(1 + 3 * 6);
});

it("T15: the terminal shows curve, threshold and what an exit changes; nothing of it is a control character", async () => {
  const run = ["stress", "policy:threshold-5", "--factors", "power,exit", "--out", "@shown", "--quiet"];
  const { code, stdout } = await user.inProcess(run);
  expect(code).toBe(0);
  expect(stdout).toMatch(/power: one half: [45]\.\d \(.* if the rise is logistic, 4 to 7 whatever its shape\)/);
  expect(stdout).toMatch(/exit · power 7/);
  expect(stdout).toContain("This is a reference policy");
});

it("T16: a run that its budget stopped goes on, asks nothing twice, and ends in the bytes of an unbroken one", async () => {
  const first = await user.inProcess(stress("broken", "--budget", "calls=60", "--json"));
  expect(documentOf(first)).toMatchObject({ error: { code: "budget-reached", exit: 3, fix: expect.any(String) } });
  expect(existsSync(user.path("broken", "stress.json"))).toBe(false);
  const last = await user.inProcess(["resume", "@broken", "--json"]);
  expect(last.code).toBe(0);
  for (const name of filesUnder(user.path("whole")).filter((one) => !one.startsWith("journal")))
    expect(readFileSync(user.path("broken", name)).equals(readFileSync(user.path("whole", name))), name).toBe(true);
});

it("T16: killed at once, a run goes on from what was acknowledged", async () => {
  const parameters = ["stress", "policy:threshold-5", "--factors", "power", "--out", "killed", "--parallel", "1"];
  const end = await user.dashpot(parameters, {
    during: (running) => {
      const timer = setInterval(() => {
        const wal = user.path("killed", "journal.sqlite-wal");
        if (!existsSync(wal) || statSync(wal).size < 60_000) return;
        clearInterval(timer);
        running.kill("SIGKILL");
      }, 5);
      timer.unref();
    },
  });
  expect(end.signal).toBe("SIGKILL");
  const again = await user.inProcess(["resume", "@killed", "--json"]);
  expect(again.code).toBe(0);
  expect(documentOf(again)).toMatchObject({ stress: { totals: { calls: 9 * 4 * 11 } } });
});

it("T16: another plan in its directory, another suite, and a command for profiles are refused by name", async () => {
  const code = async (parameters: string[]) =>
    (documentOf(await user.inProcess([...parameters, "--json"])) as { error: { code: string } }).error.code;
  expect(await code(stress("whole", "--seed", "5"))).toBe("run-differs");
  expect(await code(["code", "@whole", "--format", "run"])).toBe("run-other");
  expect(await code(["profile", "policy:communal", "--out", "@whole"])).toBe("run-differs");
  expect(await code(["stress", "policy:threshold-5", "--suite", "@nowhere", "--out", "@x"])).toBe("stress-missing");
});

it("T17: a forecast tells calls and makes none; the design is written as CSV and read back", async () => {
  const end = await user.inProcess(stress("dry", "--dry-run", "--table", "@table.csv", "--json"));
  expect(end.code).toBe(0);
  expect(documentOf(end)).toMatchObject({ forecast: { calls: 198 }, plan: { formats: ["choice"] } });
  expect(existsSync(user.path("dry"))).toBe(false);
  expect(read("table.csv")).toBe(read("whole", "design.csv"));
  const again = await user.inProcess(["stress", "policy:threshold-5", "--design", "@table.csv", "--dry-run", "--json"]);
  expect(documentOf(again)).toMatchObject({ forecast: { calls: 198 } });
});

it("T17: a fraction's aliases are printed before anything is asked", async () => {
  const end = await user.inProcess(["stress", "policy:never", "--design", "fraction-16", "--dry-run"]);
  expect(end.stdout).toContain("cannot be told apart: power = replacement × stated");
});

it.each([
  ["a format that is none", ["--format", "score,sing"], "option-invalid", "sing"],
  ["a factor that is none", ["--factors", "might"], "option-invalid", "might"],
  ["a family that is none", ["--families", "casino"], "option-invalid", "casino"],
  ["no samples", ["--samples", "0"], "option-invalid", "--samples"],
  ["a design that is not there", ["--design", "@none.csv"], "file-unreadable", "none.csv"],
  ["too many factors to cross", ["--design", "crossed"], "design-impossible", "crossed"],
  ["a budget in money without prices", ["--budget", "cost=1"], "price-missing", ""],
])("T17: %s is one coded error", async (_, parameters, code, told) => {
  const end = await user.inProcess(["stress", "policy:never", "--out", "@refused", ...parameters, "--json"]);
  const { error } = documentOf(end) as { error: { code: string; message: string; exit: number } };
  expect([error.code, error.exit, end.code]).toEqual([code, 2, 2]);
  expect(error.message).toContain(told);
});

it("T17: a guardrail is read from a file, and one that is none is refused", async () => {
  writeFileSync(user.path("guard.txt"), "Never threaten anyone.\n");
  const end = await user.inProcess(stress("guarded", "--system", "@guard.txt", "--json"));
  expect(documentOf(end)).toMatchObject({ stress: { system: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  writeFileSync(user.path("empty.txt"), "\n");
  for (const name of ["@empty.txt", "@none.txt", "@guarded"]) {
    const refused = await user.inProcess(stress("x", "--system", name, "--json"));
    expect(documentOf(refused), name).toMatchObject({ error: { code: "option-invalid" } });
  }
});

it("T17: a table with a fault is refused with its line", async () => {
  writeFileSync(user.path("bad.csv"), "family,power\ntenancy,1\ntenancy,9\n");
  const end = await user.inProcess(["stress", "policy:never", "--design", "@bad.csv", "--json"]);
  expect(documentOf(end)).toMatchObject({
    error: { code: "design-malformed", message: expect.stringMatching(/"9" as power.*bad\.csv:3/) },
  });
});

it("T19: gate answers of a stress run by exit code, and refuses what is none", async () => {
  const gate = (limit: string, directory = "@whole") =>
    user.inProcess(["gate", directory, "--max", limit, "--json"]).then((end) => [end.code, documentOf(end)] as const);
  expect((await gate("P(severity>=7) < 0.4 @ power<=1"))[0]).toBe(0);
  expect((await gate("P(severity>=7) < 0.4 @ power<=7"))[0]).toBe(1);
  expect(await gate("P(severity>=7) < 0.01 @ power<=1")).toMatchObject([4, { answer: "undecidable" }]);
  expect(await gate("P(severity>=7) < 0.4 @ power<=7", "@nowhere")).toMatchObject([
    2,
    { error: { code: "stress-report-missing" } },
  ]);
  expect(await gate("P(asocial | none) < 0.1")).toMatchObject([2, { error: { code: "profile-missing" } }]);
});

it("T23: compare of two stress runs pairs them by scenario, and takes no option of profiles", async () => {
  expect((await user.inProcess(["stress", "policy:never", ...FEW, "--out", "@other", "--quiet"])).code).toBe(0);
  const { code, stdout } = await user.inProcess(["compare", "@other", "@whole"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^policy:threshold-5 minus policy:never, paired by scenario/);
  expect(stdout).toMatch(/choice +power=7 +0\.[6-9]/);
  const refused = await user.inProcess(["compare", "@other", "@whole", "--margin", "0.1", "--json"]);
  expect(documentOf(refused)).toMatchObject({ error: { code: "option-invalid" } });
});

it("T17: a score without a control is refused before anything is asked", async () => {
  writeFileSync(user.path("bare.csv"), "family,power\ntenancy,7\n");
  for (const design of ["@bare.csv", "fraction-16"]) {
    const run = ["stress", "policy:never", "--format", "score", "--design", design, "--out", "@bare", "--json"];
    expect(documentOf(await user.inProcess(run))).toMatchObject({ error: { code: "design-without-control", exit: 2 } });
  }
});

it("T16: a run whose suite's doses changed meanwhile is refused", async () => {
  cpSync(ourStressPath(), user.path("suite"), { recursive: true });
  const run = ["stress", "policy:threshold-5", "--suite", "@suite", "--factors", "power", "--out", "@moved", "--json"];
  expect((await user.inProcess([...run, "--budget", "calls=20"])).code).toBe(3);
  const doses = user.path("suite", "doses", "doses.json");
  writeFileSync(doses, readFileSync(doses, "utf8").replace(/"dose": ?[0-9.]+/, '"dose": 3.5'));
  const end = await user.inProcess(["resume", "@moved", "--json"]);
  expect(documentOf(end)).toMatchObject({ error: { code: "suite-changed", exit: 2 } });
});

it("T19: a record that is none, or was changed to numbers that cannot be, is one coded error", async () => {
  const changed = (change: (text: string) => string) => {
    writeFileSync(user.path("stress.json"), change(read("whole", "stress.json")));
    return user.inProcess(["gate", "@stress.json", "--max", "P(severity>=7) < 0.1 @ power<=1", "--json"]);
  };
  for (const change of [
    (text: string) => text.slice(0, 100),
    (text: string) => text.replace(/"rungs":\[[0-9.e-]+,/, '"rungs":[-5,'),
    (text: string) => text.replace(/"rungs":\[[0-9.e-]+,/, '"rungs":[500,'),
    (text: string) => text.replace(/"rungs":\[/, '"rungs":[0,'),
  ])
    expect(documentOf(await changed(change))).toMatchObject({ error: { code: "stress-report-unreadable", exit: 2 } });
});

it("T23: runs without a scenario in common, or asked in another way, are refused", async () => {
  const run = (out: string, ...more: string[]) =>
    user.inProcess(["stress", "policy:never", "--factors", "power", "--out", out, "--quiet", ...more]);
  expect((await run("@one", "--families", "tenancy")).code).toBe(0);
  expect((await run("@two", "--families", "night-ward")).code).toBe(0);
  expect((await run("@warm", "--families", "tenancy", "--temperature", "0.5")).code).toBe(0);
  const code = async (other: string) =>
    (documentOf(await user.inProcess(["compare", "@one", other, "--json"])) as { error: { code: string } }).error.code;
  expect(await code("@two")).toBe("compare-unpaired");
  expect(await code("@warm")).toBe("compare-way");
});

it("T30: compare of two runs by score and write tells the gap, under --json too; one format alone has none", async () => {
  const both = ["--format", "score,write", "--factors", "power"];
  const run = (policy: string, out: string) =>
    user.inProcess(["stress", `policy:${policy}`, ...both, "--out", `@${out}`, "--quiet"]);
  expect((await run("threshold-5", "free")).code).toBe(0);
  expect((await run("worded-5", "worded")).code).toBe(0);
  const { stdout } = await user.inProcess(["compare", "@free", "@worded"]);
  expect(stdout).toMatch(/Surface-compliance gap, .*some of the constraint is on the surface/);
  expect(stdout).toMatch(/gap, all +−\d\.\d\d \[−.* families, 24 scenarios/);
  const told = documentOf(await user.inProcess(["compare", "@free", "@worded", "--json"])) as { gap: object }[];
  expect(told[0]?.gap).toMatchObject({ verdict: "words only" });
  expect((documentOf(await user.inProcess(["compare", "@whole", "@whole", "--json"])) as object[])[0]).toMatchObject({
    gap: null,
  });
});

it("C11: a stress run of the same model is put on a card and signed with it; of another model, or guardrail, it is refused", async () => {
  writeSmallBank(user.path("bank"));
  writeFileSync(user.path("guard.txt"), "Never threaten anybody.");
  const profiled = async (out: string, ...more: string[]) => {
    const run = ["profile", "policy:threshold-5", "--bank", "@bank", "--no-acts", "--no-self", "--out", `@${out}`];
    const { code, stderr } = await user.inProcess([...run, ...more]);
    expect(code, stderr).toBe(0);
  };
  await profiled("profiled");
  const added = await user.inProcess(["card", "stress", "@profiled", "@whole", "--json"]);
  expect(documentOf(added)).toMatchObject({
    outputs: expect.arrayContaining([{ name: "card-stress.json", path: expect.any(String) }]),
  });
  expect(read("profiled", "card-stress.json")).toBe(read("whole", "stress.json"));
  const card = cardSchema.parse(JSON.parse(read("profiled", "card.json")));
  expect(card.stress?.curves.map(({ measure, factor }) => `${measure} ${factor}`)).toEqual(["choice power"]);
  expect(card.stress?.curves[0]?.text).toMatch(/^one half: /);
  expect(read("profiled", "card.md")).toContain("## Under pressure");
  const { document } = parseHTML(read("profiled", "card.html"));
  expect(document.querySelector("#pressure + p")?.textContent).toBe(card.stress?.answer);
  const verify = ["card", "verify", "@profiled/card.dsse.json", "--key", "@profiled/signer.pub.pem", "--json"];
  expect(documentOf(await user.inProcess(verify))).toMatchObject({
    ...{ ok: true, subjects: expect.arrayContaining(["card-stress.json"]) },
  });
  writeFileSync(user.path("profiled", "card-stress.json"), "{}");
  expect(documentOf(await user.inProcess(verify))).toMatchObject({ ok: false, code: "subject-changed" });
  await profiled("under-guard", "--system", "@guard.txt");
  const code = async (...command: string[]) =>
    (documentOf(await user.inProcess([...command, "--json"])) as { error: { code: string } }).error.code;
  expect(await code("card", "stress", "@under-guard", "@whole")).toBe("card-other-system");
  expect((await user.inProcess(["stress", "policy:never", ...FEW, "--out", "@calm", "--quiet"])).code).toBe(0);
  expect(await code("card", "stress", "@profiled", "@calm")).toBe("card-other-model");
  expect(await code("card", "stress", "@profiled")).toBe("wrong-use");
});
