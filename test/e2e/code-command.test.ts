import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { codingSummarySchema } from "../../src/model/coding-summary.ts";
import { openUser, type User } from "./user.ts";

let user: User;
beforeAll(() => {
  user = openUser();
  writeFileSync(
    user.path("texts.csv"),
    'unit,text\nu1,"Pay by Friday, or we will sue you."\nu2,"Thanks, that is fine."\nu3,皆さん、こんにちは。\n',
  );
  writeFileSync(user.path("broken.csv"), "unit,text\nu1,Pay now.\nu2\n");
  const act = (time: number) => `d,${time},${time % 2 ? "a,b" : "b,a"},bread`;
  writeFileSync(
    user.path("acts.csv"),
    `dyad,time,actor,towards,act\n${[1, 2, 3, 4, 5, 6, 7, 8].map(act).join("\n")}\n`,
  );
});
afterAll(() => user.leave());

it("K7: codes of texts come as a long table that agree reads, what was coded as a summary beside it", async () => {
  const { stdout, stderr, code: status } = await user.inProcess(["code", "@texts.csv"]);
  expect(status).toBe(0);
  expect(stdout).toContain("unit,coder,dimension,value,reason\n");
  expect(stdout).toContain("u1,rules,severity,8,");
  expect(stdout).toContain("u1,rules,kind,threat,");
  expect(stdout).toContain("u2,rules,severity,0,");
  expect(stdout).toContain("u3,rules,severity,not-codable,not in the language of the rules");
  expect(stderr).toContain("Coded: 3 texts");
  writeFileSync(user.path("codes.csv"), stdout);
  const agreed = await user.inProcess(["agree", "@codes.csv", "--json"]);
  const { dimensions } = JSON.parse(agreed.stdout) as {
    dimensions: { dimension: string; coders: { notCodable: number }[] }[];
  };
  expect(dimensions.map(({ dimension }) => dimension)).toContain("severity");
  expect(dimensions.find(({ dimension }) => dimension === "severity")?.coders[0]?.notCodable).toBe(1);
});

it("K7: with --json one document holds the codes and the summary", async () => {
  const { stdout } = await user.inProcess(["code", "@texts.csv", "--coder", "rules", "--json"]);
  const document = JSON.parse(stdout) as { codes: { unit: string }[]; summary: unknown };
  expect(document.codes.map(({ unit }) => unit)).toContain("u1");
  expect(codingSummarySchema.parse(document.summary)).toMatchObject({ texts: 3, malformed: { n: 0 } });
});

it("K9: what ends the coding leaves one whole document under --json", async () => {
  const rows = Array.from({ length: 3000 }, (_, at) => `u${at},Please pay.`);
  writeFileSync(user.path("late.csv"), `unit,text\n${rows.join("\n")}\nbroken\n`);
  const { stdout, stderr, code } = await user.inProcess(["code", "@late.csv", "--json"]);
  expect(code).toBe(2);
  expect(stderr).toContain("error[transcript-malformed]");
  const document = JSON.parse(stdout) as { codes: unknown[]; error: { code: string } };
  expect(document.codes.length).toBeGreaterThan(1000);
  expect(document.error.code).toBe("transcript-malformed");
});

it("K10: a table of acts gives one row a dyad", async () => {
  const { stdout, code: status } = await user.inProcess(["code", "@acts.csv"]);
  expect(status).toBe(0);
  expect(stdout).toBe("unit,coder,dimension,value,reason\nd,flux,mode,EM,EM bread (8)\n");
});

it("K7: units of several files keep apart by the file's name", async () => {
  const { stdout } = await user.inProcess(["code", "@texts.csv", "@acts.csv"]);
  expect(stdout).toContain("texts.csv:u1,rules");
  expect(stdout).toContain("acts.csv:d,flux");
});

it("K9: a dyad of three parties is malformed, the others are coded", async () => {
  writeFileSync(user.path("three.csv"), "dyad,time,actor,towards,act\nd,1,a,b,bread\nd,2,b,c,bread\ne,1,a,b,bread\n");
  const strict = await user.inProcess(["code", "@three.csv"]);
  expect(strict.code).toBe(2);
  expect(strict.stderr).toMatch(/error\[transcript-malformed\]: .*a third/);
  const lenient = await user.inProcess(["code", "@three.csv", "--lenient"]);
  expect(lenient.stdout).toContain("e,flux,mode,asocial");
  expect(lenient.stderr).toContain("skipped: 1 malformed record,");
});

it("K9: a malformed record ends it with its line, or is skipped and counted with --lenient", async () => {
  const strict = await user.inProcess(["code", "@broken.csv"]);
  expect(strict.code).toBe(2);
  expect(strict.stderr).toMatch(/error\[transcript-malformed\]: .*broken\.csv:3\nfix: .*--lenient/);
  const lenient = await user.inProcess(["code", "@broken.csv", "--lenient"]);
  expect(lenient.code).toBe(0);
  expect(lenient.stderr).toContain("skipped: 1 malformed record,");
});

it("K7: where a coder has nothing to code the status is 4, and an unknown one is refused", async () => {
  expect((await user.inProcess(["code", "@acts.csv", "--coder", "rules"])).code).toBe(4);
  const unknown = await user.inProcess(["code", "@acts.csv", "--coder", "oracle"]);
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("expected one of rules, flux");
});
