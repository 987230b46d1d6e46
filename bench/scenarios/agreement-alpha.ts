import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { bootstrapIntervals } from "../../src/kernel/bootstrap.ts";
import { unorderedPatterns } from "../../src/kernel/code-patterns.ts";
import { krippendorffAlpha, type Metric } from "../../src/kernel/krippendorff.ts";
import { randomStream } from "../../src/kernel/random.ts";
import type { Benchmark } from "../benchmark.ts";
import { median, rounded } from "../loopback-run.ts";
import { installPythonPeer } from "../peer.ts";

const UNITS = 10_000;
const CODERS = 4;
const VALUES = [0, 1, 2, 3, 4, 5];
const DRAWS = 2000;
const METRIC: Metric = "ordinal";
const TARGET = 50;
const ROUNDS = 5;
const PEER = "0.9.0";
const SCRIPT = fileURLToPath(new URL("../peers/krippendorff_alpha.py", import.meta.url));

type Codes = readonly (readonly (number | null)[])[];

interface Outcome {
  readonly alpha: number;
  readonly interval: readonly [number, number];
  readonly seconds: number;
}

/** One truth a unit, each code wrong in one of four and missing in one of ten. */
export function someCodes(units: number): Codes {
  const stream = randomStream(1, "agreement-alpha");
  return Array.from({ length: units }, () => {
    const truth = stream.pick(VALUES);
    const code = () => (stream.uniform() < 0.25 ? stream.pick(VALUES) : truth);
    return Array.from({ length: CODERS }, () => (stream.uniform() < 0.1 ? null : code()));
  });
}

/** From the codes to α and interval, as `dashpot agree` goes. */
export function ours(codes: Codes): Outcome {
  const began = performance.now();
  const coded = unorderedPatterns(codes, VALUES.length);
  const statistic = krippendorffAlpha(coded, METRIC, VALUES);
  const [found] = bootstrapIntervals(coded.weights, [(weights) => statistic(weights).value], {
    stream: randomStream(2, "agreement-alpha"),
    draws: DRAWS,
  });
  const { value: alpha } = statistic(coded.weights);
  if (!found?.interval) throw new Error("expected an interval, received none");
  return { alpha, interval: found.interval, seconds: (performance.now() - began) / 1000 };
}

function theirs(python: string, codes: Codes): Outcome {
  const input = JSON.stringify({ codes, metric: METRIC, values: VALUES, draws: DRAWS });
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT], { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`expected α from Python, received exit code ${status}: ${stderr}`);
  return JSON.parse(stdout) as Outcome;
}

/** Draws are others, so intervals agree only nearly; α itself to rounding. */
function requireAgreement(one: Outcome, other: Outcome): void {
  const apart = (a: number, b: number) => Math.abs(a - b);
  if (apart(one.alpha, other.alpha) > 1e-12)
    throw new Error(`expected one α, received ${one.alpha} and ${other.alpha}`);
  const ends = [0, 1].map((end) => apart(one.interval[end as 0 | 1], other.interval[end as 0 | 1]));
  if (Math.max(...ends) > 0.002)
    throw new Error(`expected like intervals, received ${one.interval} and ${other.interval}`);
}

/** B8. */
export const benchmark: Benchmark = {
  name: "agreement-alpha",
  stage: "profile",
  row: `ordinal α with ${DRAWS.toLocaleString("en")} bootstrap draws, ${UNITS.toLocaleString("en")} units × ${CODERS} coders`,
  target: `≥ ${TARGET} × Python krippendorff ${PEER} with the same loop`,
  run: async (signal) => {
    const codes = someCodes(UNITS);
    const python = await installPythonPeer([`krippendorff==${PEER}`], signal);
    const peer = theirs(python, codes);
    requireAgreement(ours(codes), peer);
    const seconds = Array.from({ length: ROUNDS }, () => ours(codes).seconds);
    const figure = peer.seconds / median(seconds);
    return {
      figure: rounded(figure),
      unit: "× Python krippendorff",
      target: TARGET,
      holds: figure >= TARGET,
      against: `krippendorff ${PEER}, ${rounded(peer.seconds)} s, where ours take ${rounded(median(seconds))} s`,
      n: ROUNDS,
      least: rounded(peer.seconds / Math.max(...seconds)),
    };
  },
};
