import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { smollm2Path } from "../../src/adapters/language-models/smollm2.ts";
import type { Calibrated, CodingSummary } from "../../src/model/coding-summary.ts";
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

it.skipIf(skipped)(
  `K27: the likelihood coder needs no key, and says how far each dimension can be believed${skipped}`,
  async () => {
    writeFileSync(user.path("texts.csv"), 'unit,text\nu1,"No, I will not sign this report, ask somebody else."\n');
    const coded = await user.dashpot([
      "code",
      "texts.csv",
      "--coder",
      "likelihood",
      "--dimensions",
      "refusal",
      "--json",
    ]);
    expect(coded.code, coded.stderr).toBe(0);
    const { codes, summary } = documentOf(coded) as { codes: { value: string }[]; summary: CodingSummary };
    expect(codes[0]?.value).toMatch(/^(yes|no|cannot-tell)$/);
    const [{ calibrated, answered }] = summary.coders as [CodingSummary["coders"][number]];
    expect(answered).toMatchObject({ family: "smollm", texts: 1, scored: 1, calls: 5 });
    const { low, finding } = (calibrated as Calibrated).refusal as Calibrated[string];
    expect(finding).toBe((low ?? 0) > 0);
  },
);
