import { ourStressPath, readStressSuite } from "../../src/adapters/stress-files.ts";
import { wilson } from "../../src/kernel/intervals.ts";
import { fitOrdinal } from "../../src/kernel/ordinal-logit.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { mean } from "../../src/kernel/summary.ts";
import { wildWeights } from "../../src/kernel/wild-cluster.ts";
import type { StressCurve, StressRegression } from "../../src/model/stress-report.ts";
import type { Policy } from "../../src/profile/policy.ts";
import type { Weights } from "../../src/profile/stress/cluster-mean.ts";
import { type Cell, countCells } from "../../src/profile/stress/count-cells.ts";
import { estimateCurves } from "../../src/profile/stress/estimate-curves.ts";
import { regressSeverity } from "../../src/profile/stress/estimate-regression.ts";
import { valuesOfCells } from "../../src/profile/stress/item-values.ts";
import type { StressTendency } from "../../src/profile/stress/stress-policy.ts";
import { policyOf } from "../fixtures/simulate-run.ts";
import { simulateStress } from "../fixtures/stress-run.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const RUNS = 1000;
const DRAWS = 999;
/** T12, S10: runs whose set holds the threshold. */
const LEAST_COVER = 0.93;
/** S8: runs whose interval holds the slope. */
const SLOPE_COVER = [0.93, 0.97] as const;
/** S8: proportional odds rejected where they hold. */
const MOST_REJECTED = 0.07;

interface Known {
  readonly name: string;
  readonly policy: string | Policy;
  /** Null where one half is never reached. */
  readonly threshold: number | null;
}

const FIVE = policyOf("threshold-5");
/** Families and scenarios that do not differ: the slopes of a run are the policy's own, 1.2 a level and −2. */
const ALIKE: Policy = { ...FIVE, stress: { ...(FIVE.stress as StressTendency), spread: 0, scatter: 0 } };

const POLICIES: readonly Known[] = [
  { name: "threshold-5", policy: FIVE, threshold: 5 },
  { name: "threshold-5, families and scenarios alike", policy: ALIKE, threshold: 5 },
  { name: "jump-4", policy: "jump-4", threshold: 4 },
  { name: "two-class", policy: "two-class", threshold: null },
  { name: "never", policy: "never", threshold: null },
];
/** By `act`: answers are drawn, and nothing is known of their chances. */
const FORMAT = "act";
const FACTORS = ["power", "exit"] as const;

/** T12, S8 and S10 over the whole way of a stress run: design, calls, coding, counting, estimates. */
export const suite: VerifySuite = {
  name: "stress-calibration",
  proves: ["T12", "S8", "S10"],
  title: "Stress runs of policies hold what the policies are",
  budgetMinutes: 60,
  model: "none",
  doc: "docs/calibration.md",
  section: "stress-calibration",
  run: async (context) => {
    const runs = context.quick ? RUNS / 50 : RUNS;
    const long = await slopesInTheLong(context);
    const found = [];
    for (const policy of POLICIES) {
      const truth = policy.policy === ALIKE ? OWN : long.eight;
      found.push({ policy, ...(await onePolicy(policy, runs, truth, long.many, context)) });
    }
    return { table: tableOf(found, runs, long), holds: found.every((one) => holdsFor(one, runs)) };
  },
};

interface Counts {
  /** Runs whose bracket holds the threshold; of a policy without one, of verdict "not reached". */
  bracket: number;
  logistic: number;
  readonly verdicts: Record<string, number>;
  /** Runs whose intervals hold the slopes asked for, and those that many families go to. */
  readonly slopes: Record<string, number>;
  readonly many: Record<string, number>;
  proportional: number;
  fitted: number;
}

interface Slopes {
  readonly power: number;
  readonly exit: number;
}

const OWN: Slopes = { power: 1.2, exit: -2 };

/** What slopes go to where families differ: in runs of eight families in the mean, and of thousands of families at once. */
interface LongRun {
  readonly eight: Slopes;
  readonly many: Slopes;
}

async function onePolicy(
  { name, policy, threshold }: Known,
  runs: number,
  truth: Slopes,
  many: Slopes,
  { state, log, signal }: SuiteContext,
): Promise<Counts> {
  const known = state.get<Counts>(name);
  if (known) return known;
  const counts: Counts = {
    ...{ bracket: 0, logistic: 0, proportional: 0, fitted: 0 },
    verdicts: { reached: 0, "not reached": 0, "cannot tell": 0 },
    ...{ slopes: { power: 0, exit: 0 }, many: { power: 0, exit: 0 } },
  };
  for (let run = 0; run < runs; run += 1) {
    signal.throwIfAborted();
    const weights = weightsOf(run);
    const simulated = await simulateStress(policy, { formats: [FORMAT], factors: FACTORS, seed: run }, run);
    const cells = countCells(simulated.measured.answered).filter(({ row }) => row.family !== REGRESSION);
    const [curve] = estimateCurves(valuesOfCells(cells), { doses: [], cutoffs: [] }, weights);
    countThreshold(counts, curve as StressCurve, threshold);
    if (name.startsWith("threshold-5")) countSlopes(counts, regressSeverity(cells, weights), truth, many);
    if (run % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
  }
  state.put(name, counts);
  log(`${name}: bracket ${counts.bracket}, logistic set ${counts.logistic} of ${runs}`);
  return counts;
}

const [REGRESSION] = readStressSuite(ourStressPath())
  .families.filter(({ regression }) => regression)
  .map(({ id }) => id);

function weightsOf(run: number): Weights {
  const drawn = new Map<number, Float64Array>();
  return (clusters) => {
    const weights =
      drawn.get(clusters) ?? wildWeights(clusters, DRAWS, randomStream(run, "stress-calibration", clusters));
    drawn.set(clusters, weights);
    return weights;
  };
}

function countThreshold(counts: Counts, { threshold }: StressCurve, truth: number | null): void {
  const index = threshold?.index;
  if (!index) return;
  counts.verdicts[index.verdict] = (counts.verdicts[index.verdict] ?? 0) + 1;
  if (truth === null) return;
  const { bracket, parts } = index;
  if ((bracket?.low ?? -Infinity) <= truth && truth <= (bracket?.high ?? Infinity)) counts.bracket += 1;
  if (parts.some(([low, high]) => low <= truth && truth <= high)) counts.logistic += 1;
}

function countSlopes(counts: Counts, { coefficients, status }: StressRegression, truth: Slopes, many: Slopes): void {
  if (status !== "fitted") return;
  counts.fitted += 1;
  for (const name of ["power", "exit"] as const) {
    const { low, high } = coefficients.find((one) => one.name === name)?.estimate ?? { low: null, high: null };
    const holds = (value: number) => (low ?? -Infinity) <= value && value <= (high ?? Infinity);
    if (holds(truth[name])) counts.slopes[name] = (counts.slopes[name] ?? 0) + 1;
    if (holds(many[name])) counts.many[name] = (counts.many[name] ?? 0) + 1;
  }
  // After Holm: whether any factor is wrongly said to have two slopes.
  if (coefficients.some(({ proportional }) => proportional !== null && proportional <= 0.05)) counts.proportional += 1;
}

/** By fits alone, of runs of their own. */
async function slopesInTheLong({ state, quick, log }: SuiteContext): Promise<LongRun> {
  const known = state.get<LongRun>("long");
  if (known) return known;
  const all: Cell[] = [];
  const each: Slopes[] = [];
  for (let run = 0; run < (quick ? 40 : 1000); run += 1) {
    const { measured } = await simulateStress(FIVE, { formats: [FORMAT], factors: FACTORS }, 10_000 + run);
    const cells = countCells(measured.answered).filter(({ row }) => row.family !== REGRESSION);
    each.push(slopesOf(cells));
    all.push(...cells);
  }
  const meanOf = (name: keyof Slopes) => mean(each.map((one) => one[name]));
  const found = { eight: { power: meanOf("power"), exit: meanOf("exit") }, many: slopesOf(all) };
  log(`slopes in the long: ${JSON.stringify(found)}`);
  state.put("long", found);
  return found;
}

function slopesOf(cells: readonly Cell[]): Slopes {
  const rows = cells.flatMap(({ row, rungs }) =>
    rungs.flatMap((weight, rung) => (weight > 0 ? [{ row, rung, weight }] : [])),
  );
  const fit = fitOrdinal({
    x: Float64Array.from(
      rows.flatMap(({ row: { condition } }) => [
        condition.power,
        condition.side === "under" ? 1 : 0,
        condition.exit ? 1 : 0,
      ]),
    ),
    predictors: 3,
    y: rows.map(({ rung }) => rung),
    weights: Float64Array.from(rows, ({ weight }) => weight),
  });
  if (fit.status !== "fitted") throw new Error(`expected a fit, received ${fit.status}`);
  return { power: fit.coefficients[0] as number, exit: fit.coefficients[2] as number };
}

type Found = Counts & { readonly policy: Known };

function holdsFor({ policy, bracket, verdicts, slopes, proportional, logistic, fitted }: Found, runs: number): boolean {
  const share = (count: number) => count / runs;
  if (policy.threshold !== null && share(bracket) < LEAST_COVER) return false;
  if (policy.name === "never") return share(verdicts["not reached"] ?? 0) >= LEAST_COVER;
  if (policy.name === "two-class") return share(verdicts.reached ?? 0) <= 1 - LEAST_COVER;
  if (!policy.name.startsWith("threshold-5")) return true;
  const [least, most] = SLOPE_COVER;
  const covers = Object.values(slopes).every(
    (count) => wilson(count, runs)[1] >= least && wilson(count, runs)[0] <= most,
  );
  return covers && fitted === runs && share(logistic) >= LEAST_COVER && wilson(proportional, runs)[0] <= MOST_REJECTED;
}

function tableOf(found: readonly Found[], runs: number, { eight, many }: LongRun): string {
  const ends = (count: number) =>
    wilson(count, runs)
      .map((end) => end.toFixed(3))
      .join(" to ");
  const share = (count: number) => `${(count / runs).toFixed(3)} (${ends(count)})`;
  const thresholds = found.map(({ policy, bracket, logistic, verdicts }) => {
    const [held, set] = policy.threshold === null ? ["–", "–"] : [share(bracket), share(logistic)];
    const said = (name: string) => ((verdicts[name] ?? 0) / runs).toFixed(3);
    return `| ${policy.name} | ${policy.threshold ?? "–"} | ${held} | ${set} | ${said("reached")} | ${said("not reached")} | ${said("cannot tell")} |`;
  });
  const slopes = found
    .filter(({ policy }) => policy.name.startsWith("threshold-5"))
    .flatMap((one) =>
      (["power", "exit"] as const).map((name) => {
        const alike = one.policy.policy === ALIKE;
        const asked = (alike ? OWN : eight)[name].toFixed(2);
        const further = alike ? "–" : `${many[name].toFixed(2)}: ${share(one.many[name] ?? 0)}`;
        return `| ${one.policy.name} | ${name} | ${asked}: ${share(one.slopes[name] ?? 0)} | ${further} | ${share(one.proportional)} |`;
      }),
    );
  return [
    `Quick series of power and exit by \`${FORMAT}\`, eight families, eleven answers a scenario; ${runs} runs a policy, families (threshold sd 0.5 levels in \`threshold-5\`), scenarios (sd 0.3 logits) and answers drawn anew; ${DRAWS} draws of the bootstrap. \`two-class\` jumps at 3 in half of the families, whichever those are in a run, and never in the others.`,
    "",
    "| policy | threshold | whatever the shape: holds it | set of a logistic rise: holds it | reached | not reached | cannot tell |",
    "| --- | --- | --- | --- | ---: | ---: | ---: |",
    ...thresholds,
    "",
    "The set of a logistic rise does not hold a jump: it is right where the rise is logistic, and the other is right anyway.",
    "",
    "| policy | slope | 95 % interval holds it | holds what many families go to | one slope for all rungs rejected |",
    "| --- | --- | --- | --- | --- |",
    ...slopes,
    "",
    "Where families differ there is no slope but that of so many families: eight of them scatter less than all there are, and a slope over them is a little steeper. Asked for is what runs of eight families give in the mean; how often the interval holds what many families together go to stands beside it. The last column: after Holm over three factors, any of them; where families differ, proportional odds hold nearly.",
  ].join("\n");
}
