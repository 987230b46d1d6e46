import { z } from "zod";
import {
  type Candidate,
  type DoseCounts,
  logitOf,
  type RiseLikelihood,
  type RiseParameters,
  type RiseTable,
  riseLikelihood,
  riseTable,
  type Shape,
} from "./rise-candidates.ts";

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

export interface RiseFit extends Candidate {
  /** In nats, without the binomial coefficients. */
  readonly logLikelihood: number;
  /** How many were fitted. */
  readonly parameters: number;
  /** In nats, twice: the less the better. */
  readonly bic: number;
  readonly estimate: RiseParameters;
  /** Squared misses of all cells over what binomial counts would miss by: about 1 where the candidate holds. */
  readonly dispersion: number;
}

/**
 * Every candidate at its greatest likelihood, in the order of `SHAPES`, one class before two.
 *
 * The criterion is −2 ln L + (floor, ceiling, span) ln(trials) + (centres, spread, share) ln(families): what families
 * have in common is known from all answers, how they differ from as many families as there are.
 * Likelihoods have several maxima; the one that is found is the greatest, or less by a nat or so, from some twenty starts.
 * Cost: 7 to 30 ms for eight families of eight doses.
 * Reference: Delattre, Lavielle & Poursat 2014, Electronic Journal of Statistics 8, 456–475, doi:10.1214/14-EJS890.
 */
export function fitCandidates(table: RiseTable): RiseFit[] {
  const constant = fitConstant(table);
  const step = fitStep(table);
  const logistic = fitSmooth(table, "logistic", step, null);
  const rest = (["linear", "hinge"] as const).map((shape) => fitSmooth(table, shape, step, logistic[0]));
  return [constant, step, logistic, ...rest].flat().map(({ likelihood, at, value }) => {
    const { shape, classes } = likelihood.candidate;
    const common = shape === "constant" ? 0 : shape === "step" ? 2 : 3;
    const estimate = inOrder(likelihood.parametersAt(at));
    const penalty = common * Math.log(table.trials) + 2 * classes * Math.log(Math.max(2, table.families));
    const dispersion = dispersionOf(table, likelihood.sharesOf(at));
    return {
      shape,
      classes,
      logLikelihood: value,
      parameters: common + 2 * classes,
      bic: penalty - 2 * value,
      estimate,
      dispersion,
    };
  });
}

/** Sums before the quotient: cells of shares near 0 or 1, which say little, then count little. */
function dispersionOf({ successes, failures }: RiseTable, shares: Float64Array): number {
  let [missed, variance] = [0, 0];
  for (let cell = 0; cell < shares.length; cell += 1) {
    const [hits, share] = [successes[cell] as number, shares[cell] as number];
    const trials = hits + (failures[cell] as number);
    missed += (hits - trials * share) ** 2;
    variance += trials * share * (1 - share);
  }
  return missed / variance;
}

interface Summit {
  readonly likelihood: RiseLikelihood;
  readonly at: Float64Array;
  readonly value: number;
}

/** With one class and with two. */
type Summits = readonly [Summit, Summit];

function inOrder(parameters: RiseParameters): RiseParameters {
  return { ...parameters, classes: [...parameters.classes].sort((a, b) => a.centre - b.centre) };
}

function fitConstant(table: RiseTable): Summits {
  const columns = table.doses.length;
  const logits = Array.from({ length: table.families }, (_, family) => {
    const [hits, misses] = [table.successes, table.failures].map((counts) =>
      counts.subarray(family * columns, (family + 1) * columns).reduce((sum, one) => sum + one, 0.5),
    ) as [number, number];
    return Math.log(hits / misses);
  });
  const flat = { floor: 0, ceiling: 1, span: 0 };
  return fitBoth(
    table,
    "constant",
    [[{ ...flat, ...oneClass(logits, 0.05) }]],
    [twoClasses(logits, 0.05).map((classes) => ({ ...flat, ...classes }))],
  );
}

function fitStep(table: RiseTable): Summits {
  const jumps = jumpsOf(table);
  const least = 0.2 * table.level;
  return fitBoth(
    table,
    "step",
    jumps.map((jump) => [{ ...jump, span: 0, ...oneClass(jump.thresholds, least) }]),
    jumps.map((jump) => twoClasses(jump.thresholds, least).map((classes) => ({ ...jump, span: 0, ...classes }))),
  );
}

/** Starts from the step, and from the logistic curve where there is one already. */
function fitSmooth(table: RiseTable, shape: Shape, step: Summits, logistic: Summit | null): Summits {
  const [jump, jumps] = step.map(({ likelihood, at }) => likelihood.parametersAt(at)) as [
    RiseParameters,
    RiseParameters,
  ];
  const curve = logistic?.likelihood.parametersAt(logistic.at);
  const narrow = stretched(jump, shape, table.level, [2]);
  const wide = stretched(jump, shape, table.level, [4, 8]);
  const one = fitOne(
    table,
    { shape, classes: 1 },
    curve ? [likened(curve, shape), [...narrow, ...wide]] : [narrow, wide],
  );
  const parameters = one.likelihood.parametersAt(one.at);
  const centres = [...one.likelihood.centresOf(one.at)];
  const own = twoClasses(centres, 0.3 * table.level).map((classes) => ({ ...parameters, ...classes }));
  return [one, fitTwo(table, one, [own, stretched(jumps, shape, table.level, [2, 4])])];
}

/** Curves of several spans in place of a step. */
function stretched(step: RiseParameters, shape: Shape, level: number, levels: readonly number[]): RiseParameters[] {
  return levels.flatMap((span) => {
    // A hinge begins where half of the other's rise is still to come.
    const back = shape === "hinge" ? (span * level) / 4 : 0;
    const classes = step.classes.map(({ share, centre }) => ({ share, centre: centre - back }));
    return [0.3 * level, Math.max(0.3 * level, step.spread)].map((spread) => ({
      ...step,
      span: span * level,
      spread,
      classes,
    }));
  });
}

/** Curves of another shape that run near a logistic one. */
function likened(curve: RiseParameters, shape: Shape): RiseParameters[] {
  const like = (times: number, back: number, lower: number): RiseParameters => ({
    ...curve,
    floor: curve.floor * lower,
    span: curve.span * times,
    spread: Math.max(curve.spread, 0.1 * curve.span),
    classes: curve.classes.map(({ share, centre }) => ({ share, centre: centre - back * curve.span })),
  });
  return shape === "hinge"
    ? [like(0.8, 0.4, 1), like(1, 0.6, 1), like(1.2, 0.8, 0.5)]
    : [like(1, 0, 1), like(1.3, 0, 0.4)];
}

function fitBoth(
  table: RiseTable,
  shape: Shape,
  starts: readonly RiseParameters[][],
  startsOfTwo: readonly RiseParameters[][],
): Summits {
  const one = fitOne(table, { shape, classes: 1 }, starts);
  return [one, fitTwo(table, one, startsOfTwo)];
}

/** Two classes contain one: where the climb of two ended lower, it begins again from there. */
function fitTwo(table: RiseTable, one: Summit, starts: readonly RiseParameters[][]): Summit {
  const candidate = { shape: one.likelihood.candidate.shape, classes: 2 } as const;
  const two = fitOne(table, candidate, starts);
  if (two.value >= one.value) return two;
  const alike = one.likelihood.parametersAt(one.at);
  const { centre } = alike.classes[0] as { centre: number };
  const classes = [-1, 1].map((sign) => ({ share: 0.5, centre: centre + sign * 0.01 * table.level }));
  const again = fitOne(table, candidate, [[{ ...alike, classes }]]);
  return again.value > two.value ? again : two;
}

/** The greatest of what is reached from the best start of each group. */
function fitOne(table: RiseTable, candidate: Candidate, groups: readonly RiseParameters[][]): Summit {
  const likelihood = riseLikelihood(table, candidate);
  const summits = groups.map((group) => {
    const points = group.map((parameters) => likelihood.pointOf(parameters));
    return climb(
      likelihood,
      greatest(points, (at) => likelihood.value(at)),
    );
  });
  return { likelihood, ...greatest(summits, ({ value }) => value) };
}

function greatest<T>(items: readonly T[], value: (item: T) => number): T {
  const values = items.map(value);
  return items[values.indexOf(Math.max(...values))] as T;
}

/** Shares before and after a jump, and the dose at which each family makes it. */
interface Jumps {
  readonly floor: number;
  readonly ceiling: number;
  readonly thresholds: readonly number[];
  readonly value: number;
}

/** Each family's best place, then floor and ceiling, in turn: from the highest jump of all answers, and from the extreme cells. */
function jumpsOf(table: RiseTable): Jumps[] {
  const { doses, successes, failures } = table;
  const shares = [...successes]
    .map((hits, cell) => hits / (hits + (failures[cell] as number)))
    .filter((one) => one >= 0);
  shares.sort((a, b) => a - b);
  const third = Math.ceil(shares.length / 3);
  const meanOf = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const pooled = Array.from({ length: Math.max(0, doses.length - 1) }, (_, last) => ({
    floor: pooledShare(table, 0, last + 1),
    ceiling: pooledShare(table, last + 1, doses.length),
  })).filter(({ floor, ceiling }) => ceiling > floor);
  const ends = { floor: meanOf(shares.slice(0, third)), ceiling: meanOf(shares.slice(-third)) };
  const starts = pooled.length > 0 ? [greatest(pooled, ({ floor, ceiling }) => ceiling - floor), ends] : [ends];
  return starts.map(({ floor, ceiling }) => inTurn(table, floor, ceiling));
}

function pooledShare({ doses, successes, failures }: RiseTable, from: number, to: number): number {
  let [hits, trials] = [0, 0];
  successes.forEach((one, cell) => {
    const column = cell % doses.length;
    if (column < from || column >= to) return;
    hits += one;
    trials += one + (failures[cell] as number);
  });
  return hits / trials;
}

function inTurn(table: RiseTable, floor: number, ceiling: number): Jumps {
  let found = placed(table, floor, ceiling);
  for (let turn = 0; turn < 6; turn += 1) {
    const next = placed(table, found.floor, found.ceiling);
    if (!(next.ceiling > next.floor && next.value > found.value + 1e-3)) break;
    found = next;
  }
  return found;
}

/** Families' best places of a jump of these shares, and the shares that follow. */
function placed(table: RiseTable, floor: number, ceiling: number): Jumps {
  const { families, doses, level, successes, failures } = table;
  const before = Array.from({ length: families }, (_, family) => bestPlace(table, family, floor, ceiling));
  // A quarter of a success and of a failure keep shares off 0 and 1.
  const hits: [number, number] = [0.25, 0.25];
  const misses: [number, number] = [0.25, 0.25];
  successes.forEach((one, cell) => {
    const side = cell % doses.length < (before[Math.floor(cell / doses.length)] as number) ? 0 : 1;
    hits[side] += one;
    misses[side] += failures[cell] as number;
  });
  const [low, high] = [hits[0] / (hits[0] + misses[0]), hits[1] / (hits[1] + misses[1])];
  const likelihood = (side: 0 | 1, share: number) => hits[side] * Math.log(share) + misses[side] * Math.log(1 - share);
  const thresholds = before.map((count) => {
    const [last, next] = [doses[count - 1], doses[count]];
    return ((last ?? (next as number) - 1.4 * level) + (next ?? (last as number) + 1.4 * level)) / 2;
  });
  return { floor: low, ceiling: high, thresholds, value: likelihood(0, low) + likelihood(1, high) };
}

/** How many doses a family had best have before its jump. */
function bestPlace({ doses, successes, failures }: RiseTable, family: number, floor: number, ceiling: number): number {
  const [low, high] = [logitOf(floor), logitOf(ceiling)];
  const perTrial = Math.log((1 + Math.exp(high)) / (1 + Math.exp(low)));
  let [gained, most, place] = [0, 0, 0];
  for (let column = 0; column < doses.length; column += 1) {
    const hits = successes[family * doses.length + column] as number;
    const trials = hits + (failures[family * doses.length + column] as number);
    gained += hits * (low - high) + trials * perTrial;
    if (gained > most) [most, place] = [gained, column + 1];
  }
  return place;
}

type Classes = Pick<RiseParameters, "spread" | "classes">;

function oneClass(centres: readonly number[], least: number): Classes {
  const [centre, squares] = momentsOf(centres);
  return { spread: Math.max(least, Math.sqrt(squares / centres.length)), classes: [{ share: 1, centre }] };
}

/** Every way of parting families by their centres; of families all alike, a mere doubling. */
function twoClasses(centres: readonly number[], least: number): Classes[] {
  const n = centres.length;
  const sorted = [...centres].sort((a, b) => a - b);
  const cuts = sorted.flatMap((one, at) => (at > 0 && one > (sorted[at - 1] as number) + 1e-6 * least ? [at] : []));
  if (cuts.length === 0) {
    const centre = sorted[0] as number;
    return [{ spread: least, classes: [-least, least].map((off) => ({ share: 0.5, centre: centre + off })) }];
  }
  return cuts.map((cut) => {
    const [first, squares] = momentsOf(sorted.slice(0, cut));
    const [second, others] = momentsOf(sorted.slice(cut));
    const classes = [
      { share: cut / n, centre: first },
      { share: 1 - cut / n, centre: second },
    ];
    return { spread: Math.max(least, Math.sqrt((squares + others) / n)), classes };
  });
}

/** Mean, and sum of squares about it. */
function momentsOf(values: readonly number[]): [number, number] {
  const centre = values.reduce((sum, one) => sum + one, 0) / values.length;
  return [centre, values.reduce((sum, one) => sum + (one - centre) ** 2, 0)];
}

const MOST_STEPS = 60;
/** In nats. */
const CLOSE_ENOUGH = 5e-3;

/**
 * A maximum near a start, by Broyden, Fletcher, Goldfarb and Shanno's quasi-Newton method with interpolated steps.
 * Ends when two steps in a row gain next to nothing. Reference: Nocedal & Wright 2006, Numerical Optimization, ch. 6.
 */
function climb(likelihood: RiseLikelihood, start: Float64Array): { at: Float64Array; value: number } {
  const gradient = new Float64Array(start.length);
  let here: Place = { at: start, value: likelihood.value(start, gradient), gradient };
  let inverse: Float64Array | null = null;
  for (let step = 0, idle = 0; step < MOST_STEPS && idle < 2; step += 1) {
    const direction = inverse ? times(inverse, here.gradient) : here.gradient;
    const next = ascend(likelihood, here, direction, inverse ? 1.5 : 0.3);
    if (next === null && inverse === null) break;
    if (next === null) {
      inverse = null;
      continue;
    }
    idle = next.value - here.value < CLOSE_ENOUGH ? idle + 1 : 0;
    inverse = updated(inverse, here, next);
    here = next;
  }
  return here;
}

interface Place {
  readonly at: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

/** The first place along a direction that is enough higher; null where there is none. `longest` is what any number may move by. */
function ascend(likelihood: RiseLikelihood, from: Place, direction: Float64Array, longest: number): Place | null {
  const slope = dot(direction, from.gradient);
  if (!(slope > 0)) return null;
  let share = Math.min(1, longest / Math.max(...direction.map(Math.abs)));
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const at = from.at.map((one, place) => one + share * (direction[place] as number));
    const gradient = new Float64Array(at.length);
    const value = likelihood.value(at, gradient);
    if (value >= from.value + 1e-4 * share * slope) return { at, gradient, value };
    const parabola = (share * slope) / (2 * (share * slope - (value - from.value)));
    share *= Math.max(0.1, Math.min(0.5, parabola));
  }
  return null;
}

/** The inverse of minus the second derivatives, after a step; unchanged where the step did not bend downwards. */
function updated(inverse: Float64Array | null, from: Place, to: Place): Float64Array | null {
  const size = from.at.length;
  const step = to.at.map((one, place) => one - (from.at[place] as number));
  const bend = to.gradient.map((one, place) => (from.gradient[place] as number) - one);
  const along = dot(step, bend);
  if (!(along > 1e-10)) return inverse;
  const before = inverse ?? diagonal(size, along / dot(bend, bend));
  const turned = times(before, bend);
  const own = (1 + dot(bend, turned) / along) / along;
  return before.map((one, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    const [a, b] = [step[row] as number, step[column] as number];
    return one + own * a * b - ((turned[row] as number) * b + a * (turned[column] as number)) / along;
  });
}

function diagonal(size: number, value: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, place) => (place % (size + 1) === 0 ? value : 0));
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => dot(matrix.subarray(row * size, (row + 1) * size), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let place = 0; place < a.length; place += 1) total += (a[place] as number) * (b[place] as number);
  return total;
}
