import { climb } from "../../../kernel/quasi-newton.ts";
import { mean, sum } from "../../../kernel/summary.ts";
import { type RiseLikelihood, riseLikelihood } from "./rise-likelihood.ts";
import { type Candidate, logitOf, type RiseParameters, type Shape } from "./rise-shapes.ts";
import type { RiseTable } from "./rise-table.ts";

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
      (at, gradient) => likelihood.value(at, gradient),
      greatest(points, (at) => likelihood.value(at)),
    );
  });
  return { likelihood, ...greatest(summits, ({ value }) => value) };
}

/** The item of the greatest value; of several the first. */
export function greatest<T>(items: readonly T[], value: (item: T) => number): T {
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
  const pooled = Array.from({ length: Math.max(0, doses.length - 1) }, (_, last) => ({
    floor: pooledShare(table, 0, last + 1),
    ceiling: pooledShare(table, last + 1, doses.length),
  })).filter(({ floor, ceiling }) => ceiling > floor);
  const ends = { floor: mean(shares.slice(0, third)), ceiling: mean(shares.slice(-third)) };
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
  const centre = mean(values);
  return [centre, sum(values.map((one) => (one - centre) ** 2))];
}
