import { z } from "zod";
import { fitCandidates, greatest, type RiseFit } from "./fit-rise.ts";
import type { Shape } from "./rise-shapes.ts";
import { type DoseCounts, type RiseTable, riseTable } from "./rise-table.ts";

/** Changes whenever the same answers may get another verdict: candidates, criterion, truths or the way of simulating. */
export const PROCEDURE = 1;

const designSchema = z.strictObject({
  families: z.int().min(1),
  /** Distinct, rising. */
  doses: z.array(z.number()).readonly(),
  /** Of a cell, a whole number. */
  trials: z.int().min(1),
});
/** What cut-offs are simulated for: every family asked at every dose. */
export type RiseDesign = z.infer<typeof designSchema>;

export const riseCutoffsSchema = z.strictObject({
  procedure: z.int(),
  /** Names design and procedure. */
  key: z.string(),
  design: designSchema,
  /** Share of simulated answers of any one truth that may lie beyond a limit, and answers drawn of each of the worst. */
  tail: z.number(),
  draws: z.int(),
  /** Evidence of a rise above this is rarely found where there is none; below the other, where there is a rise of a fifth. */
  riseAbove: z.number(),
  constantBelow: z.number(),
  /** Evidence of a jump above this is rarely found where the rise is smooth; below the other, where it is a jump. */
  jumpAbove: z.number(),
  smoothBelow: z.number(),
  /** More dispersion than this is rarely found where one of the candidates is true. */
  dispersionBelow: z.number(),
});
/** Limits of the evidence, in nats, found by `simulateCutoffs`; a record to keep. */
export type RiseCutoffs = z.infer<typeof riseCutoffsSchema>;

export type RiseReason =
  /** The evidence lies beyond a cut-off. */
  | "evidence"
  /** Between those of a rise and of none. */
  | "rise-unsure"
  /** There is a rise, and the evidence lies between the cut-offs of a jump and of a smooth rise. */
  | "kind-unsure"
  /** Even the best candidate misses the cells by more than chance: cut-offs mean nothing then. */
  | "no-candidate-fits"
  | "no-data"
  /** Fewer than three. */
  | "few-families"
  | "few-doses"
  /** Families, doses or the number of trials are not those the cut-offs were simulated for. */
  | "other-design";

export interface RiseVerdict {
  readonly verdict: "constant" | "smooth" | "jump" | "cannot-tell";
  readonly reason: RiseReason;
  /** Of the least criterion, whatever the verdict; null where nothing was fitted. */
  readonly best: RiseFit | null;
  /** Every candidate. */
  readonly fits: readonly RiseFit[];
  readonly evidence: RiseEvidence | null;
}

/** Half the differences of the criteria, in nats: what Bayes factors' logarithms are about. */
export interface RiseEvidence {
  /** Of the best candidate that rises over the best that does not. */
  readonly rise: number;
  /** Of the best step over the best smooth candidate; below 0 where the smooth one is better. */
  readonly jump: number;
  /** Of the best candidate. */
  readonly dispersion: number;
}

const LEAST_FAMILIES = 3;
const LEAST_DOSES = 3;
/** Trials of all cells, against those of the design. */
const MOST_TRIALS_OFF = 0.2;

/**
 * Whether the share of successes rises smoothly with the dose, by a jump, or not at all, told by simulated cut-offs.
 *
 * A jump is completed between two neighbouring doses within each family; a smooth rise takes at least one and a half levels
 * from its tenth to its nine tenths within each family. Families may differ in their thresholds, and be of two
 * kinds: jumps at different doses are not read as one smooth rise. All candidates that rise have a floor and a
 * ceiling, so that a jump to less than always is not compared with a curve that has to reach one.
 * All successes or none are a constant. A slight rise at the last dose is of no known kind, since it may go on. What falls
 * slightly is a constant, what falls fits nothing. Answers must be independent given their family: where a family's
 * variants have thresholds of their own, each is to be a family, or jumps look smooth.
 *
 * Errors: those of `riseTable`; RangeError for cut-offs of another procedure. Cost: 7 to 30 ms for eight families of eight doses.
 * Reference: Williams 1970, Biometrics 26, 23–32 (a smooth rise against a step, by simulation); Cox 1961, Fourth Berkeley
 * Symposium 1, 105–123; Davies 1987, Biometrika 74, 33–43 (thresholds mean nothing where nothing rises, so no χ²).
 *
 * @example judgeRise(counts, simulateCutoffs(designOf(counts), randomStream(1, "rise"))).verdict
 */
export function judgeRise(counts: DoseCounts, cutoffs: RiseCutoffs): RiseVerdict {
  if (cutoffs.procedure !== PROCEDURE)
    throw new RangeError(`expected cut-offs of procedure ${PROCEDURE}, received ${cutoffs.procedure}`);
  const table = riseTable(counts);
  const nothing = { verdict: "cannot-tell", best: null, fits: [], evidence: null } as const;
  if (table.trials === 0) return { ...nothing, reason: "no-data" };
  if (table.doses.length < LEAST_DOSES) return { ...nothing, reason: "few-doses" };
  const fits = fitCandidates(table);
  const evidence = evidenceOf(fits);
  const found = { best: bestOf(fits), fits, evidence };
  if (table.families < LEAST_FAMILIES) return { verdict: "cannot-tell", reason: "few-families", ...found };
  if (!isOf(table, cutoffs.design)) return { verdict: "cannot-tell", reason: "other-design", ...found };
  return { ...told(evidence, cutoffs), ...found };
}

function told(
  { rise, jump, dispersion }: RiseEvidence,
  { riseAbove, constantBelow, jumpAbove, smoothBelow, dispersionBelow }: RiseCutoffs,
): Pick<RiseVerdict, "verdict" | "reason"> {
  if (!(dispersion <= dispersionBelow)) return { verdict: "cannot-tell", reason: "no-candidate-fits" };
  if (rise < constantBelow) return { verdict: "constant", reason: "evidence" };
  if (!(rise > riseAbove)) return { verdict: "cannot-tell", reason: "rise-unsure" };
  if (jump > jumpAbove) return { verdict: "jump", reason: "evidence" };
  if (jump < smoothBelow) return { verdict: "smooth", reason: "evidence" };
  return { verdict: "cannot-tell", reason: "kind-unsure" };
}

function isOf({ families, doses, trials }: RiseTable, design: RiseDesign): boolean {
  const planned = design.families * design.doses.length * design.trials;
  return (
    families === design.families &&
    doses.length === design.doses.length &&
    doses.every((dose, at) => dose === design.doses[at]) &&
    Math.abs(trials - planned) <= MOST_TRIALS_OFF * planned
  );
}

/** The design that answers come nearest to: their families and doses, and the mean trials of a cell, at least 1. */
export function designOf(counts: DoseCounts): RiseDesign {
  const { families, doses, trials } = riseTable(counts);
  return { families, doses: [...doses], trials: Math.max(1, Math.round(trials / (families * doses.length || 1))) };
}

/** By which cut-offs are kept: the same design and procedure, the same key. */
export function keyOf({ families, doses, trials }: RiseDesign): string {
  return `rise-${PROCEDURE}/families=${families}/doses=${doses.join(",")}/trials=${trials}`;
}

/** What `judgeRise` compares with the cut-offs. */
export function evidenceOf(fits: readonly RiseFit[]): RiseEvidence {
  const least = (wanted: (shape: Shape) => boolean) =>
    Math.min(...fits.filter(({ shape }) => wanted(shape)).map(({ bic }) => bic));
  const [constant, step] = [least((shape) => shape === "constant"), least((shape) => shape === "step")];
  const smooth = least((shape) => shape !== "constant" && shape !== "step");
  return {
    rise: (constant - Math.min(step, smooth)) / 2,
    jump: (smooth - step) / 2,
    dispersion: bestOf(fits).dispersion,
  };
}

function bestOf(fits: readonly RiseFit[]): RiseFit {
  return greatest(fits, ({ bic }) => -bic);
}
