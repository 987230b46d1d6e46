import { afterAll, beforeAll, expect, it } from "vitest";
import type { Profile } from "../../src/model/profile.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import { refusing, saying, startAnsweringServer } from "./answering-server.ts";
import { documentOf, openUser, type User } from "./user.ts";

let user: User;
beforeAll(() => {
  user = openUser();
  writeSmallBank(user.path("bank"), { decoys: false });
});
afterAll(() => user.leave());

const PARTS = ["--bank", "@bank", "--no-acts", "--no-self", "--json"];

it("R5, E7: a server that refuses temperatures is told as such: note, profile, limits, and --vary temperature measures nothing", async () => {
  const server = await startAnsweringServer({
    instead: (_, __, { body }) =>
      body && "temperature" in body
        ? refusing(400, "Unsupported parameter: 'temperature' is not supported with this model.")
        : undefined,
  });
  const run = ["profile", "openai:m", "--base-url", `${server.origin}/v1`, ...PARTS, "--vary", "temperature"];
  const end = await user.inProcess([...run, "--out", "@own-temperature"]);
  expect(end.code, end.stderr).toBe(0);
  expect(end.stderr).toContain("temperature: the server refuses temperature; answers are drawn at its own");
  expect(end.stderr).toContain("letterLogProbabilities: the server gives no log-probabilities");
  const { profile } = documentOf(end) as { profile: Profile };
  const asked = profile.totals.calls;
  expect(profile.letters).toEqual({ byLogProbability: 0, bySample: asked, ownTemperature: asked });
  expect(profile.variations).toMatchObject([
    { variation: "temperature", level: "-", moved: { value: null }, remark: expect.stringContaining("refused") },
  ]);
  const resumed = await user.inProcess(["resume", "@own-temperature", "--json"]);
  expect((documentOf(resumed) as { profile: Profile }).profile).toEqual(profile);
});

it("R5: tokens or cost of a server that does not count them cannot be limited: one coded error before the first call; calls can", async () => {
  const server = await startAnsweringServer({
    instead: () => saying("A", { usage: undefined }),
  });
  const run = ["profile", "openai:m", "--base-url", `${server.origin}/v1`, ...PARTS, "--out", "@uncounted"];
  const end = await user.inProcess([...run, "--budget", "tokens=5000"]);
  expect(documentOf(end)).toMatchObject({ error: { code: "usage-uncounted", exit: 2 } });
  expect(documentOf(await user.inProcess([...run, "--budget", "calls=5"]))).toMatchObject({
    error: { code: "budget-reached", exit: 3 },
  });
});
