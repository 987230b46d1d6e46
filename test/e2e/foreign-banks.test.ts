import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parseBank } from "../../src/profile/instrument/parse-bank.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import type { CommandEnd } from "../house/run-command.ts";
import { filesUnder, openUser, type User } from "./user.ts";

let user: User;
beforeEach(() => {
  user = openUser();
  writeSmallBank(user.path("bank"));
});
afterEach(() => user.leave());

const MEBIBYTE = 1024 * 1024;

function changed(name: string, change: (text: string) => string | Uint8Array): void {
  const path = user.path("bank", name);
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

function refused(end: CommandEnd, code: string, place: string): void {
  expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(end.stderr).toMatch(/^error\[[a-z0-9-]+\]: expected .*, received .*\nfix: .+\n$/);
  expect(end.stderr).toContain(`error[${code}]`);
  expect(end.stderr).toContain(place);
}

const check = () => user.inProcess(["instrument", "check", "@bank"]);
const profile = (...more: string[]) =>
  user.inProcess(["profile", "policy:hierarch", "--bank", "@bank", "--out", "@run", "--quiet", ...more]);

it("F4: a bank with CRLF and byte-order marks gives the run of one without", async () => {
  const plan = async () =>
    JSON.parse((await profile("--dry-run", "--json")).stdout) as { plan: object; forecast: object };
  const [before, checked] = [await plan(), await check()];
  const files = ["bank.yaml", "situations.jsonl", "dyads.jsonl"];
  for (const name of files) changed(name, (text) => `\ufeff${text.replaceAll("\n", "\r\n")}`);
  const [header, situations, dyads] = files.map((name) => readFileSync(user.path("bank", name)));
  const bank = parseBank({ header, situations, dyads } as Parameters<typeof parseBank>[0]);
  expect(bank.situations.map(({ setting }) => setting).join("")).not.toMatch(/[\r\ufeff]/);
  expect((await check()).stdout).toBe(checked.stdout);
  expect((await plan()).forecast).toEqual(before.forecast);
  expect((await profile("--no-sign", "--budget", "calls=9")).stderr).toContain("error[budget-reached]");
});

it("F4: invalid UTF-8 is one coded error with file and line, also where only a check was asked for", async () => {
  changed("situations.jsonl", (text) => Buffer.from(text.replaceAll("situation 1 setting", "caf\u00e9"), "latin1"));
  refused(await check(), "bank-not-utf8", "situations.jsonl:2");
  refused(await profile(), "bank-not-utf8", "situations.jsonl:2");
  expect(filesUnder(user.path("run"))).toEqual([]);
});

it("F4: a missing field is one coded error with file, line and field, and a fault for the check", async () => {
  changed("situations.jsonl", (text) =>
    text.replace(
      '"self":"one party","other":"another party","setting":"situation 2',
      '"self":"one party","setting":"situation 2',
    ),
  );
  refused(await profile(), "bank-field-missing", "situations.jsonl:3, other");
  const end = await check();
  expect(end).toMatchObject({ code: 1, stderr: "" });
  expect(end.stdout).toContain(
    "fault[bank-field-missing] situations.jsonl:3 other: expected the field, received nothing",
  );
  expect(end.stdout).toContain("fix: add other");
});

it("F4: a line of 100 MB is one coded error with file and line, and is never held as text", async () => {
  const line = Buffer.alloc(100 * MEBIBYTE, "x");
  changed("situations.jsonl", (text) => Buffer.concat([Buffer.from(text), line, Buffer.from("\n")]));
  // A string of that line, or a copy on the heap, would not fit.
  const node = ["--max-old-space-size=64"];
  for (const command of [
    ["instrument", "check", "bank"],
    ["profile", "policy:hierarch", "--bank", "bank", "--out", "run"],
  ])
    refused(await user.dashpot(command, { node }), "bank-line-too-long", "situations.jsonl:4");
  expect(filesUnder(user.path("run"))).toEqual([]);
});

it("F4: a file that is missing, a folder in its place and an empty one are coded errors that name it", async () => {
  refused(await user.inProcess(["instrument", "check", "@nowhere"]), "bank-missing", join("nowhere", "bank.yaml"));
  changed("situations.jsonl", () => "");
  refused(await profile(), "bank-empty", "situations.jsonl");
  changed("bank.yaml", () => "id: [");
  refused(await profile(), "bank-header-malformed", "bank.yaml:1");
});
