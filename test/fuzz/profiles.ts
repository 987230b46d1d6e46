import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { readNormalisation, readProfile } from "../../src/adapters/references.ts";
import { randomStream } from "../../src/kernel/random.ts";
import type { Profile } from "../../src/model/profile.ts";
import { makeCard } from "../../src/profile/card.ts";
import { compareProfiles } from "../../src/profile/compare.ts";
import { judgeGate, parseLimit } from "../../src/profile/gate.ts";
import { planPower } from "../../src/profile/plan-power.ts";
import { renderCardMarkdown } from "../../src/profile/report/card-markdown.ts";
import { renderSummary } from "../../src/profile/report/terminal-summary.ts";
import { estimateTrend } from "../../src/profile/trend.ts";
import { fixtureProfile } from "../fixtures/profile.ts";
import { mutatedJsonText, mutatedText } from "./mutations.ts";
import { target } from "./target.ts";
import { processFolder } from "./temporary-disk.ts";

/** Three situations are enough to compare, and sign-flips over them are quick. */
function small(profile: Profile): Profile {
  return { ...profile, situations: profile.situations.slice(0, 3), distributions: profile.distributions.slice(0, 3) };
}
const BASES = [
  small(fixtureProfile({})),
  small(fixtureProfile({ format: "choice" })),
  small(fixtureProfile({ sparse: true })),
];

export const profileFiles = target({
  name: "profile-files",
  parsers: "`readProfile`",
  input: fc.oneof(
    { weight: 6, arbitrary: mutatedJsonText(BASES, 2) },
    { weight: 1, arbitrary: mutatedText([JSON.stringify(BASES[0])]) },
  ),
  put: async (text) => {
    const path = join(processFolder(), "profile.json");
    writeFileSync(path, text);
    return (await readProfile(path)).profile satisfies Profile;
  },
});

const LIMITS = { score: "difference(asocial | none) < 0.5", choice: "P(asocial | none) < 0.05" };

type Use = (profile: Profile, base: Profile, other: Profile) => unknown;
const USES: readonly Use[] = [
  (profile) => judgeGate(profile, [parseLimit(LIMITS[profile.format])]),
  (profile, base) => compareProfiles([profile, base], { margin: 0.5, measurement: 0.1 }, randomStream(1, "fuzz")),
  (profile, base, other) => estimateTrend([profile, other, base], randomStream(1, "fuzz")),
  (profile) => renderSummary(profile, { colour: false, width: 100 }),
  (profile) => renderCardMarkdown(makeCard(profile, "0".repeat(64))),
];
const plan: Use = (profile) => planPower(profile, { delta: 0.5, power: 0.8, alpha: 0.05 });
const use = fc.oneof(
  { weight: 2000, arbitrary: fc.constantFrom(...USES) },
  // A plan takes a second of bisection.
  { weight: 1, arbitrary: fc.constant(plan) },
);

export const usedProfiles = target({
  name: "profiles-used",
  parsers: "`readProfile`, then gate, comparison, trend, power, summary or card",
  input: fc.tuple(mutatedJsonText(BASES, 2), use, fc.constantFrom(...BASES), fc.constantFrom(...BASES)),
  put: async ([text, used, base, other]) => {
    const path = join(processFolder(), "profile.json");
    writeFileSync(path, text);
    const { profile } = await readProfile(path);
    used(profile, base, other);
  },
});

export const normalisations = target({
  name: "normalisations",
  parsers: "`readNormalisation`",
  input: mutatedJsonText([{ temperature: 1.5, fittedOn: "relational 1.0.0" }]),
  put: async (text) => {
    const folder = join(processFolder(), "references");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "normalisation.json"), text);
    return readNormalisation(processFolder(), processFolder());
  },
});
