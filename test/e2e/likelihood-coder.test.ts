import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CodingSummary } from "../../src/model/coding-summary.ts";
import type { Loopback } from "../conformance/servers/loopback.ts";
import { startOpenAiServer } from "../conformance/servers/openai.ts";
import { startAnsweringServer } from "./answering-server.ts";
import { documentOf, openUser, type User } from "./user.ts";

let user: User;
const servers: Loopback[] = [];
const address = (server: Loopback) => {
  servers.push(server);
  return `${server.origin}/v1`;
};
beforeAll(() => {
  user = openUser();
  writeFileSync(
    user.path("texts.csv"),
    'unit,text\nu1,"Pay by Friday, or we will sue you."\nu2,皆さん、こんにちは。\nu3,"Shall we split it, half and half?"\n',
  );
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  user.leave();
});

interface Row {
  readonly unit: string;
  readonly dimension: string;
  readonly value: string;
  readonly reason: string;
}

it("K27: a server that gives log-probabilities of texts codes the dimensions that are wanted, and no other is asked for", async () => {
  const server = await startOpenAiServer({ flavour: "vllm", key: "none" });
  const coder = ["--coder", `likelihood:openai:toy@${address(server)}`, "--out", user.path("kept")];
  const run = ["code", "@texts.csv", ...coder, "--dimensions", "mode,refusal", "--json"];
  const end = await user.inProcess(run);
  expect(end.code, end.stderr).toBe(0);
  const { codes, summary } = documentOf(end) as { codes: Row[]; summary: CodingSummary };
  const of = (unit: string) => codes.filter((row) => row.unit === unit);
  expect(of("u1").map(({ dimension }) => dimension)).toEqual([
    ...["mode", "refusal", "mode.CS", "mode.AR", "mode.EM", "mode.MP", "mode.asocial", "mode.null"],
  ]);
  const shares = of("u1").filter(({ dimension }) => dimension.startsWith("mode."));
  expect(shares.reduce((sum, { value }) => sum + Number(value), 0)).toBeCloseTo(1, 3);
  expect(of("u1")[0]?.reason).toMatch(/^likeliest: mode \w+ \d\.\d\d, refusal (yes|no) \d\.\d\d$/);
  // Another language is no lack of modes, and is not asked about.
  expect(of("u2").map(({ value }) => value)).toEqual(["not-codable", "not-codable"]);
  expect(JSON.stringify(server.asked)).not.toContain("皆さん");
  expect(JSON.stringify(server.asked)).not.toContain("the crane");
  expect(summary.coders[0]).toMatchObject({
    calibrated: null,
    answered: { texts: 3, scored: 2, notCodable: 1, calls: 17 },
  });
  expect(end.stderr).toContain("never measured for this model: no dimension may be used in a finding");
  const before = server.asked.filter(({ body }) => body && "prompt_logprobs" in body).length;
  const again = await user.inProcess(run);
  expect(again.stdout).toBe(end.stdout);
  // What the probe of the endpoint asks.
  expect(server.asked.filter(({ body }) => body && "prompt_logprobs" in body).length - before).toBeLessThan(8);
});

it("K27: a server without them cannot be asked so, and says what can", async () => {
  const server = await startAnsweringServer();
  const end = await user.inProcess(["code", "@texts.csv", "--coder", `likelihood:openai:chat@${address(server)}`]);
  expect(end.code).toBe(2);
  expect(end.stderr).toMatch(/error\[likelihood-unsupported\][\s\S]*fix: take --coder likelihood, which needs no key/);
});
