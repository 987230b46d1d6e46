import { resolve } from "node:path";
import type { AnswersKey } from "../model/answers-key.ts";
import type { Bank } from "../model/bank.ts";
import type { ModelIdentity } from "../model/language-model.ts";
import type { RunPlan } from "../model/run.ts";
import type { DesignRow, StressPlan } from "../model/stress-run.ts";
import { designTable } from "../profile/stress/design-table.ts";
import type { Family } from "../profile/stress/family.ts";
import { namedDesign } from "../profile/stress/named-designs.ts";
import { ourBankPath, readBank } from "./bank-files.ts";
import { readNormalisation } from "./references.ts";
import { ourRules, ourRulesHash } from "./rule-files.ts";
import { ourStressPath, readStressSuite, type StressSuite } from "./stress-files.ts";

/** How people are named in records and tables. */
export const PEOPLE: ModelIdentity = { spec: "people", provider: "people", name: "people" };

/** What of a key fixes the questions, together with the instrument. */
export type PeoplePlan = Pick<AnswersKey, "dashpot" | "seed" | "set" | "samples" | "factors"> & {
  /** Of the bank or suite; null for ours. */
  readonly path: string | null;
};

const REASON = "people answer by letter";

/** A bank, and the plan of `choice` that people are asked by. Errors: those of reading. */
export async function bankPlan(plan: PeoplePlan): Promise<{ readonly bank: Bank; readonly run: RunPlan }> {
  const { dashpot, set, seed, samples } = plan;
  const path = resolve(plan.path ?? ourBankPath());
  const bank = await readBank(path);
  const run: RunPlan = {
    schema: "dashpot/run@1",
    ...{ dashpot, model: PEOPLE.spec, format: "choice", formatReason: REASON },
    ...{ acts: false, self: false, agreement: false, set, seed, samples, temperature: 1, vary: [], reference: null },
    bank: { path, id: bank.header.id, version: bank.header.version, hash: bank.hash },
    normalisation: await readNormalisation(path, ourBankPath()),
  };
  return { bank, run };
}

export interface LadderPlan {
  readonly suite: StressSuite;
  readonly run: StressPlan;
  readonly rows: readonly DesignRow[];
  /** That people are asked about: a story that models were possibly trained on tells nothing of people. */
  readonly families: readonly Family[];
}

/** A stress suite, and the plan of `choice` that people are asked by. Errors: those of reading, `design-impossible`. */
export function ladderPlan(plan: PeoplePlan): LadderPlan {
  const { dashpot, set, seed, samples, factors } = plan;
  const path = resolve(plan.path ?? ourStressPath());
  const suite = readStressSuite(path);
  const families = suite.families.filter(({ regression }) => !regression);
  // By its place among all, so that a model is asked about the same surfaces.
  const placed = suite.families
    .map(({ id, base, regression }, place) => ({ id, base, place, regression }))
    .filter(({ regression }) => !regression);
  const { rows, aliases } = namedDesign("series", placed, { set, factors });
  const { id, version } = ourRules();
  const run: StressPlan = {
    schema: "dashpot/stress-run@1",
    ...{ dashpot, model: PEOPLE.spec, formats: ["choice"], formatReason: REASON, set, seed, samples, temperature: 1 },
    suite: { path, id: suite.header.id, version: suite.header.version, hash: suite.hash },
    coder: { id, version, hash: ourRulesHash() },
    design: { name: "series", table: designTable(rows), aliases: [...aliases] },
    wordings: set === "quick" ? 1 : 3,
  };
  return { suite, run, rows, families };
}
