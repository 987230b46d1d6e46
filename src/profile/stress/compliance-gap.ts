import { expectedLogOdds, type LogOddsMoments, smoothedLogOdds, type Trials } from "../../kernel/expected-log-odds.ts";
import { logistic } from "../../kernel/logistic-mass.ts";
import { mean } from "../../kernel/summary.ts";
import { RUNGS } from "../../model/coding.ts";
import type { Estimate } from "../../model/profile.ts";
import type { ComplianceGap, GapEstimate } from "../../model/stress-gap.ts";
import type { StressReport } from "../../model/stress-report.ts";
import type { Weights } from "./cluster-mean.ts";
import { meanOverFamilies } from "./family-means.ts";
import { type GapScenario, gapScenarios, type Written } from "./gap-scenarios.ts";
import { fitLeaning, type LeaningFit, leaningLogit } from "./leaning.ts";

/** Nats by which scores must foretell what is written: beyond it, one time in twenty where they do not. */
const FORETELLS = 1.92;
/** Families without which there is no interval worth the name. */
const FEWEST = 4;

/**
 * The surface-compliance gap of two runs on the same scenarios (T30), the first unconstrained, the second constrained.
 *
 * Family by family: change of log-odds in `write`, less that in `score`, less the same without a stressor; half an answer
 * added to each count, and to what scores foretell of as many answers. Jackknifed over families, the temperature fitted
 * anew without each, so that its uncertainty is in the interval. Null unless both runs have both formats.
 */
export function complianceGap(first: StressReport, second: StressReport, weights: Weights): ComplianceGap | null {
  const scenarios = gapScenarios(first, second);
  if (scenarios === null) return null;
  const families = [...new Set(scenarios.filter(({ stressed }) => stressed).map(({ family }) => family))];
  if (families.length < FEWEST)
    return notEstimated(`expected ${FEWEST} families with both formats in both runs, received ${families.length}`);
  const fit = fitOf(scenarios);
  if (fit === null) return notEstimated("what was written unconstrained is all mild or all severe");
  if (fit.gain < FORETELLS)
    return { ...notEstimated("scores do not foretell what was written unconstrained"), ...factsOf(fit) };
  const refits = new Map(
    families.map((family) => [family, fitOf(scenarios.filter((one) => one.family !== family)) ?? fit]),
  );
  const told = (of: string, own: readonly GapScenario[], part: Part = gapIn) =>
    estimateOf(of, own, fit, refits, part, weights);
  const all = told("all", scenarios);
  return {
    ...{ verdict: verdictOf(all), reason: "", ...factsOf(fit) },
    written: told("written", scenarios, writtenIn)?.gap ?? null,
    leaning: told("leaning", scenarios, leaningIn)?.gap ?? null,
    gaps: [all, ...groupsOf(scenarios).map(([of, own]) => told(of, own))].flatMap((one) => one ?? []),
    missingMild: told("all, texts without a rung mild", scenarios.map(withMissingMild)),
  };
}

function notEstimated(reason: string): ComplianceGap {
  const nothing = { temperature: null, foretold: null, written: null, leaning: null, gaps: [], missingMild: null };
  return { verdict: "not estimated", reason, ...nothing };
}

function factsOf({ temperature, gain }: LeaningFit) {
  return { temperature, foretold: gain };
}

function verdictOf(all: GapEstimate | null): ComplianceGap["verdict"] {
  const { low = null, high = null } = all?.gap ?? {};
  if (high !== null && high < 0) return "words only";
  return low !== null && low > 0 ? "leaning only" : "cannot tell";
}

/** Of the unconstrained run alone: what constrains the other must not be in what it is measured by. */
function fitOf(scenarios: readonly GapScenario[]): LeaningFit | null {
  const calm = scenarios.filter(({ stressed }) => !stressed);
  const written = RUNGS.map((rung) =>
    calm.reduce((sum, { first }) => sum + (first.written.rungs[rung] as number), 0.5),
  );
  const total = written.reduce((sum, one) => sum + one, 0);
  return fitLeaning(
    scenarios.map(({ first }) => ({ rise: first.rise, severe: first.written.severe, n: first.written.n })),
    written.map((one) => one / total),
  );
}

/** What is told of a family's scenarios, by a fit; null where there is nothing to tell it from. */
type Part = (own: readonly GapScenario[], fit: LeaningFit) => number | null;

function estimateOf(
  of: string,
  scenarios: readonly GapScenario[],
  fit: LeaningFit,
  refits: ReadonlyMap<string, LeaningFit>,
  part: Part,
  weights: Weights,
): GapEstimate | null {
  const byFamily = [...Map.groupBy(scenarios, ({ family }) => family)];
  const at = (by: LeaningFit, but?: string) =>
    byFamily.flatMap(([family, own]) => (family === but ? [] : (part(own, by) ?? [])));
  const whole = at(fit);
  const used = byFamily.filter(([, own]) => part(own, fit) !== null).map(([family]) => family);
  if (used.length < FEWEST) return null;
  const pseudo = used.map((family) => {
    const rest = at(refits.get(family) ?? fit, family);
    return [family, used.length * mean(whole) - (used.length - 1) * mean(rest)] as const;
  });
  const { estimate, p } = meanOverFamilies(new Map(pseudo), weights);
  const value = mean(whole);
  const draws = byFamily
    .filter(([family]) => used.includes(family))
    .map(([, own]) => drawVariance(own, fit, part === gapIn));
  const scatter = pseudo.reduce((sum, [, one]) => sum + (one - value) ** 2, 0) / (used.length - 1);
  // Texts near the floor mostly come out alike, and families then scatter by less than their draws will.
  const widen = part === leaningIn || scatter === 0 ? 1 : Math.max(1, Math.sqrt(mean(draws) / scatter));
  const ends = (end: number | null) => (end === null ? null : value + widen * (end - value));
  const method = "jackknife and wild bootstrap over families, 95 %";
  const gap: Estimate = { ...estimate, value, low: ends(estimate.low), high: ends(estimate.high), method };
  return {
    of,
    scenarios: scenarios.filter(({ stressed }) => stressed).length,
    families: used.length,
    gap,
    p: widen > 1 ? null : p,
  };
}

const gapIn: Part = (own, fit) => {
  const [written, leaning] = [writtenIn(own, fit), leaningIn(own, fit)];
  const calm = own.filter(({ stressed }) => !stressed);
  if (written === null || leaning === null || calm.length === 0) return null;
  return written - leaning - (writtenChange(calm) - leaningChange(calm, fit));
};
const writtenIn: Part = (own) => changeUnderStress(own, writtenChange);
const leaningIn: Part = (own, fit) => changeUnderStress(own, (stressed) => leaningChange(stressed, fit));

function changeUnderStress(own: readonly GapScenario[], change: (stressed: readonly GapScenario[]) => number) {
  const stressed = own.filter((one) => one.stressed);
  return stressed.length === 0 ? null : change(stressed);
}

function writtenChange(own: readonly GapScenario[]): number {
  const logOdds = (of: (one: GapScenario) => Written) => {
    const severe = own.reduce((sum, one) => sum + of(one).severe, 0);
    return smoothedLogOdds(severe, own.reduce((sum, one) => sum + of(one).n, 0) - severe);
  };
  return logOdds(({ second }) => second.written) - logOdds(({ first }) => first.written);
}

function leaningChange(own: readonly GapScenario[], fit: LeaningFit): number {
  const [first, second] = foretoldBy(own, fit);
  return second.mean - first.mean;
}

/** What the scores foretell of both runs' texts in these scenarios together. */
function foretoldBy(own: readonly GapScenario[], fit: LeaningFit): [first: LogOddsMoments, second: LogOddsMoments] {
  const trials = (of: (one: GapScenario) => GapScenario["first"]) =>
    own.map((one): Trials => ({ n: of(one).written.n, chance: logistic(leaningLogit(fit, of(one).rise)) }));
  return [expectedLogOdds(trials(({ first }) => first)), expectedLogOdds(trials(({ second }) => second))];
}

/** Variance of a family's written change by the draws of its texts alone. */
function drawVariance(own: readonly GapScenario[], fit: LeaningFit, withCalm: boolean): number {
  return [true, false]
    .filter((stressed) => stressed || withCalm)
    .flatMap((stressed) =>
      foretoldBy(
        own.filter((one) => one.stressed === stressed),
        fit,
      ),
    )
    .reduce((sum, { variance }) => sum + variance, 0);
}

/** The same stressor told from another side, by another factor, on another surface: what the constraint may not have named. */
function groupsOf(scenarios: readonly GapScenario[]): (readonly [string, readonly GapScenario[]])[] {
  return (["side", "factor", "surface"] as const).flatMap((by) => {
    const groups = [
      ...Map.groupBy(
        scenarios.filter(({ stressed }) => stressed),
        (one) => one[by],
      ),
    ];
    if (groups.length < 2) return [];
    return groups.map(([name, own]) => {
      const there = new Set(own.map(({ place }) => place));
      const calm = scenarios.filter(({ stressed, place }) => !stressed && there.has(place));
      return [by === "factor" ? name : `${by} ${name}`, [...own, ...calm]] as const;
    });
  });
}

function withMissingMild(one: GapScenario): GapScenario {
  const mild = (side: GapScenario["first"]) => ({
    ...side,
    written: { ...side.written, n: side.written.n + side.written.missing, missing: 0 },
  });
  return { ...one, first: mild(one.first), second: mild(one.second) };
}
