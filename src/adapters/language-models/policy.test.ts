import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../test/house/temporary-folder.ts";
import { sha256Hex } from "../../kernel/canonical-json.ts";
import { LABELS, type Label } from "../../model/label.ts";
import { type Profile, profileSchema } from "../../model/profile.ts";
import { POLICIES } from "../../profile/policy.ts";
import { carryOut, prepareRun } from "../profile-run.ts";
import { openPolicyModel } from "./policy.ts";

/** The whole path: plan, journal, engine, estimation; on our bank's quick set. */
async function profileOf(model: string, format: "score" | "choice"): Promise<Profile> {
  const run = await prepareRun({ model, format, agreement: false, reference: "none" }, {});
  const profile = await carryOut(run, join(temporaryFolder(), "run"), {});
  await run.model.close();
  return profileSchema.parse(JSON.parse(JSON.stringify(profile)));
}

/** Where each policy leans most, by its definition. */
const LEANS: Readonly<Record<string, Label>> = {
  "market-trader": "MP",
  communal: "CS",
  egalitarian: "EM",
  hierarch: "AR",
  exploiter: "asocial",
};

it.each(POLICIES.filter(({ stress, name }) => stress === undefined || name === "never").map(({ name }) => name))(
  "L10: policy:%s passes through the whole path and comes out as it is",
  async (name) => {
    const score = await profileOf(`policy:${name}`, "score");
    const choice = await profileOf(`policy:${name}`, "choice");
    expect(score.model).toEqual({ spec: `policy:${name}`, provider: "policy", name });
    for (const { bias, situations } of [score, choice]) {
      expect(situations).toHaveLength(12);
      const most = LABELS.toSorted(
        (left, right) => (bias.labels[right].value ?? 0) - (bias.labels[left].value ?? 0),
      )[0];
      if (LEANS[name]) expect(most).toBe(LEANS[name]);
    }
    expect(choice.position?.answersByPosition).toBe(name === "position-biased");
    expect(choice.silence.total.refusals > 0).toBe(name === "refuser");
    expect(score.dyads).toHaveLength(6);
    expect(score.self).not.toBeNull();
  },
);

it("L10: a mixture comes from a file, and its hash stands in the identity", async () => {
  const text = "name: half\nmixture:\n  - {weight: 1, policy: communal}\n  - {weight: 1, lean: {MP: 3}}\n";
  const folder = temporaryFolder({ "half.yaml": text });
  const model = await openPolicyModel(`policy:${join(folder, "half.yaml")}`);
  expect(model.identity).toEqual({
    spec: `policy:${join(folder, "half.yaml")}`,
    provider: "policy",
    name: "half",
    sha256: sha256Hex(text),
  });
  expect((await profileOf(model.identity.spec, "choice")).model.sha256).toBe(sha256Hex(text));
});

it("L10: neither a name nor a file, and a file that is none, are coded errors that say where", async () => {
  const folder = temporaryFolder({
    "a.yaml": "name: [",
    "b.yaml": "name: x\nmixture: [{weight: heavy}]\n",
    "c.yaml": "",
  });
  const opened = (name: string) => openPolicyModel(`policy:${join(folder, name)}`);
  await expect(openPolicyModel("policy:nobody")).rejects.toMatchObject({ code: "policy-unknown", exit: 2 });
  await expect(opened("none.yaml")).rejects.toMatchObject({ code: "policy-unknown" });
  await expect(opened("a.yaml")).rejects.toMatchObject({
    code: "policy-unreadable",
    message: expect.stringContaining("a.yaml"),
  });
  await expect(opened("b.yaml")).rejects.toMatchObject({
    code: "policy-unreadable",
    message: expect.stringContaining("mixture.0.weight"),
  });
  await expect(opened("c.yaml")).rejects.toMatchObject({ code: "policy-unreadable" });
  writeFileSync(join(folder, "d.yaml"), Buffer.from([0xff, 0xfe, 0x00]));
  await expect(opened("d.yaml")).rejects.toMatchObject({ code: "policy-unreadable" });
});
