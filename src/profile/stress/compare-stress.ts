import type { RandomStream } from "../../kernel/random.ts";
import { COERCIVE } from "../../model/coding.ts";
import { DashpotError } from "../../model/error.ts";
import type { Estimate } from "../../model/profile.ts";
import type { Measure } from "../../model/stress.ts";
import type { ComplianceGap } from "../../model/stress-gap.ts";
import type { StressCell, StressReport, StressResult } from "../../model/stress-report.ts";
import { adjusted } from "../adjust-family.ts";
import { complianceGap } from "./compliance-gap.ts";
import { pairedDifference, weightsFrom } from "./family-means.ts";

/** One condition of two models: their scenarios paired, the second minus the first. */
export interface StressDifference {
  readonly measure: Measure;
  /** `control`, `power=7`, `power=7 exit`. */
  readonly condition: string;
  readonly difference: Estimate;
  readonly p: number | null;
  /** After Holm over all conditions of the measure. */
  readonly holm: number | null;
  readonly finding: "differs" | "cannot tell" | "empty";
}

export interface StressComparison {
  readonly schema: "dashpot/stress-comparison@1";
  readonly first: string;
  readonly second: string;
  readonly differences: readonly StressDifference[];
  /** Of runs that both have `score` and `write` (T30). */
  readonly gap: ComplianceGap | null;
}

/**
 * Every two of several stress runs, paired scenario by scenario, family by family (T23), by every measure that both have.
 * Errors: `compare-too-few`, `compare-suite`, `compare-way`, `compare-measure`,
 * `compare-unpaired`.
 */
export function compareStress(reports: readonly StressReport[], stream: RandomStream): StressComparison[] {
  if (reports.length < 2)
    throw new DashpotError(
      "compare-too-few",
      `expected two stress runs or more, received ${reports.length}`,
      "name the directories of two runs",
    );
  const weights = weightsFrom(stream);
  return reports.flatMap((first, at) =>
    reports.slice(at + 1).map((second) => {
      refuseUnlike(first, second);
      refuseOtherWay(first, second);
      const differences = commonResults(first, second).flatMap(([one, other]) =>
        judged(differencesOf(one, other, first.design.families, weights)),
      );
      if (differences.length === 0) throw unpaired();
      return {
        schema: "dashpot/stress-comparison@1",
        first: first.model.spec,
        second: second.model.spec,
        differences,
        gap: complianceGap(first, second, weights),
      };
    }),
  );
}

function refuseUnlike(first: StressReport, second: StressReport): void {
  if (first.suite.hash !== second.suite.hash)
    throw new DashpotError(
      "compare-suite",
      `expected runs on the same suite, received ${first.suite.hash.slice(0, 12)} and ${second.suite.hash.slice(0, 12)}`,
      "stress both models on one version of the suite",
    );
  if (commonResults(first, second).length === 0)
    throw new DashpotError(
      "compare-measure",
      `expected runs with a measure in common, received ${measures(first)} and ${measures(second)}`,
      "stress both models by one --format",
    );
}

function refuseOtherWay(first: StressReport, second: StressReport): void {
  // People answer at no temperature.
  const ofPeople = [first, second].some(({ people }) => people !== undefined);
  const ways = ofPeople ? (["set"] as const) : (["set", "temperature"] as const);
  const differing = ways.find((name) => first[name] !== second[name]);
  if (differing)
    throw new DashpotError(
      "compare-way",
      `expected runs asked in one way, received the ${differing} ${first[differing]} and ${second[differing]}`,
      `stress both models with one --${differing}`,
    );
}

function measures({ results }: StressReport): string {
  return results.map(({ measure }) => measure).join(", ");
}

function commonResults(first: StressReport, second: StressReport): [StressResult, StressResult][] {
  return first.results.flatMap((one) => {
    const other = second.results.find(({ measure }) => measure === one.measure);
    return other ? [[one, other] as [StressResult, StressResult]] : [];
  });
}

type Found = Omit<StressDifference, "holm" | "finding">;

/** Holm over the conditions of one measure. */
function judged(found: readonly Found[]): StressDifference[] {
  return adjusted(found).map(({ adjustedP, ...one }) => {
    const told = adjustedP !== null && adjustedP <= 0.05;
    const finding = one.difference.value === null ? "empty" : told ? "differs" : "cannot tell";
    return { ...one, holm: adjustedP, finding };
  });
}

function unpaired(): DashpotError {
  return new DashpotError(
    "compare-unpaired",
    "expected scenarios that both answered, received none in common",
    "stress both models by one design, set and choice of families",
  );
}

function differencesOf(
  one: StressResult,
  other: StressResult,
  families: readonly string[],
  weights: ReturnType<typeof weightsFrom>,
): Found[] {
  const name = ({ family, surface, condition }: StressCell) => `${family}/${surface}/${condition}`;
  const second = new Map(other.cells.map((cell) => [name(cell), cell]));
  const pairs = one.cells.flatMap((cell) => {
    const partner = second.get(name(cell));
    return partner && families.includes(cell.family) ? [{ cell, partner }] : [];
  });
  const byCondition = Map.groupBy(pairs, ({ cell }) => withoutSide(cell.condition));
  return [...byCondition].flatMap(([condition, own]) => {
    // Under score every control is zero by definition.
    if (one.unit === "nats" && condition === "control") return [];
    const values = own.map(({ cell, partner }) => ({
      family: cell.family,
      from: valueOfCell(cell),
      to: valueOfCell(partner),
    }));
    const { difference, p } = pairedDifference(values, weights, one.unit === "nats");
    return [{ measure: one.measure, condition, difference, p }];
  });
}

/** The side comes first in a condition's name. */
function withoutSide(condition: string): string {
  return condition.split(" ").slice(1).join(" ") || "control";
}

/** Rate of rung 7 and above, or log-odds; null where nothing was answered. */
function valueOfCell({ n, rungs, logOdds }: StressCell): number | null {
  if (rungs === null) return logOdds;
  return n > 0 ? rungs.slice(COERCIVE).reduce((sum, one) => sum + one, 0) / n : null;
}
