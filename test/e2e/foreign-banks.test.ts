import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Profile } from "../../src/model/profile.ts";
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

it.each([
  ["CRLF", "bank-line-ends", (text: string) => text.replaceAll("\n", "\r\n")],
  ["a byte-order mark", "bank-byte-order-mark", (text: string) => `\ufeff${text}`],
] as const)("F4: %s in any file of a bank is one coded error, and nothing is written", async (_, code, spoil) => {
  for (const name of ["bank.yaml", "situations.jsonl", "dyads.jsonl"]) {
    const before = readFileSync(user.path("bank", name), "utf8");
    changed(name, spoil);
    refused(await check(), code, `${name}:1`);
    refused(await profile(), code, `${name}:1`);
    writeFileSync(user.path("bank", name), before);
  }
  expect(filesUnder(user.path("run"))).toEqual([]);
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

it("E10: a reference that no limit needs is a coded error, once the limits themselves are sound", async () => {
  const run = ["profile", "policy:communal", "--bank", "@bank", "--format", "choice", "--no-sign", "--quiet"];
  expect((await user.inProcess([...run, "--out", "@chosen"])).code).toBe(0);
  const gate = (limit: string) => user.inProcess(["gate", "@chosen", "--max", limit, "--reference", "@chosen"]);
  expect((await gate("P(CS | none) < 0.99")).stderr).toContain("error[gate-reference-unused]");
  expect((await gate("difference(CS | none) < 1")).stderr).toContain("error[gate-difference-under-choice]");
});

it("A4: a bank generated from ours is told against our reference, with the measured error between forms", async () => {
  expect((await user.inProcess(["instrument", "generate", "@fresh", "--seed", "7", "--quiet"])).code).toBe(0);
  const run = ["profile", "policy:communal", "--bank", "@fresh", "--out", "@on-fresh", "--no-sign", "--quiet"];
  const reference = ["--reference", "embedded:smollm2-135m"];
  expect((await user.inProcess([...run, ...reference])).code).toBe(0);
  const { bias } = JSON.parse(readFileSync(user.path("on-fresh", "profile.json"), "utf8")) as Profile;
  expect(bias.reference).toMatchObject({ name: "embedded:smollm2-135m", pairs: 12, form: "other, error added" });
  expect(bias.labels.CS.method).toContain("error between forms");
  const gate = await user.inProcess(["gate", "@on-fresh", "--max", "difference(MP | none) < 50"]);
  expect(gate).toMatchObject({ code: 0, stdout: expect.stringContaining("yes: difference(MP | none) < 50") });
});

it("A4: a reference on a bank of no common parent is a coded error, and is not taken by itself", async () => {
  const run = ["profile", "policy:communal", "--no-sign", "--quiet", "--json"];
  expect((await user.inProcess([...run, "--bank", "@bank", "--out", "@own"])).code).toBe(0);
  const end = await user.inProcess([...run, "--out", "@other", "--reference", "@own"]);
  expect(end.code).toBe(2);
  expect(end.stdout + end.stderr).toContain("reference-bank");
  expect(filesUnder(user.path("other"))).toEqual([]);
  const alone = JSON.parse(readFileSync(user.path("own", "profile.json"), "utf8")) as { bias: { reference: null } };
  expect(alone.bias.reference).toBeNull();
});
