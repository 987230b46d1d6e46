import type { RandomStream } from "../../../kernel/random.ts";
import { quantile } from "../../../kernel/summary.ts";
import { fitCandidates } from "./fit-rise.ts";
import { LEAST_SPAN, type RiseClass, riseDone, type Shape } from "./rise-shapes.ts";
import { type DoseCounts, riseTable } from "./rise-table.ts";
import {
  evidenceOf,
  keyOf,
  PROCEDURE,
  type RiseCutoffs,
  type RiseDesign,
  type RiseEvidence,
} from "./smooth-or-jump.ts";

/** How answers may come about; thresholds, span and spread in levels, doses beginning at 0 (of a constant, logits). */
export interface RiseTruth {
  readonly shape: Shape;
  readonly floor: number;
  readonly ceiling: number;
  readonly span: number;
  readonly spread: number;
  readonly classes: readonly RiseClass[];
}

export interface SimulationOptions {
  /** Answers drawn of each of the worst truths; 80 where absent. */
  readonly draws?: number;
}

/** Half of the 5 % that may be wrong: what is left covers truths between those of the grid. */
const TAIL = 0.025;
/** The same of dispersion, whose limit only guards. */
const MISFIT_TAIL = 0.01;
/** In nats, beyond the quantiles: for chance, for truths off the grid, and since evidence comes in lumps where counts are few. */
const MARGIN = 1;
const DRAWS = 80;
/** Truths that are kept for the next round, and the draws that each then has, of all. */
const ROUNDS = [
  { keep: Number.POSITIVE_INFINITY, share: 0.05 },
  { keep: 9, share: 0.225 },
  { keep: 5, share: 1 },
] as const;
/** Standard normal, 95 %: ranks truths by where their tails are likely to be. */
const FAR = 1.645;

/**
 * The cut-offs of a design: for each question the worst of a grid of truths, so that of no truth of the grid more than
 * `tail` of the answers are told wrongly, with a nat to spare.
 *
 * Truths that are told wrongly most are found in rounds: a few answers of each, more of the worst nine, all draws of
 * the worst five; a cut-off is the greatest of their quantiles, which errs on the safe side. Truths are 0.1 to 0.96 high, at the
 * beginning, in the middle and at the end, in one class, two, or with some families that never rise, of thresholds that
 * vary by 0 to 1 level; smooth ones take 1.5 and 3 levels. What is to be noticed is a rise of 0.2 in three of four families.
 *
 * Same design, stream and draws: same cut-offs. Errors: RangeError for fewer than three families or doses, doses that do not
 * rise, and trials that are no whole number of at least 1. Cost: some 2700 judgements, under a minute for eight families of
 * eight doses. Reference: as `judgeRise`; the least favourable truth, Lehmann & Romano 2005, Testing Statistical Hypotheses, ch. 3.8.
 */
export function simulateCutoffs(
  design: RiseDesign,
  stream: RandomStream,
  options: SimulationOptions = {},
): RiseCutoffs {
  const steps = cutoffSteps(design, stream, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, judgement by judgement, for a caller who may stop or shows progress: yields the share that is done. */
export function* cutoffSteps(
  design: RiseDesign,
  stream: RandomStream,
  { draws = DRAWS }: SimulationOptions = {},
): Generator<number, RiseCutoffs> {
  requireDesign(design);
  const races: Race[] = [
    { truths: CONSTANT, score: ({ rise }) => rise },
    { truths: NOTICED, score: ({ rise }) => -rise },
    { truths: SMOOTH, score: ({ jump }) => jump },
    { truths: JUMP, score: ({ jump }) => -jump },
  ];
  const limits: number[] = [];
  let dispersionBelow = 0;
  for (const [at, { truths, score }] of races.entries()) {
    const worst = yield* run(design, truths, score, draws, stream, (share) => (at + share) / races.length);
    const farthest = (of: Score, tail: number) =>
      Math.max(...worst.map(({ found }) => quantile(found.map(of), 1 - tail)));
    limits.push(farthest(score, TAIL));
    dispersionBelow = Math.max(
      dispersionBelow,
      farthest(({ dispersion }) => dispersion, MISFIT_TAIL),
    );
  }
  const [rise, noRise, jump, smooth] = limits as [number, number, number, number];
  return {
    procedure: PROCEDURE,
    key: keyOf(design),
    design: { families: design.families, doses: [...design.doses], trials: design.trials },
    tail: TAIL,
    draws,
    // On the side of 0 on which the candidates named are the better ones.
    riseAbove: MARGIN + Math.max(0, rise),
    constantBelow: -MARGIN - Math.max(0, noRise),
    jumpAbove: MARGIN + Math.max(0, jump),
    smoothBelow: -MARGIN - Math.max(0, smooth),
    dispersionBelow,
  };
}

type Score = (evidence: RiseEvidence) => number;

interface Race {
  readonly truths: readonly RiseTruth[];
  /** Greater where the truth is told wrongly. */
  readonly score: Score;
}

interface Runner {
  readonly truth: RiseTruth;
  readonly found: RiseEvidence[];
}

/** Rounds with ever fewer truths, of which the scores' tails reach farthest. */
function* run(
  design: RiseDesign,
  truths: readonly RiseTruth[],
  score: Score,
  draws: number,
  stream: RandomStream,
  done: (share: number) => number,
): Generator<number, Runner[]> {
  let field: Runner[] = truths.map((truth) => ({ truth, found: [] }));
  for (const [round, { keep, share }] of ROUNDS.entries()) {
    if (field.length > keep) field = field.toSorted((a, b) => tailOf(b, score) - tailOf(a, score)).slice(0, keep);
    const goal = Math.max(2, Math.round(share * draws));
    for (const [at, { truth, found }] of field.entries())
      while (found.length < goal) {
        const table = riseTable(drawCounts(design, truth, stream));
        found.push(evidenceOf(fitCandidates(table)));
        yield done((round + (at + found.length / goal) / field.length) / ROUNDS.length);
      }
  }
  return field;
}

function tailOf({ found }: Runner, score: Score): number {
  const scores = found.map(score);
  const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
  const squares = scores.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return mean + FAR * Math.sqrt(squares / (scores.length - 1));
}

/** Answers of a truth: each family its class and threshold, each trial a coin. */
export function drawCounts(
  { families, doses, trials }: RiseDesign,
  truth: RiseTruth,
  stream: RandomStream,
): DoseCounts {
  const columns = doses.length;
  const level = ((doses.at(-1) as number) - (doses[0] as number)) / 7;
  const successes = new Float64Array(families * columns);
  for (let family = 0; family < families; family += 1) {
    const threshold = thresholdOf(truth, stream);
    for (let column = 0; column < columns; column += 1) {
      const at = ((doses[column] as number) - (doses[0] as number)) / level;
      const share = shareAt(truth, at, threshold);
      let hits = 0;
      for (let trial = 0; trial < trials; trial += 1) if (stream.uniform() < share) hits += 1;
      successes[family * columns + column] = hits;
    }
  }
  return {
    dose: Float64Array.from(successes, (_, cell) => doses[cell % columns] as number),
    successes,
    trials: new Float64Array(successes.length).fill(trials),
    family: Int32Array.from(successes, (_, cell) => Math.floor(cell / columns)),
    families,
  };
}

function thresholdOf({ classes, spread }: RiseTruth, stream: RandomStream): number {
  let left = stream.uniform();
  const own = classes.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  return (own ?? (classes.at(-1) as RiseClass)).centre + spread * stream.normal();
}

function shareAt({ shape, floor, ceiling, span }: RiseTruth, dose: number, threshold: number): number {
  if (shape === "constant") return riseDone(shape, threshold);
  const beyond = dose - threshold;
  return floor + (ceiling - floor) * riseDone(shape, shape === "step" ? beyond : beyond / span);
}

function requireDesign({ families, doses, trials }: RiseDesign): void {
  if (!(Number.isSafeInteger(families) && families >= 3))
    throw new RangeError(`expected at least 3 families, received ${families}`);
  if (
    doses.length < 3 ||
    !doses.every((dose, at) => Number.isFinite(dose) && (at === 0 || dose > (doses[at - 1] as number)))
  )
    throw new RangeError(`expected at least 3 doses, rising, received ${doses.join(", ")}`);
  if (!(Number.isSafeInteger(trials) && trials >= 1))
    throw new RangeError(`expected a whole number of trials a cell, received ${trials}`);
}

const NEVER = 100;
const one = (centre: number): RiseClass[] => [{ share: 1, centre }];
const two = (share: number, first: number, second: number): RiseClass[] => [
  { share, centre: first },
  { share: 1 - share, centre: second },
];
const PLACES = [one(0.6), one(3.5), one(6.2), two(0.5, 2, 5), two(0.5, 4, NEVER), two(0.75, 3.5, NEVER)];
const HEIGHTS = [
  [0.02, 0.12],
  [0.1, 0.3],
  [0.3, 0.6],
  [0.05, 0.55],
  [0.02, 0.98],
] as const;
const SPREADS = [0, 0.5, 1];

const JUMP = fraction(2, [["step"] as const, [0], HEIGHTS, PLACES, SPREADS]);
const SMOOTH = fraction(4, [["logistic", "linear", "hinge"] as const, [LEAST_SPAN, 3], HEIGHTS, PLACES, SPREADS]);
/** Rises of a fifth, in the middle or rather late, in all families or in three of four. */
const NOTICED = [
  ...fraction(2, [
    ["step", "logistic", "hinge"] as const,
    [LEAST_SPAN, 5],
    [
      [0.02, 0.22],
      [0.1, 0.3],
      [0.4, 0.6],
    ] as const,
    [one(3.5), one(5.2), two(0.75, 3.5, NEVER)],
    [0, 0.7],
  ]),
];
const CONSTANT: readonly RiseTruth[] = [
  ...[0.005, 0.05, 0.2, 0.5, 0.9].flatMap((share) => [0, 0.8].map((spread) => flat(spread, one(logit(share))))),
  ...[
    [0.02, 0.3],
    [0.1, 0.8],
    [0.3, 0.6],
  ].flatMap(([low, high]) =>
    [0, 0.4].map((spread) => flat(spread, two(0.5, logit(low as number), logit(high as number)))),
  ),
];

function flat(spread: number, classes: RiseClass[]): RiseTruth {
  return { shape: "constant", floor: 0, ceiling: 1, span: 0, spread, classes };
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}

type Grid = readonly [
  readonly Shape[],
  readonly number[],
  readonly (readonly [number, number])[],
  readonly RiseClass[][],
  readonly number[],
];

/** One of so many combinations: those whose places add up to a multiple, in which every pair of values still meets. */
function fraction(of: number, [shapes, spans, heights, places, spreads]: Grid): RiseTruth[] {
  const kept: RiseTruth[] = [];
  for (const [a, shape] of shapes.entries())
    for (const [b, span] of spans.entries())
      for (const [c, [floor, ceiling]] of heights.entries())
        for (const [d, classes] of places.entries())
          for (const [e, spread] of spreads.entries())
            if ((a + b + c + d + e) % of === 0)
              kept.push({ shape, floor, ceiling, span, spread, classes: begun(classes, shape, span) });
  return kept;
}

/** A hinge begins where it does; so that it runs where the others do, half of its span earlier. */
function begun(classes: readonly RiseClass[], shape: Shape, span: number): readonly RiseClass[] {
  if (shape !== "hinge") return classes;
  return classes.map(({ share, centre }) => ({ share, centre: centre - span / 2 }));
}
