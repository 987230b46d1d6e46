import { expect, it } from "vitest";
import { type RandomStream, randomStream } from "../../../kernel/random.ts";
import { fitCandidates } from "./fit-rise.ts";
import { cutoffSteps, simulateCutoffs } from "./rise-cutoffs.ts";
import { riseLikelihood } from "./rise-likelihood.ts";
import { type Candidate, type RiseParameters, SHAPES, type Shape } from "./rise-shapes.ts";
import { type DoseCounts, riseTable } from "./rise-table.ts";
import { designOf, judgeRise, keyOf, PROCEDURE, type RiseCutoffs } from "./smooth-or-jump.ts";

const DOSES = [0, 1, 2, 3, 4, 5, 6, 7];
/** As simulated for these designs by `simulateCutoffs`, rounded. */
const LIMITS = { tail: 0.025, draws: 80, riseAbove: 1, smoothBelow: -1 };
const FULL = cutoffsOf({ families: 8, doses: DOSES, trials: 44 }, -4, 7, 1.5);
const QUICK = cutoffsOf({ families: 8, doses: [0, 1, 4, 7], trials: 11 }, -7, 6, 2);

function cutoffsOf(
  design: RiseCutoffs["design"],
  constantBelow: number,
  jumpAbove: number,
  dispersionBelow: number,
): RiseCutoffs {
  return { procedure: PROCEDURE, key: keyOf(design), design, ...LIMITS, constantBelow, jumpAbove, dispersionBelow };
}

/** Counts of families × doses, by a rule. */
function tabled(
  families: number,
  doses: readonly number[],
  rule: (family: number, dose: number) => [number, number],
): DoseCounts {
  const rows = Array.from({ length: families }, (_, family) =>
    doses.map((dose) => ({ family, dose, counts: rule(family, dose) })),
  ).flat();
  return {
    dose: Float64Array.from(rows, ({ dose }) => dose),
    successes: Float64Array.from(rows, ({ counts }) => counts[0]),
    trials: Float64Array.from(rows, ({ counts }) => counts[1]),
    family: Int32Array.from(rows, ({ family }) => family),
    families,
  };
}

/** Coins whose share rises with dose less the family's threshold. */
function drawn(
  { design: { families, doses, trials } }: RiseCutoffs,
  stream: RandomStream,
  curve: (beyond: number) => number,
  threshold: (family: number, stream: RandomStream) => number,
): DoseCounts {
  const thresholds = Array.from({ length: families }, (_, family) => threshold(family, stream));
  return tabled(families, doses, (family, dose) => {
    const share = curve(dose - (thresholds[family] as number));
    return [Array.from({ length: trials }, () => stream.uniform() < share).filter(Boolean).length, trials];
  });
}

const jump = (low: number, high: number) => (beyond: number) => (beyond >= 0 ? high : low);
const logistic = (rate: number, low: number, high: number) => (beyond: number) =>
  low + (high - low) / (1 + Math.exp(-rate * beyond));
const varying = (centre: number, spread: number) => (_: number, stream: RandomStream) =>
  centre + spread * stream.normal();
const parted = (even: number, odd: number) => (family: number) => (family % 2 === 0 ? even : odd);

/** How many of ten data sets are told what. */
function verdictsOf(cutoffs: RiseCutoffs, curve: (beyond: number) => number, threshold: Parameters<typeof drawn>[3]) {
  const told: Record<string, number> = {};
  for (let run = 0; run < 10; run += 1) {
    const { verdict } = judgeRise(drawn(cutoffs, randomStream(run, "rise"), curve, threshold), cutoffs);
    told[verdict] = (told[verdict] ?? 0) + 1;
  }
  return told;
}

/** Share of the rise done, written down once more. */
function doneBy(shape: Shape, spans: number): number {
  if (shape === "step") return spans >= 0 ? 1 : 0;
  if (shape === "linear") return spans <= -0.625 ? 0 : spans >= 0.625 ? 1 : 0.8 * (spans + 0.625);
  if (shape === "hinge") return spans <= 0 ? 0 : Math.tanh((spans * Math.log(171 / 11)) / 2);
  return 1 / (1 + 81 ** -spans);
}

/** By four thousand equal steps over sixteen standard deviations. */
function bruteForce(counts: DoseCounts, { shape }: Candidate, parameters: RiseParameters): number {
  const { floor, ceiling, span, spread, classes } = parameters;
  const shareAt = (dose: number, threshold: number) => {
    if (shape === "constant") return 1 / (1 + Math.exp(-threshold));
    return floor + (ceiling - floor) * doneBy(shape, shape === "step" ? dose - threshold : (dose - threshold) / span);
  };
  const steps = 4_000;
  let total = 0;
  for (let family = 0; family < counts.families; family += 1) {
    const rows = [...counts.family.keys()].filter((row) => counts.family[row] === family);
    let likelihood = 0;
    for (const { share, centre } of classes)
      for (let step = 0; step < steps; step += 1) {
        const z = -8 + (16 * (step + 0.5)) / steps;
        let product = (share * Math.exp((-z * z) / 2) * 16) / steps / Math.sqrt(2 * Math.PI);
        for (const row of rows) {
          const p = shareAt(counts.dose[row] as number, centre + spread * z);
          const hits = counts.successes[row] as number;
          product *= p ** hits * (1 - p) ** ((counts.trials[row] as number) - hits);
        }
        likelihood += product;
      }
    total += Math.log(likelihood);
  }
  return total;
}

const CANDIDATES = SHAPES.flatMap((shape) => ([1, 2] as const).map((classes) => ({ shape, classes })));

function parametersOf({ shape, classes }: Candidate): RiseParameters {
  const flat = shape === "constant";
  const centres = flat ? [-0.4, 1.1] : [2.4, 5.3];
  return {
    floor: flat ? 0 : 0.12,
    ceiling: flat ? 1 : 0.83,
    span: flat || shape === "step" ? 0 : 2.3,
    spread: 0.6,
    classes:
      classes === 1
        ? [{ share: 1, centre: centres[0] as number }]
        : centres.map((centre, at) => ({ share: at === 0 ? 0.3 : 0.7, centre })),
  };
}

/** Three families with a gap, fractions and thresholds about 2.5. */
const UNEVEN = tabled(3, DOSES, (family, dose) => {
  const trials = family === 1 && dose === 3 ? 0 : 5 + ((family * 5 + dose * 3) % 8);
  return [trials * logistic(1.8, 0.2, 0.75)(dose - 1.9 - 0.7 * family), trials];
});

it.each(CANDIDATES)("S7: the likelihood of $shape with $classes equals an integral by brute force", (candidate) => {
  const likelihood = riseLikelihood(riseTable(UNEVEN), candidate);
  const parameters = parametersOf(candidate);
  const at = likelihood.pointOf(parameters);
  expect(likelihood.parametersAt(at).spread).toBeCloseTo(0.6, 9);
  expect(likelihood.parametersAt(at).classes[0]?.centre).toBeCloseTo(parameters.classes[0]?.centre as number, 9);
  const expected = bruteForce(UNEVEN, candidate, parameters);
  // Nodes are a quarter of a level apart.
  expect(Math.abs(likelihood.value(at) - expected)).toBeLessThan(0.03);
});

it.each(CANDIDATES)("S7: the derivatives of $shape with $classes equal differences", (candidate) => {
  const likelihood = riseLikelihood(riseTable(UNEVEN), candidate);
  const at = likelihood.pointOf(parametersOf(candidate));
  const gradient = new Float64Array(at.length);
  likelihood.value(at, gradient);
  const differences = at.map((_, place) => {
    const beside = (by: number) => likelihood.value(at.map((one, other) => (other === place ? one + by : one)));
    return (beside(1e-5) - beside(-1e-5)) / 2e-5;
  });
  gradient.forEach((one, place) => {
    expect(one).toBeCloseTo(differences[place] as number, 3);
  });
});

it("S7: candidates are fitted to what the answers were drawn from, and two classes no worse than one", () => {
  const counts = drawn(FULL, randomStream(1, "fit"), logistic(1.5, 0.1, 0.8), parted(2, 5));
  const fits = fitCandidates(riseTable(counts));
  expect(fits.map(({ shape, classes }) => `${shape} ${classes}`)).toEqual(
    CANDIDATES.map(({ shape, classes }) => `${shape} ${classes}`),
  );
  fits.forEach((fit, at) => {
    const common = { constant: 0, step: 2 }[fit.shape as string] ?? 3;
    const penalty = common * Math.log(8 * 8 * 44) + 2 * fit.classes * Math.log(8);
    expect(fit.bic).toBeCloseTo(penalty - 2 * fit.logLikelihood, 6);
    if (fit.classes === 2) expect(fit.logLikelihood).toBeGreaterThan((fits[at - 1]?.logLikelihood as number) - 1e-3);
  });
  const { estimate, parameters } = fits.find(
    ({ shape, classes }) => shape === "logistic" && classes === 2,
  ) as (typeof fits)[number];
  expect(parameters).toBe(7);
  expect(Math.abs(estimate.floor - 0.1)).toBeLessThan(0.04);
  expect(Math.abs(estimate.ceiling - 0.8)).toBeLessThan(0.06);
  expect(Math.abs(estimate.span - (2 * Math.log(9)) / 1.5)).toBeLessThan(0.8);
  expect(estimate.spread).toBeLessThan(0.4);
  expect(Math.abs((estimate.classes[0]?.centre as number) - 2)).toBeLessThan(0.4);
  expect(Math.abs((estimate.classes[1]?.centre as number) - 5)).toBeLessThan(0.4);
  expect(estimate.classes[0]?.share).toBeCloseTo(0.5, 1);
});

it("S7: jumps are called so, also where families jump at other doses, or some never", () => {
  for (const threshold of [varying(3.4, 0), varying(3.4, 1), parted(2.5, 5.5), parted(3.5, 99)])
    expect(verdictsOf(FULL, jump(0.05, 0.9), threshold).jump).toBeGreaterThanOrEqual(9);
  const found = judgeRise(drawn(FULL, randomStream(1, "half"), jump(0.05, 0.9), parted(3.5, 99)), FULL);
  expect(found).toMatchObject({ verdict: "jump", reason: "evidence", best: { shape: "step", classes: 2 } });
  expect(found.best?.estimate.classes[1]?.centre).toBeGreaterThan(7);
});

it("S7: smooth rises are called so, gentle or steep, and not many jumps", () => {
  for (const [rate, threshold] of [
    [0.6, varying(3.4, 1)],
    [2.5, varying(3.4, 0)],
    [2.5, varying(3.4, 1)],
    [1.5, parted(2, 5.5)],
    [1.5, parted(3.5, 99)],
  ] as const)
    expect(verdictsOf(FULL, logistic(rate, 0.05, 0.9), threshold).smooth).toBeGreaterThanOrEqual(9);
});

it("S7: what does not rise is constant, also where families differ", () => {
  for (const curve of [() => 0, () => 0.3, (beyond: number) => 1 / (1 + Math.exp(beyond * 0))])
    expect(verdictsOf(FULL, curve, varying(0, 0)).constant).toBeGreaterThanOrEqual(9);
  const levels = Array.from({ length: 8 }, (_, family) => 0.1 + 0.08 * family);
  const stream = randomStream(1, "levels");
  const counts = tabled(8, DOSES, (family) => [
    Array.from({ length: 44 }, () => stream.uniform() < (levels[family] as number)).filter(Boolean).length,
    44,
  ]);
  expect(judgeRise(counts, FULL)).toMatchObject({ verdict: "constant", best: { shape: "constant" } });
});

it("S7: a rise too slight, or between doses too far apart, is not told what it is", () => {
  expect(verdictsOf(QUICK, jump(0.05, 0.9), varying(2.5, 0))["cannot-tell"]).toBeGreaterThanOrEqual(9);
  const { verdict, reason } = judgeRise(drawn(FULL, randomStream(3, "slight"), jump(0.1, 0.22), varying(3.4, 0)), FULL);
  expect([verdict, reason]).toEqual(["cannot-tell", "kind-unsure"]);
});

it("S7: answers that fit no candidate are told nothing of: they fall, go up and down, or stick together", () => {
  const falling = tabled(8, DOSES, (_, dose) => [42 - 6 * dose, 44]);
  const waving = tabled(8, DOSES, (_, dose) => [dose % 2 === 0 ? 4 : 40, 44]);
  const stream = randomStream(1, "surfaces");
  const sticking = tabled(8, DOSES, (_, dose) => {
    const share = logistic(1, 0.05, 0.95)(dose - 3.5 + 1.5 * stream.normal());
    return [Math.round(44 * share), 44];
  });
  for (const counts of [falling, waving, sticking])
    expect(judgeRise(counts, FULL)).toMatchObject({ verdict: "cannot-tell", reason: "no-candidate-fits" });
});

it("S7: none, all or no answers, one family, few doses and gaps are stated results, never NaN", () => {
  const finite = (value: unknown): boolean =>
    typeof value === "number"
      ? Number.isFinite(value)
      : value === null || typeof value !== "object" || Object.values(value).every(finite);
  const told = (counts: DoseCounts) => {
    const found = judgeRise(counts, FULL);
    expect(finite(found)).toBe(true);
    return `${found.verdict}, ${found.reason}`;
  };
  expect(told(tabled(8, DOSES, () => [0, 44]))).toBe("constant, evidence");
  expect(told(tabled(8, DOSES, () => [44, 44]))).toBe("constant, evidence");
  expect(told(tabled(0, DOSES, () => [0, 0]))).toBe("cannot-tell, no-data");
  expect(told(tabled(8, DOSES, () => [0, 0]))).toBe("cannot-tell, no-data");
  expect(told(tabled(1, DOSES, (_, dose) => [dose > 3 ? 40 : 2, 44]))).toBe("cannot-tell, few-families");
  expect(told(tabled(8, [0, 7], (_, dose) => [5 * dose, 44]))).toBe("cannot-tell, few-doses");
  expect(told(tabled(8, DOSES, (_, dose) => [dose > 3 ? 44 : 0, 44]))).toBe("jump, evidence");
  expect(told(tabled(8, DOSES, (_, dose) => [dose === 7 ? 44 : 0, 44]))).toBe("jump, evidence");
  const gaps = (family: number, dose: number) => (family === 2 && dose === 3) || (family === 5 && dose > 5);
  expect(told(tabled(8, DOSES, (family, dose) => (gaps(family, dose) ? [0, 0] : [dose > 3 ? 39.5 : 2.25, 44])))).toBe(
    "jump, evidence",
  );
  expect(told(tabled(7, DOSES, (_, dose) => [dose > 3 ? 40 : 2, 44]))).toBe("cannot-tell, other-design");
  expect(told(tabled(8, DOSES, (_, dose) => [dose > 3 ? 20 : 2, 22]))).toBe("cannot-tell, other-design");
});

it("S7: rows that are no counts, and cut-offs of another procedure, are refused", () => {
  const counts = tabled(8, DOSES, (_, dose) => [dose, 44]);
  expect(() => judgeRise({ ...counts, trials: counts.trials.slice(1) }, FULL)).toThrow(RangeError);
  expect(() => judgeRise({ ...counts, successes: counts.successes.map(() => 45) }, FULL)).toThrow(RangeError);
  expect(() => judgeRise({ ...counts, dose: counts.dose.map(() => Number.NaN) }, FULL)).toThrow(RangeError);
  expect(() => judgeRise({ ...counts, families: 7 }, FULL)).toThrow(RangeError);
  expect(() => judgeRise(counts, { ...FULL, procedure: PROCEDURE + 1 })).toThrow(RangeError);
});

const SMALL = { families: 3, doses: [0, 3, 7], trials: 4 };

it("S7: cut-offs are a record of design and procedure; other numbers from the same stream are another procedure", () => {
  const found = simulateCutoffs(SMALL, randomStream(1, "small"), { draws: 2 });
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  expect(found).toMatchObject({ procedure: 1, key: keyOf(SMALL), design: SMALL, draws: 2 });
  expect(found.riseAbove).toBeCloseTo(1, 1);
  expect(found.constantBelow).toBeCloseTo(-4.872, 1);
  expect(found.jumpAbove).toBeCloseTo(3.845, 1);
  expect(found.smoothBelow).toBeCloseTo(-2.22, 1);
  expect(found.dispersionBelow).toBeCloseTo(2.22, 1);
  expect(keyOf(SMALL)).not.toBe(keyOf({ ...SMALL, trials: 5 }));
  expect(designOf(tabled(8, DOSES, (family, dose) => [0, family === 1 && dose === 2 ? 40 : 44]))).toEqual(FULL.design);
});

it("S7: the simulation of cut-offs goes on judgement by judgement and tells how far it is", () => {
  const steps = cutoffSteps(SMALL, randomStream(1, "small"), { draws: 2 });
  const shares = Array.from({ length: 30 }, () => steps.next().value as number);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares[0]).toBeGreaterThan(0);
  expect(shares.at(-1)).toBeLessThan(1);
});

it("S7: no cut-offs are simulated for a design that cannot be told anything of", () => {
  const simulate = (other: Partial<typeof SMALL>) => () =>
    simulateCutoffs({ ...SMALL, ...other }, randomStream(1), { draws: 2 });
  expect(simulate({ families: 2 })).toThrow(RangeError);
  expect(simulate({ doses: [0, 7] })).toThrow(RangeError);
  expect(simulate({ doses: [0, 7, 3] })).toThrow(RangeError);
  expect(simulate({ trials: 0.5 })).toThrow(RangeError);
});
