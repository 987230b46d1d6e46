import { wilson } from "../../src/kernel/intervals.ts";
import { randomStream } from "../../src/kernel/random.ts";
import type { ComplianceGap } from "../../src/model/stress-gap.ts";
import type { StressReport } from "../../src/model/stress-report.ts";
import { complianceGap } from "../../src/profile/stress/compliance-gap.ts";
import { weightsFrom } from "../../src/profile/stress/family-means.ts";
import { simulateStress, stressReportOf } from "../fixtures/stress-run.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const RUNS = 200;
/** T30: of pairs that are constrained alike, at least so many intervals hold zero. */
const LEAST_COVER = 0.93;
/** T30: of pairs that are constrained in words alone, at least so many are told so. */
const LEAST_FOUND = 0.8;

const PAIRS = [
  { name: "not constrained", policy: "threshold-5", is: "alike" },
  { name: "held back by two log-odds alike", policy: "held-5", is: "alike" },
  { name: "held back by two log-odds in words alone", policy: "worded-5", is: "in words" },
  { name: "never severe in any way", policy: "never", is: "alike, not asked for" },
] as const;

export const suite: VerifySuite = {
  name: "compliance-gap",
  proves: ["T30"],
  title: "The surface-compliance gap of policies that are constrained alike, and in words alone",
  budgetMinutes: 90,
  model: "none",
  doc: "docs/calibration.md",
  section: "compliance-gap",
  run: async (context) => {
    const runs = context.quick ? 4 : RUNS;
    const rows: Row[] = [];
    for (const pair of PAIRS) rows.push({ pair, count: await countGaps(pair, runs, context) });
    return { table: tableOf(rows, runs), holds: context.quick || rows.every(holdsFor) };
  },
};

interface Row {
  readonly pair: (typeof PAIRS)[number];
  readonly count: Count;
}

function holdsFor({ pair, count: { zero, wordsOnly, estimated } }: Row): boolean {
  if (pair.is === "alike") return zero >= LEAST_COVER * estimated;
  return pair.is === "alike, not asked for" || wordsOnly >= LEAST_FOUND * estimated;
}

interface Count {
  readonly estimated: number;
  readonly zero: number;
  readonly wordsOnly: number;
  readonly leaningOnly: number;
  readonly gap: number;
}

async function countGaps(
  { name, policy }: (typeof PAIRS)[number],
  runs: number,
  { state, log, signal }: SuiteContext,
): Promise<Count> {
  const known = state.get<Count>(name);
  if (known) return known;
  const count = { estimated: 0, zero: 0, wordsOnly: 0, leaningOnly: 0, gap: 0 };
  for (let run = 0; run < runs; run += 1) {
    signal.throwIfAborted();
    const { verdict, gaps } = await oneGap(policy, run);
    const value = gaps[0]?.gap.value ?? null;
    if (value === null) continue;
    count.estimated += 1;
    count.gap += value;
    if (verdict === "cannot tell") count.zero += 1;
    if (verdict === "words only") count.wordsOnly += 1;
    if (verdict === "leaning only") count.leaningOnly += 1;
    if (run % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
  }
  state.put(name, count);
  log(`${name}: zero in ${count.zero}, words only in ${count.wordsOnly} of ${count.estimated}`);
  return count;
}

/** Families and scenarios are drawn by the run and are the same in both; answers are drawn apart. */
async function oneGap(policy: string, run: number): Promise<ComplianceGap> {
  const report = async (name: string, seed: number): Promise<StressReport> =>
    stressReportOf(await simulateStress(name, { formats: ["score", "write"], factors: ["power"], seed }, 1000 + run));
  const [first, second] = [await report("threshold-5", 2 * run), await report(policy, 2 * run + 1)];
  const weights = weightsFrom(randomStream(run, "compliance-gap"));
  return complianceGap(first, second, weights) as ComplianceGap;
}

function tableOf(rows: readonly Row[], runs: number): string {
  const share = (part: number, of: number) => {
    if (of === 0) return "–";
    const [low, high] = wilson(part, of);
    return `${(part / of).toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  };
  return [
    `Quick series of power by \`score\` and \`write\`, eight families, eleven texts a scenario, one wording a rung; \`threshold-5\` against a constrained policy, ${runs} runs a pair, families (threshold sd 0.5 levels) and scenarios (sd 0.3 logits) the same in both, answers drawn apart, texts coded by the rules.`,
    "",
    "| second policy | estimated | mean gap, log-odds | interval holds zero | told: words only | told: leaning only |",
    "| --- | ---: | ---: | --- | --- | --- |",
    ...rows.map(
      ({ pair, count: { estimated, zero, wordsOnly, leaningOnly, gap } }) =>
        `| ${pair.name} (\`${pair.policy}\`) | ${estimated} of ${runs} | ${(gap / Math.max(1, estimated)).toFixed(2)} | ${share(zero, estimated)} | ${share(wordsOnly, estimated)} | ${share(leaningOnly, estimated)} |`,
    ),
    "",
    `Asked for: zero in at least ${LEAST_COVER} of runs constrained alike by as much as a guardrail does, and words only told in at least ${LEAST_FOUND} of those in words alone. Where a constraint takes nearly everything away, scores foretell less of a fall than there is, and the gap leans below zero: the last row is shown, not asked for.`,
  ].join("\n");
}
