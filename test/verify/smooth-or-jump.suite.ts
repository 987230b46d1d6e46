import { wilson } from "../../src/kernel/intervals.ts";
import { logistic } from "../../src/kernel/logistic-mass.ts";
import { type RandomStream, randomStream } from "../../src/kernel/random.ts";
import { cutoffSteps } from "../../src/profile/stress/rise/rise-cutoffs.ts";
import type { DoseCounts } from "../../src/profile/stress/rise/rise-table.ts";
import {
  judgeRise,
  type RiseCutoffs,
  type RiseDesign,
  type RiseVerdict,
} from "../../src/profile/stress/rise/smooth-or-jump.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const RUNS = 300;
/** S7: of no truth may more be told wrongly. */
const MOST_WRONG = 0.05;
/** S7: of truths large enough, so many get their name. */
const LEAST_NAMED = 0.8;

const DESIGNS = [
  { name: "full set", design: { families: 8, doses: [0, 1, 2, 3, 4, 5, 6, 7], trials: 44 }, named: true },
  { name: "quick set", design: { families: 8, doses: [0, 1, 4, 7], trials: 11 }, named: false },
] as const;

type Name = "constant" | "smooth" | "jump";
const VERDICTS = ["jump", "smooth", "constant", "cannot-tell"] as const;
type Verdict = (typeof VERDICTS)[number];

interface Truth {
  readonly text: string;
  /** Null where no candidate is true: shown, and not asked for. */
  readonly is: Name | null;
  /** Large enough to be named with the full set. */
  readonly named?: boolean;
  /** Too small to be told from none, so that "constant" is not wrong of it. */
  readonly slight?: boolean;
  /** Share of severe answers by dose, and surface, of a family: the even ones are of the first class. */
  readonly family: (stream: RandomStream, even: boolean) => (dose: number, surface: number) => number;
}

type Curve = (beyond: number) => number;

/** Of a threshold that varies by family, with a floor and a ceiling in common. */
function rises(
  curve: Curve,
  low: number,
  high: number,
  centres: readonly [number, number],
  spread: number,
): Truth["family"] {
  return (stream, even) => {
    const threshold = centres[even ? 0 : 1] + spread * stream.normal();
    return (dose) => low + (high - low) * curve(dose - threshold);
  };
}

const jumps: Curve = (beyond) => Number(beyond >= 0);
const slope =
  (rate: number): Curve =>
  (beyond) =>
    logistic(rate * beyond);
const straight =
  (levels: number): Curve =>
  (beyond) =>
    Math.min(1, Math.max(0, 0.5 + beyond / levels));
const bent =
  (rate: number): Curve =>
  (beyond) =>
    beyond > 0 ? Math.tanh(rate * beyond) : 0;
const gompertz =
  (rate: number): Curve =>
  (beyond) =>
    Math.exp(-Math.LN2 * Math.exp(-rate * beyond));
const at = (centre: number) => [centre, centre] as const;
const NEVER = 1000;

const jump = (text: string, rest: Pick<Truth, "family"> & Partial<Truth>): Truth => ({
  text: `jump, ${text}`,
  is: "jump",
  ...rest,
});
const smooth = (text: string, rest: Pick<Truth, "family"> & Partial<Truth>): Truth => ({ text, is: "smooth", ...rest });

const TRUTHS: readonly Truth[] = [
  jump("5 to 95 %, at 3.4, families alike", { family: rises(jumps, 0.05, 0.95, at(3.4), 0), named: true }),
  jump("5 to 95 %, families vary by 0.5", { family: rises(jumps, 0.05, 0.95, at(3.4), 0.5), named: true }),
  jump("5 to 95 %, by 1", { family: rises(jumps, 0.05, 0.95, at(3.4), 1), named: true }),
  jump("5 to 95 %, half at 3, half at 6", { family: rises(jumps, 0.05, 0.95, [2.7, 5.7], 0), named: true }),
  jump("5 to 95 %, half at 4, half never", { family: rises(jumps, 0.05, 0.95, [3.7, NEVER], 0), named: true }),
  jump("10 to 60 %, families alike", { family: rises(jumps, 0.1, 0.6, at(3.4), 0), named: true }),
  jump("10 to 60 %, by 0.5", { family: rises(jumps, 0.1, 0.6, at(3.4), 0.5), named: true }),
  jump("10 to 60 %, by 1", { family: rises(jumps, 0.1, 0.6, at(3.4), 1), named: true }),
  jump("10 to 60 %, half at 3, half at 6, by 0.3", {
    family: rises(jumps, 0.1, 0.6, [2.7, 5.7], 0.3),
    named: true,
  }),
  jump("10 to 60 %, half at 4, half never, by 0.3", { family: rises(jumps, 0.1, 0.6, [3.7, NEVER], 0.3) }),
  jump("2 to 30 %, families alike", { family: rises(jumps, 0.02, 0.3, at(3.4), 0) }),
  jump("2 to 30 %, by 1", { family: rises(jumps, 0.02, 0.3, at(3.4), 1) }),
  jump("20 to 40 %, by 0.5", { family: rises(jumps, 0.2, 0.4, at(3.4), 0.5) }),
  jump("2 to 12 %, by 1", { family: rises(jumps, 0.02, 0.12, at(3.4), 1), slight: true }),
  jump("5 to 95 %, at the last dose", { family: rises(jumps, 0.05, 0.95, at(6.5), 0) }),
  smooth("logistic, slope 0.5, 2 to 98 %, by 1", { family: rises(slope(0.5), 0.02, 0.98, at(3.3), 1), named: true }),
  smooth("logistic, slope 1, 5 to 95 %, by 0.5", { family: rises(slope(1), 0.05, 0.95, at(3.3), 0.5), named: true }),
  smooth("logistic, slope 2, 5 to 95 %, families alike", {
    family: rises(slope(2), 0.05, 0.95, at(3.3), 0),
    named: true,
  }),
  smooth("logistic, slope 2, 5 to 95 %, by 1", { family: rises(slope(2), 0.05, 0.95, at(3.3), 1), named: true }),
  smooth("logistic, slope 2.9, 5 to 95 %, by 0.5", {
    family: rises(slope(2.9), 0.05, 0.95, at(3.5), 0.5),
    named: true,
  }),
  smooth("logistic, slope 1.5, 5 to 95 %, half at 2, half at 5.5", {
    family: rises(slope(1.5), 0.05, 0.95, [2, 5.5], 0.3),
    named: true,
  }),
  smooth("logistic, slope 1.5, 5 to 95 %, half at 4, half never", {
    family: rises(slope(1.5), 0.05, 0.95, [4, NEVER], 0.3),
    named: true,
  }),
  smooth("linear over 4 levels, 10 to 60 %, by 0.5", {
    family: rises(straight(4), 0.1, 0.6, at(3.5), 0.5),
    named: true,
  }),
  smooth("hinge, 10 to 60 %, by 0.5", { family: rises(bent(0.5), 0.1, 0.6, at(2.2), 0.5), named: true }),
  smooth("Gompertz, slope 1, 5 to 60 %, by 0.7", { family: rises(gompertz(1), 0.05, 0.6, at(3.5), 0.7), named: true }),
  smooth("logistic, slope 2.9, 10 to 60 %, by 1", { family: rises(slope(2.9), 0.1, 0.6, at(3.5), 1), named: true }),
  smooth("logistic, slope 2, 2 to 30 %, by 0.5", { family: rises(slope(2), 0.02, 0.3, at(3.4), 0.5) }),
  smooth("logistic, slope 2.9, 2 to 30 %, families alike", { family: rises(slope(2.9), 0.02, 0.3, at(3.5), 0) }),
  smooth("logistic, slope 2.9, 20 to 40 %, by 0.5", { family: rises(slope(2.9), 0.2, 0.4, at(3.5), 0.5) }),
  smooth("hinge, 2 to 12 %, by 1", { family: rises(bent(0.9), 0.02, 0.12, at(2.8), 1), slight: true }),
  { text: "constant, 0 %", is: "constant", named: true, family: () => () => 0 },
  { text: "constant, 3 %", is: "constant", named: true, family: () => () => 0.03 },
  { text: "constant, 40 %", is: "constant", named: true, family: () => () => 0.4 },
  { text: "constant, about 20 %, families vary by a logit of 1", is: "constant", named: true, family: levels(-1.4, 1) },
  {
    text: "constant, half 5 %, half 60 %",
    is: "constant",
    named: true,
    family: (_, even) => always(even ? 0.05 : 0.6),
  },
  {
    text: "logistic, slope 4.4: steeper than smooth, 5 to 95 %",
    is: null,
    family: rises(slope(4.4), 0.05, 0.95, at(3.4), 0.5),
  },
  { text: "jump, 95 %, floors vary by a logit of 0.7", is: null, family: floors(jumps, 0.7) },
  { text: "logistic, slope 1.5, 95 %, floors vary by a logit of 0.7", is: null, family: floors(slope(1.5), 0.7) },
  { text: "jump, 5 to 95 %, the four surfaces of a family vary by 1", is: null, family: surfaces(jumps, 1) },
  { text: "logistic, slope 1.5, 5 to 95 %, surfaces vary by 1", is: null, family: surfaces(slope(1.5), 1) },
  {
    text: "falling, logistic, 95 to 5 %",
    is: null,
    family: rises((beyond) => logistic(-beyond), 0.05, 0.95, at(3.4), 0.5),
  },
];

function always(share: number) {
  return () => share;
}

function levels(logit: number, spread: number): Truth["family"] {
  return (stream) => always(logistic(logit + spread * stream.normal()));
}

/** About 10 % to 95 %. */
function floors(curve: Curve, spread: number): Truth["family"] {
  return (stream) => {
    const [threshold, low] = [3.4 + 0.5 * stream.normal(), logistic(-2.2 + spread * stream.normal())];
    return (dose) => low + (0.95 - low) * curve(dose - threshold);
  };
}

function surfaces(curve: Curve, spread: number): Truth["family"] {
  return (stream) => {
    const family = 3.4 + 0.5 * stream.normal();
    const thresholds = Array.from({ length: 4 }, () => family + spread * stream.normal());
    return (dose, surface) => 0.05 + 0.9 * curve(dose - (thresholds[surface] as number));
  };
}

/** S7: smooth rises are rarely called jumps, jumps rarely smooth, constants rarely either, and large ones get their name. */
export const suite: VerifySuite = {
  name: "smooth-or-jump",
  proves: ["S7"],
  title: "Smooth rises, jumps and constants are told apart, or not told",
  budgetMinutes: 30,
  model: "none",
  doc: "docs/calibration.md",
  section: "smooth-or-jump",
  run: async (context) => {
    const runs = context.quick ? RUNS / 20 : RUNS;
    const parts: string[] = [];
    let holds = true;
    for (const { name, design, named } of DESIGNS) {
      const cutoffs = await cutoffsOf(design, context);
      const counts: Counts[] = [];
      for (const truth of TRUTHS) counts.push(await oneTruth(truth, name, design, cutoffs, runs, context));
      parts.push(tableOf(name, design, cutoffs, counts, runs, named));
      holds &&= TRUTHS.every((truth, place) => keeps(truth, counts[place] as Counts, runs, named));
    }
    return { table: parts.join("\n\n"), holds };
  },
};

async function cutoffsOf(design: RiseDesign, { state, log, signal, quick }: SuiteContext): Promise<RiseCutoffs> {
  const key = `cut-offs of ${design.doses.length} doses`;
  const known = state.get<RiseCutoffs>(key);
  if (known) return known;
  const steps = cutoffSteps(design, randomStream(1, "smooth-or-jump", "cut-offs"), quick ? { draws: 16 } : {});
  for (;;) {
    signal.throwIfAborted();
    const step = steps.next();
    if (step.done) {
      state.put(key, step.value);
      log(`${key}: ${JSON.stringify(step.value)}`);
      return step.value;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

type Counts = Readonly<Record<Verdict | "misfit", number>>;

async function oneTruth(
  truth: Truth,
  name: string,
  design: RiseDesign,
  cutoffs: RiseCutoffs,
  runs: number,
  { state, log, signal }: SuiteContext,
): Promise<Counts> {
  const key = `${name}: ${truth.text}`;
  const known = state.get<Counts>(key);
  if (known) return known;
  const counts = { jump: 0, smooth: 0, constant: 0, "cannot-tell": 0, misfit: 0 };
  for (let run = 0; run < runs; run += 1) {
    signal.throwIfAborted();
    const told: RiseVerdict = judgeRise(drawn(truth, design, randomStream(2, "smooth-or-jump", key, run)), cutoffs);
    counts[told.verdict] += 1;
    if (told.reason === "no-candidate-fits") counts.misfit += 1;
    if (run % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
  }
  state.put(key, counts);
  log(`${key}: ${JSON.stringify(counts)}`);
  return counts;
}

function drawn(truth: Truth, { families, doses, trials }: RiseDesign, stream: RandomStream): DoseCounts {
  const rows = Array.from({ length: families }, (_, family) => {
    const share = truth.family(stream, family % 2 === 0);
    return doses.map((dose) => {
      let hits = 0;
      for (let trial = 0; trial < trials; trial += 1) if (stream.uniform() < share(dose, trial % 4)) hits += 1;
      return { dose, hits, family };
    });
  }).flat();
  return {
    dose: Float64Array.from(rows, ({ dose }) => dose),
    successes: Float64Array.from(rows, ({ hits }) => hits),
    trials: new Float64Array(rows.length).fill(trials),
    family: Int32Array.from(rows, ({ family }) => family),
    families,
  };
}

/** Told to be something that it is not. */
function wrong({ is, slight }: Truth, counts: Counts): number {
  const names = (["constant", "smooth", "jump"] as const).filter(
    (name) => name !== is && !(slight && name === "constant"),
  );
  return names.reduce((sum, name) => sum + counts[name], 0);
}

/** Of a slice that is too small for shares of 5 %, what may still be chance. */
function tolerated(count: number, runs: number): boolean {
  return (runs < 100 ? wilson(count, runs)[0] : count / runs) <= MOST_WRONG;
}

function reached(count: number, runs: number): boolean {
  return (runs < 100 ? wilson(count, runs)[1] : count / runs) >= LEAST_NAMED;
}

function keeps(truth: Truth, counts: Counts, runs: number, named: boolean): boolean {
  if (truth.is === null) return true;
  const right = reached(counts[truth.is], runs);
  return tolerated(wrong(truth, counts), runs) && (right || !(named && truth.named));
}

function tableOf(
  name: string,
  { families, doses, trials }: RiseDesign,
  { riseAbove, constantBelow, jumpAbove, smoothBelow, dispersionBelow, draws }: RiseCutoffs,
  found: readonly Counts[],
  runs: number,
  named: boolean,
): string {
  const share = (count: number) => (count / runs).toFixed(3);
  const ends = (count: number) =>
    wilson(count, runs)
      .map((end) => end.toFixed(3))
      .join("–");
  const cell = (count: number, holds: boolean) => `${holds ? share(count) : `**${share(count)}**`} (${ends(count)})`;
  const asked = named
    ? `Asked for: no truth called something else in more than ${100 * MOST_WRONG} % of the runs, and its name in at least ${100 * LEAST_NAMED} % of those marked *. Bold: not held.`
    : `Asked for: no truth called something else in more than ${100 * MOST_WRONG} % of the runs. Bold: not held.`;
  return [
    `**The ${name}**: ${families} families, doses ${doses.join(", ")}, ${trials} answers a cell; ${runs} runs a truth. Cut-offs in nats (of ${draws} draws of the worst truths): a rise above ${riseAbove.toFixed(1)}, none below ${constantBelow.toFixed(1)}; a jump above ${jumpAbove.toFixed(1)}, smooth below ${smoothBelow.toFixed(1)}; dispersion up to ${dispersionBelow.toFixed(2)}. ${asked}`,
    "",
    "| truth | jump | smooth | constant | cannot tell | of these, no candidate fits | right name (95 % interval) | wrong name (95 % interval) |",
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ...TRUTHS.map((truth, place) => {
      const counts = found[place] as Counts;
      const { is } = truth;
      const star = named && truth.named;
      const shares = [...VERDICTS, "misfit" as const].map((verdict) => share(counts[verdict]));
      const missed = wrong(truth, counts);
      const judged =
        is === null
          ? ["not a candidate", "not a candidate"]
          : [
              cell(counts[is], !star || reached(counts[is], runs)),
              `${cell(missed, tolerated(missed, runs))}${truth.slight ? ", constant allowed" : ""}`,
            ];
      return `| ${truth.text}${star ? " *" : ""} | ${[...shares, ...judged].join(" | ")} |`;
    }),
  ].join("\n");
}
