import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ourStressPath } from "../../src/adapters/stress-files.ts";
import { gamesReportSchema } from "../../src/model/games-report.ts";
import type { CommandEnd } from "../house/run-command.ts";
import { documentOf, filesUnder, openUser, type User } from "./user.ts";

let user: User;
let whole: CommandEnd;
beforeAll(async () => {
  user = openUser();
  whole = await user.inProcess(games("taker", "whole", "--json"));
});
afterAll(() => user.leave());

const FEW = ["--families", "used-piano,rare-map,dictator,trust-send,prisoners-dilemma", "--samples", "1"];
const games = (policy: string, out: string, ...more: string[]) => [
  ...["stress", `policy:${policy}`, "--games", ...FEW],
  ...["--out", `@${out}`, ...more],
];
const read = (...parts: string[]) => readFileSync(user.path(...parts), "utf8");
const codeOf = async (parameters: string[]) =>
  (documentOf(await user.inProcess([...parameters, "--json"])) as { error: { code: string } }).error.code;

it("T29: a run writes record, page, picture and table, and its answer is the record", () => {
  expect(whole.code).toBe(0);
  const { games: told, outputs } = documentOf(whole) as { games: unknown; outputs: { name: string }[] };
  const record = gamesReportSchema.parse(JSON.parse(read("whole", "games.json")));
  expect(told).toEqual(record);
  expect(record.totals.calls).toBe(2 * 2 * 4 * 4 + 6 * (11 + 11 + 2));
  expect(outputs.map(({ name }) => name)).toEqual(["games.json", "games.html", "games.svg", "games.png", "games.csv"]);
  const lines = read("whole", "games.csv").trimEnd().split("\n");
  expect(lines).toHaveLength(1 + 2 * 2 * 4 * 4 + 6 * (11 + 11 + 2));
});

it("T28, T29: the page shows people as points with their n and no norm, says where there are none, and needs nothing from elsewhere", () => {
  const page = read("whole", "games.html");
  const { document } = parseHTML(page);
  expect(document.querySelectorAll("svg.plot").length).toBe(2 * 5 + 1 + 3);
  const text = document.body.textContent ?? "";
  expect(text).toContain("n = 13,232; Mei et al. 2024, data");
  expect(text).toContain("n not told; Brookins & DeBacker 2024");
  expect(text).toContain("People: no published value of people is kept for it.");
  expect(text).toContain("no norm, no target");
  expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  expect(page + read("whole", "games.svg")).not.toContain("NaN");
});

it("T28: where letters go by their place record, page, picture and terminal say that nothing can be told", async () => {
  const few = ["--families", "dictator,trust-send", "--out", "@places", "--quiet"];
  const { code, stdout } = await user.inProcess(["stress", "policy:position-biased", "--games", ...few]);
  expect(code).toBe(0);
  expect(stdout).toContain("Of the games nothing can be told: letters are not chosen by");
  expect(stdout).not.toMatch(/share given \d/);
  const { document } = parseHTML(read("places", "games.html"));
  expect(document.querySelector("p.answer.alert")?.textContent).toContain("nothing can be told");
  expect(document.querySelector("details[open] summary")?.textContent).toContain("likeliest A");
  expect(read("places", "games.svg")).toContain("nothing can be told");
  const { games: all } = gamesReportSchema.parse(JSON.parse(read("places", "games.json")));
  expect(all.map(({ reading }) => reading.verdict)).toEqual(all.map(() => "place"));
});

it("T29: a run that its budget stopped goes on, asks nothing twice, and ends in the bytes of an unbroken one", async () => {
  const first = await user.inProcess(games("taker", "broken", "--budget", "calls=50", "--json"));
  expect(documentOf(first)).toMatchObject({ error: { code: "budget-reached", exit: 3 } });
  expect(existsSync(user.path("broken", "games.json"))).toBe(false);
  const last = await user.inProcess(["resume", "@broken", "--json"]);
  expect(last.code).toBe(0);
  for (const name of filesUnder(user.path("whole")).filter((one) => !one.startsWith("journal")))
    expect(readFileSync(user.path("broken", name)).equals(readFileSync(user.path("whole", name))), name).toBe(true);
});

it("T29: a forecast tells calls and makes none", async () => {
  const end = await user.inProcess(games("taker", "dry", "--dry-run", "--json"));
  expect(documentOf(end)).toMatchObject({ forecast: { calls: 208 }, plan: { schema: "dashpot/games-run@1" } });
  expect(existsSync(user.path("dry"))).toBe(false);
});

it.each([
  ["a design", ["--design", "series"], "--design"],
  ["factors", ["--factors", "power"], "--factors"],
  ["a table", ["--table", "t.csv"], "--table"],
  ["a format of scenarios", ["--format", "act"], "act"],
  ["an exchange that is none", ["--families", "casino"], "casino"],
  ["games that only letters can ask, by score", ["--families", "dictator", "--format", "score"], "--format"],
  ["no samples", ["--samples", "0"], "--samples"],
])("T29: %s is one coded error", async (_, parameters, told) => {
  const end = await user.inProcess(["stress", "policy:taker", "--games", "--out", "@refused", ...parameters, "--json"]);
  const { error } = documentOf(end) as { error: { code: string; message: string } };
  expect([error.code, end.code]).toEqual(["option-invalid", 2]);
  expect(error.message).toContain(told);
  expect(existsSync(user.path("refused"))).toBe(false);
});

it("T29: another run in its directory, games that changed, and a suite without games are refused by name", async () => {
  expect(await codeOf(games("taker", "whole", "--seed", "5"))).toBe("run-differs");
  expect(await codeOf(["stress", "policy:taker", "--out", "@whole"])).toBe("run-differs");
  cpSync(ourStressPath(), user.path("suite"), { recursive: true });
  const run = games("taker", "moved", "--suite", "@suite", "--budget", "calls=20");
  expect(await codeOf(run)).toBe("budget-reached");
  const file = user.path("suite", "games", "dictator.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("passed", "handed").replace("keep", "hold"));
  expect(await codeOf(["resume", "@moved"])).toBe("suite-changed");
  writeFileSync(file, "kind: [");
  expect(await codeOf(games("taker", "torn", "--suite", "@suite"))).toBe("games-malformed");
  expect(await codeOf(games("taker", "none", "--suite", "@nowhere"))).toBe("stress-missing");
});

it("T25: instrument check counts exchanges and games and tells their faults", async () => {
  const sound = await user.inProcess(["instrument", "check", ourStressPath()]);
  expect([sound.code, sound.stdout]).toEqual([0, expect.stringContaining("8 exchanges, 7 games, 0 faults")]);
  cpSync(ourStressPath(), user.path("other"), { recursive: true });
  const file = user.path("other", "games", "rare-map.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace("I will tell the press", "this threat is to tell the press"));
  const { code, stdout } = await user.inProcess(["instrument", "check", "@other"]);
  expect(code).toBe(1);
  expect(stdout).toContain("fault[games-named] games/rare-map.yaml:0 parties.one.steps.threat.0");
});
