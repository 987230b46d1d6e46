import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { smollm2Path } from "../../src/adapters/language-models/smollm2.ts";
import { writeSmallBank } from "../fixtures/bank-folder.ts";
import { documentOf, openUser, type User } from "./user.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const weights = await smollm2Path(new AbortController().signal).catch((error: Error) => error);
const skipped = weights instanceof Error ? `, skipped, for its weights cannot be had here: ${weights.message}` : "";

let user: User;
beforeAll(() => {
  user = openUser();
  writeSmallBank(user.path("bank"), { domains: 1, decoys: false, shortReplies: true });
  if (weights instanceof Error) return;
  mkdirSync(join(user.folder, "dashpot"));
  symlinkSync(dirname(weights), join(user.folder, "dashpot", "weights"));
});
afterAll(() => user.leave());

it.skipIf(skipped)(
  `R2, C5: a run of the embedded model that its budget stopped ends, resumed, in the bytes of an unbroken one, and its card verifies${skipped}`,
  async () => {
    const run = [
      "profile",
      "embedded:smollm2-135m",
      "--bank",
      "bank",
      "--reference",
      "none",
      "--no-acts",
      "--no-self",
      "--json",
    ];
    const whole = await user.dashpot([...run, "--out", "whole"]);
    expect(whole.code, whole.stderr).toBe(0);
    expect(documentOf(whole)).toMatchObject({ profile: { format: "score", model: { processor: expect.any(String) } } });
    const stopped = await user.dashpot([...run, "--out", "broken", "--budget", "calls=4"]);
    expect(documentOf(stopped)).toMatchObject({ error: { code: "budget-reached", exit: 3 } });
    expect((await user.dashpot(["resume", "broken", "--json"])).code).toBe(0);
    const bytes = (out: string) => readFileSync(user.path(out, "profile.json"));
    expect(bytes("broken").equals(bytes("whole"))).toBe(true);
    const verified = await user.dashpot(["card", "verify", "broken/card.dsse.json", "--key", "broken/signer.pub.pem"]);
    expect(verified.code, verified.stdout).toBe(0);
  },
);
