import { POLICIES, USUAL_SPREAD } from "../../src/profile/policy.ts";
import { boundsWithError, type Calibrated, type Coverage, calibrate } from "../calibration/calibrate.ts";
import type { Kind } from "../calibration/truth.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const NAMES = [
  "uniform",
  "market-trader",
  "communal",
  "egalitarian",
  "hierarch",
  "exploiter",
  "position-biased",
  "refuser",
  "cue-follower",
  "topic-follower",
];
const CORRELATIONS = [0, 0.1, 0.3];
const KINDS: readonly Kind[] = ["score", "choice-letters", "choice-samples"];
const RUNS = 1000;
const DRAWS = 1_000_000;

interface Line {
  readonly policy: string;
  readonly icc: number;
  readonly kind: Kind;
  readonly coverages: readonly {
    quantity: string;
    continuous: boolean;
    cells: number;
    least: number;
    mean: number;
    most: number;
    runs: number;
    outside: number;
  }[];
  readonly nullAt05: number;
  readonly nullAt01: number;
  readonly comparisons: number;
}

/** E12: coverage of every interval and the level of the sign-flips, for every policy, correlation and format. */
export const suite: VerifySuite = {
  name: "calibration",
  proves: ["E12", "E13"],
  title: "Coverage of intervals and level of tests on reference policies",
  budgetMinutes: 150,
  model: "none",
  doc: "docs/calibration.md",
  section: "calibration",
  run: async (context) => {
    const lines: Line[] = [];
    for (const { name, icc, kind } of conditions(context)) lines.push(await condition(name, icc, kind, context));
    return { table: tableOf(lines), holds: lines.every(lineHolds) };
  },
};

function conditions({ quick }: SuiteContext) {
  const names = quick ? NAMES.slice(0, 2) : NAMES;
  return names.flatMap((name) => CORRELATIONS.flatMap((icc) => KINDS.map((kind) => ({ name, icc, kind }))));
}

async function condition(
  name: string,
  icc: number,
  kind: Kind,
  { state, log, signal, quick }: SuiteContext,
): Promise<Line> {
  const key = `${name} ${icc} ${kind}`;
  const known = state.get(key);
  if (known) return known as Line;
  const policy = POLICIES.find((one) => one.name === name);
  if (!policy) throw new RangeError(`no policy ${name}`);
  const spread = { ...USUAL_SPREAD, intraclassCorrelation: icc };
  const found = await calibrate(policy, spread, kind, quick ? 40 : RUNS, quick ? 20_000 : DRAWS, signal);
  const line = summarise(name, icc, kind, found);
  await state.put(key, line);
  log(
    `${key}: ${line.coverages.map(({ quantity, least, most }) => `${quantity} ${least.toFixed(3)}–${most.toFixed(3)}`).join(", ")}`,
  );
  return line;
}

function summarise(policy: string, icc: number, kind: Kind, { coverages, nullP }: Calibrated): Line {
  const below = (alpha: number) => nullP.filter((p) => p <= alpha).length / nullP.length;
  return {
    policy,
    icc,
    kind,
    coverages: coverages.map(coverageOf),
    nullAt05: below(0.05),
    nullAt01: below(0.01),
    comparisons: nullP.length,
  };
}

/** Cells at a boundary (empty, or never and always won) are proportions whose interval is one-sided; continuous ones in the interior. */
function coverageOf({ quantity, continuous, cells }: Coverage): Line["coverages"][number] {
  const inner = quantity === "normalised" ? cells.filter(({ truth }) => truth > 0.02 && truth < 0.98) : cells;
  const shares = inner.map(({ held, runs }) => held / runs);
  const runs = Math.min(...inner.map((cell) => cell.runs));
  const [low, high] = boundsWithError(0.93, continuous ? 0.97 : 1, runs, inner.length);
  const outside = shares.filter((share) => share < low || share > high).length;
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return {
    quantity,
    continuous,
    cells: inner.length,
    least: Math.min(...shares),
    mean,
    most: Math.max(...shares),
    runs,
    outside,
  };
}

function lineHolds({ coverages, nullAt05, nullAt01, comparisons }: Line): boolean {
  const [, most05] = boundsWithError(0.05, 0.05, comparisons / 6, 1);
  const [, most01] = boundsWithError(0.01, 0.01, comparisons / 6, 1);
  return coverages.every(({ outside }) => outside === 0) && nullAt05 <= most05 && nullAt01 <= most01;
}

function tableOf(lines: readonly Line[]): string {
  const head =
    "| policy | correlation | asked by | quantity | cells | least | mean | most | runs | outside | P(p ≤ .05) | P(p ≤ .01) |";
  const rule = "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |";
  const rows = lines.flatMap((line) =>
    line.coverages.map((one, index) =>
      [
        "",
        line.policy,
        line.icc,
        line.kind,
        `${one.quantity}${one.continuous ? "" : " (in [0, 1])"}`,
        one.cells,
        one.least.toFixed(3),
        one.mean.toFixed(3),
        one.most.toFixed(3),
        one.runs,
        one.outside,
        index === 0 ? line.nullAt05.toFixed(4) : "",
        index === 0 ? line.nullAt01.toFixed(4) : "",
        "",
      ]
        .join(" | ")
        .trim(),
    ),
  );
  return [head, rule, ...rows].join("\n");
}
