import { readFileSync, writeFileSync } from "node:fs";
import { parseHTML } from "linkedom";
import { afterAll, beforeAll, expect, it } from "vitest";
import { predictionSchema } from "../../src/model/prediction.ts";
import { profileOf, stressOf } from "../fixtures/prediction.ts";
import { HOSTILE } from "../fixtures/profile.ts";
import { documentOf, filesUnder, openUser, type User } from "./user.ts";

let user: User;
const FEW = ["--no-acts", "--no-self", "--no-agreement", "--no-sign", "--quiet"];
const POLICIES = ["communal", "threshold-5"];
const NAMES = Array.from({ length: 10 }, (_, at) => (at === 9 ? `m9 ${HOSTILE}` : `m${at}`));
const made = NAMES.flatMap((_, at) => [`@m${at}-profile.json`, `@m${at}-stress.json`]);

beforeAll(async () => {
  user = openUser();
  for (const name of POLICIES) {
    const spec = `policy:${name}`;
    await user.inProcess(["profile", spec, ...FEW, "--out", `@p-${name}`]);
    await user.inProcess([
      "stress",
      spec,
      "--factors",
      "power",
      "--families",
      "tenancy,study-report",
      "--quiet",
      "--out",
      `@s-${name}`,
    ]);
  }
  for (const [at, name] of NAMES.entries()) {
    const asocial = at / 5 + (at % 3) / 10;
    writeFileSync(user.path(`m${at}-profile.json`), JSON.stringify(profileOf({ name, asocial })));
    writeFileSync(user.path(`m${at}-stress.json`), JSON.stringify(stressOf({ name, rate: at / 12 })));
  }
});
afterAll(() => user.leave());

const fast = ["--draws", "99", "--json"];

it("P11: runs of two policies are paired, and are too few: exit 4, with how many would do", async () => {
  const runs = POLICIES.flatMap((name) => [`@p-${name}`, `@s-${name}`]);
  const end = await user.inProcess(["predict", ...runs, ...fast]);
  expect(end.code).toBe(4);
  const { prediction, outputs } = documentOf(end) as { prediction: unknown; outputs: unknown[] };
  const { analyses, profiles, power } = predictionSchema.parse(prediction);
  expect(outputs).toEqual([]);
  expect(profiles.format).toBe("score");
  expect(analyses).toMatchObject([{ answer: "too few models", measure: "choice", schemes: [] }]);
  expect(analyses[0]?.cases.map(({ cluster }) => cluster)).toEqual(["communal", "threshold-5"]);
  const severity = analyses[0]?.cases.map(({ observed }) => observed.value as number) as [number, number];
  expect(severity[0]).toBeLessThan(0.1);
  expect(severity[1]).toBeGreaterThan(0.7);
  expect(power.needed).toHaveLength(3);
});

it("P14: record, page and picture of ten models are written, the same bytes again, and hostile names are texts", async () => {
  const end = await user.inProcess(["predict", ...made, ...fast, "--out", "@told"]);
  expect(end.code).toBe(0);
  expect(filesUnder(user.path("told"))).toEqual(["prediction.html", "prediction.json", "prediction.svg"]);
  const read = (name: string) => readFileSync(user.path("told", name), "utf8");
  const before = filesUnder(user.path("told")).map(read);
  const { analyses } = predictionSchema.parse(JSON.parse(read("prediction.json")));
  expect(analyses).toMatchObject([{ answer: "foretells", cases: { length: 10 } }]);
  const { document } = parseHTML(read("prediction.html"));
  expect(document.querySelectorAll("svg.plot").length).toBe(2);
  expect(document.querySelector("#limits")?.parentElement?.textContent).toMatch(/not profiled and measured/);
  expect(read("prediction.html")).not.toMatch(/<script|<img|https?:\/\/(?!www\.w3\.org)/);
  expect(read("prediction.svg")).not.toMatch(/<script|<img|NaN/);
  await user.inProcess(["predict", ...made.toReversed(), ...fast, "--out", "@told"]);
  expect(filesUnder(user.path("told")).map(read)).toEqual(before);
});

it("P14: the terminal shows skills, models and power, and no control character of a name", async () => {
  const end = await user.inProcess(["predict", ...made, "--draws", "99"]);
  expect(end.stdout).toMatch(/foretells severity by letters: skill 0\.\d\d \(95 % interval/);
  expect(end.stdout).toMatch(/mean of the others +0/);
  expect(end.stdout).toMatch(/Power by number of models/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(end.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

it("P13: published rates and a table of models are read; bad rows name file and line", async () => {
  const profiles = NAMES.map((_, at) => `@m${at}-profile.json`).slice(0, 9);
  const rows = NAMES.slice(0, 9).map((name, at) => `${name},blackmail,${10 * at},100,a paper`);
  writeFileSync(user.path("outcomes.csv"), ["model,outcome,successes,n,source", ...rows].join("\n"));
  const sizes = NAMES.slice(0, 9).map((name, at) => `${name},f${at % 2},${at + 1}B`);
  writeFileSync(user.path("models.csv"), ["model,family,size", ...sizes].join("\n"));
  const tables = ["--outcomes", "@outcomes.csv", "--models", "@models.csv"];
  const end = await user.inProcess(["predict", ...profiles, ...tables, ...fast, "--correlation", "0.8"]);
  expect(end.code).toBe(0);
  const { prediction } = documentOf(end) as { prediction: unknown };
  const { analyses, power } = predictionSchema.parse(prediction);
  expect(analyses).toMatchObject([{ outcome: "blackmail", sources: ["a paper"], measure: null, families: 2 }]);
  expect(power.correlations).toContain(0.8);
  writeFileSync(user.path("bad.csv"), "model,outcome,successes,n,source\nm0,b,0.4,1,s\n");
  const bad = await user.inProcess(["predict", ...profiles, "--outcomes", "@bad.csv"]);
  expect(bad.code).toBe(2);
  expect(bad.stderr).toMatch(/^error\[outcomes-unreadable\]: .*bad\.csv:2\nfix: /);
});

it.each([
  [["@p-communal", "@s-threshold-5"], "predict-unpaired"],
  [["@p-communal"], "predict-nothing"],
  [["@s-communal"], "predict-nothing"],
  [["@nowhere", "@s-communal"], "profile-missing"],
  [["@p-communal", "@p-communal", "@s-communal"], "predict-doubled"],
  [["@p-communal", "@s-communal", "--draws", "5"], "option-invalid"],
  [["@p-communal", "@s-communal", "--correlation", "1"], "option-invalid"],
  [["@p-communal", "@s-communal", "--models", "@nothing.csv"], "file-unreadable"],
])("P4: wrong use, %j, is %s", async (parameters, code) => {
  const end = await user.inProcess(["predict", ...parameters]);
  expect(end.code).toBe(2);
  expect(end.stderr).toMatch(new RegExp(`^error\\[${code}\\]: expected .*\nfix: `));
});
