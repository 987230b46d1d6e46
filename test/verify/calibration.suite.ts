import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { mean, variance } from "../../src/kernel/summary.ts";
import { LABELS } from "../../src/model/label.ts";
import { POLICIES, policyNamed, USUAL_SPREAD } from "../../src/profile/policy.ts";
import {
  type Calibrated,
  COMPARED_EVERY,
  type Condition,
  type Coverage,
  PERMUTED_EVERY,
} from "../calibration/calibrate.ts";
import { type FullPath, fullPath } from "../calibration/full-path.ts";
import type { ConditionRequest } from "../calibration/run-condition.ts";
import type { Kind } from "../calibration/truth.ts";
import { within } from "../calibration/verdicts.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const CORRELATIONS = [0, 0.1, 0.3];
const KINDS: readonly Kind[] = ["score", "choice-letters", "choice-samples"];
const SIZE = { full: { runs: 1000, draws: 1_000_000 }, quick: { runs: 40, draws: 20_000 } } as const;

/** Beside the usual one: what the intervals of shares were not made with. */
const OTHER_SPREADS = [0.5, 2];
const SPREAD_KINDS = ["score", "choice-letters"] as const;

const CONTINUOUS = [0.93, 0.97] as const;
const PROPORTION = [0.93, 1] as const;

/** A condition with what was found, as far as the table needs it. */
interface Line {
  readonly policy: string;
  readonly icc: number;
  readonly deviation: number;
  readonly kind: Kind;
  readonly domains: Condition["domains"];
  readonly runs: number;
  readonly coverages: readonly Coverage[];
  readonly nulls: readonly {
    readonly name: string;
    readonly n: number;
    readonly at05: number;
    readonly at01: number;
  }[];
}

/** E12, E13: coverage of every interval and level of every test, for every policy, correlation and format. */
export const suite: VerifySuite = {
  name: "calibration",
  proves: ["E12", "E13"],
  title: "Coverage of intervals and level of tests on reference policies",
  budgetMinutes: 180,
  model: "none",
  doc: "docs/calibration.md",
  section: "calibration",
  run: async (context) => {
    const lines = await allLines(context);
    const paths: FullPath[] = [];
    for (const { name } of policies(context)) paths.push(await pathOf(name, context));
    const usual = lines.filter(({ deviation }) => deviation === USUAL_SPREAD.deviation);
    const found = verdictsOf(usual);
    const planted = plantedTruths(usual);
    return {
      table: [...tablesOf(usual, found), ...spreadTable(lines), ...plantedTable(planted), ...pathTable(paths)].join(
        "\n",
      ),
      holds:
        found.outside.length === 0 &&
        planted.every(({ holds }) => holds) &&
        paths.every(({ faults }) => faults.length === 0),
    };
  },
};

function policies({ quick }: SuiteContext) {
  return quick ? POLICIES.filter(({ name }) => ["market-trader", "cue-follower"].includes(name)) : POLICIES;
}

function conditions(context: SuiteContext): ConditionRequest[] {
  const size = { ...SIZE[context.quick ? "quick" : "full"], deviation: USUAL_SPREAD.deviation };
  const usual = policies(context).flatMap(({ name }) =>
    CORRELATIONS.flatMap((icc) =>
      KINDS.map((kind) => ({ policy: name, icc, kind, domains: "drawn" as const, ...size })),
    ),
  );
  const others = OTHER_SPREADS.flatMap((deviation) =>
    SPREAD_KINDS.map((kind) => ({
      ...size,
      policy: "cue-follower",
      icc: 0.1,
      kind,
      domains: "drawn" as const,
      deviation,
    })),
  );
  return [
    ...usual,
    ...KINDS.map((kind) => ({ policy: "communal", icc: 0.3, kind, domains: "fixed" as const, ...size })),
    ...others,
  ];
}

/** In the order of the conditions; as many at a time as there are cores. */
async function allLines(context: SuiteContext): Promise<Line[]> {
  const requests = conditions(context);
  const lines: Line[] = [];
  let next = 0;
  const lane = async () => {
    while (next < requests.length) {
      const place = next++;
      lines[place] = await lineOf(requests[place] as ConditionRequest, context);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return lines;
}

async function lineOf(request: ConditionRequest, { state, log, signal }: SuiteContext): Promise<Line> {
  const { policy, icc, deviation, kind, domains, runs } = request;
  const key = `${policy} ${icc} ${deviation} ${kind} ${domains}`;
  const known = state.get(key);
  if (known) return known as Line;
  signal.throwIfAborted();
  const { coverages, nulls } = await inOwnProcess(request, signal);
  const line: Line = {
    ...{ policy, icc, deviation, kind, domains, runs },
    coverages: coverages.map(interior),
    nulls: nulls.map(levels),
  };
  await state.put(key, line);
  log(`${key}: ${line.coverages.map((one) => `${one.quantity} ${spanOf(one)}`).join(", ")}`);
  return line;
}

const RUN_CONDITION = fileURLToPath(new URL("../calibration/run-condition.ts", import.meta.url));

function inOwnProcess(request: ConditionRequest, signal: AbortSignal): Promise<Calibrated> {
  const child = fork(RUN_CONDITION, [JSON.stringify(request)], { signal, execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once("message", (found: Calibrated) => resolve(found));
    child.once("error", reject);
    child.once("exit", (code, killed) =>
      reject(new Error(`expected ${JSON.stringify(request)} to end, received ${killed ?? `exit code ${code}`}`)),
    );
  });
}

function levels({ name, p }: Calibrated["nulls"][number]): Line["nulls"][number] {
  const upTo = (alpha: number) => p.filter((one) => one <= alpha).length;
  return { name, n: p.length, at05: upTo(0.05), at01: upTo(0.01) };
}

/** Without cells at the boundary, which are empty or certain: no interval on both sides is claimed for them. */
function interior(coverage: Coverage): Coverage {
  // By choice a bias is a share less one sixth.
  const shift = coverage.quantity === "bias" ? 1 / LABELS.length : 0;
  const inside = (share: number) => share > BOUNDARY && share < 1 - BOUNDARY;
  const all = coverage.continuous || coverage.quantity === "difference";
  const inner = all ? coverage.cells : coverage.cells.filter(({ truth }) => inside(truth + shift));
  return { ...coverage, cells: inner.filter(({ runs }) => runs > 0) };
}

const BOUNDARY = 0.02;

interface Verdicts {
  readonly cells: number;
  readonly tests: number;
  /** What lies outside its bounds, in words. */
  readonly outside: readonly string[];
}

function verdictsOf(lines: readonly Line[]): Verdicts {
  const cells = lines.reduce((sum, { coverages }) => sum + coverages.reduce((n, one) => n + one.cells.length, 0), 0);
  const tests = lines.reduce((sum, { nulls }) => sum + 2 * nulls.length, 0);
  const outside = [
    ...lines.flatMap((line) => absent(line).map((what) => `${nameOf(line)}: no ${what}`)),
    ...lines.flatMap((line) =>
      line.coverages.flatMap((one) => coverageFaults(one, cells).map((what) => `${nameOf(line)}: ${what}`)),
    ),
    ...lines.flatMap((line) =>
      line.nulls.flatMap((one) => levelFaults(one, tests).map((what) => `${nameOf(line)}: ${what}`)),
    ),
    ...TESTS.flatMap(([title, test]) => pooledFaults(title, test, lines)),
  ];
  return { cells, tests, outside };
}

/** Cells and tests that a condition should have and has not, or in fewer runs: what was not looked at proves nothing. */
function absent({ policy, kind, runs, coverages, nulls }: Line): string[] {
  const score = kind === "score";
  const sizes: Readonly<Record<string, number>> = score
    ? { margin: 30, bias: 6, cue: 4, decoy: 4, responsiveness: 4, difference: 36 }
    : { cue: 4, decoy: 4, responsiveness: 4, difference: 30 };
  const few = Object.entries(sizes).flatMap(([quantity, size]) => {
    const known = coverages.find((one) => one.quantity === quantity)?.cells ?? [];
    const least = ENOUGH * (quantity === "difference" ? Math.floor(runs / COMPARED_EVERY) : runs);
    return known.length === size && known.every((cell) => cell.runs >= least) ? [] : [`${size} cells of ${quantity}`];
  });
  const placed = policyNamed(policy)?.places.some((nats) => nats !== 0) ?? false;
  const names = score ? 30 + 6 + 2 + 5 + 2 : 30 + 1 + 5 + (placed ? 2 : 3);
  const compared = nulls.filter(({ name }) => /^(cell|bias|any)/.test(name));
  const enough =
    compared.every(({ n }) => n >= ENOUGH * Math.floor(runs / COMPARED_EVERY)) &&
    nulls.every(({ n }) => n >= ENOUGH * Math.floor(runs / PERMUTED_EVERY));
  return [...few, ...(nulls.length === names && enough ? [] : [`${names} tests`])];
}

/** Of the runs, so that an interval or a test that can now and then not be had may be missing. */
const ENOUGH = 0.95;

function coverageFaults({ quantity, continuous, cells }: Coverage, all: number): string[] {
  if (cells.length === 0) return [];
  const bounds = continuous ? CONTINUOUS : PROPORTION;
  const average = meanOf(cells);
  return [
    ...cells
      .filter(({ held, runs }) => !within(held, runs, bounds, all))
      .map(({ name, held, runs }) => `${quantity} ${name} ${(held / runs).toFixed(3)}`),
    ...(average >= bounds[0] && average <= bounds[1] ? [] : [`${quantity} on average ${average.toFixed(3)}`]),
  ];
}

function levelFaults({ name, n, at05, at01 }: Line["nulls"][number], all: number): string[] {
  return [
    ...(within(at05, n, [0, 0.05], all) ? [] : [`${name} P(p ≤ .05) ${(at05 / n).toFixed(3)}`]),
    ...(within(at01, n, [0, 0.01], all) ? [] : [`${name} P(p ≤ .01) ${(at01 / n).toFixed(3)}`]),
  ];
}

/** One condition has few runs of a test, all together many: their mean, each condition one value, is no more than α. */
function pooledFaults(title: string, test: RegExp, lines: readonly Line[]): string[] {
  return (
    [
      ["at05", 0.05],
      ["at01", 0.01],
    ] as const
  ).flatMap(([at, alpha]) => {
    const { level, error } = pooledLevel(test, lines, at);
    return level - Z * error <= alpha ? [] : [`${title}, all conditions: P(p ≤ ${alpha}) ${level.toFixed(4)}`];
  });
}

/** Normal deviate of one chance in a hundred over the sixteen pooled levels, on one side. */
const Z = 3.2;

function pooledLevel(test: RegExp, lines: readonly Line[], at: "at05" | "at01") {
  const levels = lines.flatMap(({ nulls }) => {
    const some = nulls.filter(({ name }) => test.test(name));
    return some.length === 0 ? [] : [some.reduce((sum, one) => sum + one[at] / one.n, 0) / some.length];
  });
  const error = levels.length > 1 ? Math.sqrt(variance(levels) / levels.length) : 0;
  return { level: mean(levels), error };
}

function nameOf({ policy, icc, kind, domains }: Line): string {
  return `${policy}, ${icc}, ${kind}${domains === "fixed" ? ", fixed domains" : ""}`;
}

function meanOf(cells: Coverage["cells"]): number {
  return cells.reduce((sum, { held, runs }) => sum + held / runs, 0) / cells.length;
}

/** Mean over cells, least and most. */
function spanOf({ cells }: Coverage): string {
  if (cells.length === 0) return "–";
  const shares = cells.map(({ held, runs }) => held / runs);
  return `${meanOf(cells).toFixed(3)} (${Math.min(...shares).toFixed(3)}–${Math.max(...shares).toFixed(3)})`;
}

const TESTS: readonly (readonly [title: string, test: RegExp])[] = [
  ["thirty cells", /^cell /],
  ["six biases", /^bias /],
  ["any cell, Holm", /^any of thirty/],
  ["any bias, Holm", /^any of six/],
  ["distance", /^distance /],
  ["rank", /^rank$/],
  ["wording", /^wording$/],
  ["place", /^place$/],
];

function tablesOf(lines: readonly Line[], { cells, tests, outside }: Verdicts): string[] {
  const parts = KINDS.flatMap((kind) => {
    const some = lines.filter((line) => line.kind === kind);
    const quantities = some[0]?.coverages.map(({ quantity }) => quantity) ?? [];
    const asked = TESTS.filter(([, test]) => some.some(({ nulls }) => nulls.some(({ name }) => test.test(name))));
    return [
      `### ${TITLES[kind]}`,
      "",
      "Share of runs whose interval held the truth: mean over the cells, least and most in brackets.",
      "",
      row(["policy", "correlation", ...quantities]),
      row(["---", "---", ...quantities.map(() => "---")]),
      ...some.map((line) => row([line.policy, iccOf(line), ...line.coverages.map(spanOf)])),
      "",
      `P(p ≤ .05) and P(p ≤ .01) where there is nothing to find, mean over the tests of a kind; of ${some[0]?.nulls[0]?.n ?? 0} pairs of runs compared, and of every ${PERMUTED_EVERY}th run permuted (distance, rank, wording, place).`,
      "",
      row(["policy", "correlation", ...asked.map(([title]) => title)]),
      row(["---", "---", ...asked.map(() => "---")]),
      ...some.map((line) => row([line.policy, iccOf(line), ...asked.map(([, test]) => levelOf(line, test))])),
      "",
    ];
  });
  return [
    ...parts,
    "### All conditions together",
    "",
    row(["test", "P(p ≤ .05)", "P(p ≤ .01)"]),
    row(["---", "---", "---"]),
    ...TESTS.map(([title, test]) => {
      const told = (at: "at05" | "at01") => {
        const { level, error } = pooledLevel(test, lines, at);
        return `${level.toFixed(4)} ± ${error.toFixed(4)}`;
      };
      return row([title, told("at05"), told("at01")]);
    }),
    "",
    `${cells} cells and ${tests} levels of tests looked at. Outside their bounds, at one chance in a hundred over all cells and one over all levels: ${outside.length === 0 ? "none" : outside.join("; ")}.`,
    "",
  ];
}

/** Shown, not held to a bound. */
function spreadTable(lines: readonly Line[]): string[] {
  const parts = SPREAD_KINDS.flatMap((kind) => {
    const some = lines.filter((line) => line.kind === kind && line.policy === "cue-follower" && line.icc === 0.1);
    const quantities = some[0]?.coverages.map(({ quantity }) => quantity) ?? [];
    return [
      row([TITLES[kind], ...quantities]),
      row(["---", ...quantities.map(() => "---")]),
      ...some
        .toSorted((a, b) => a.deviation - b.deviation)
        .map((line) => row([`${line.deviation} nats`, ...line.coverages.map(spanOf)])),
      "",
    ];
  });
  return [
    "### Other scatter",
    "",
    "Above, situations and wordings of a policy scatter by one nat. One policy, cue-follower at correlation 0.1, by half and by two: shown, and not held to a bound.",
    "",
    ...parts,
  ];
}

const TITLES: Readonly<Record<Kind, string>> = {
  score: "By score",
  "choice-letters": "By choice, log-probabilities of letters",
  "choice-samples": "By choice, samples",
};

function iccOf({ icc, domains }: Line): string {
  return domains === "fixed" ? `${icc}, fixed domains` : String(icc);
}

function levelOf({ nulls }: Line, test: RegExp): string {
  const some = nulls.filter(({ name }) => test.test(name));
  const level = (of: "at05" | "at01") => some.reduce((sum, one) => sum + one[of] / one.n, 0) / some.length;
  return some.length === 0 ? "–" : `${level("at05").toFixed(3)}, ${level("at01").toFixed(3)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

interface Planted {
  readonly truth: string;
  readonly found: string;
  readonly holds: boolean;
}

/** E13, from the means over the runs of a condition. */
function plantedTruths(lines: readonly Line[]): Planted[] {
  const of = (policy: string, kind: Kind) =>
    lines.find((one) => one.policy === policy && one.kind === kind && one.icc === 0.1);
  const values = (line: Line | undefined, quantity: string) =>
    line?.coverages.find((one) => one.quantity === quantity)?.cells ?? [];
  const told = (cells: Coverage["cells"]) => cells.map(({ name, mean }) => `${name} ${mean.toFixed(2)}`).join(", ");
  const follower = of("cue-follower", "score");
  const [flat, cues] = [values(follower, "bias"), values(follower, "cue")];
  const trader = values(of("market-trader", "score"), "bias");
  const shares = values(of("market-trader", "choice-letters"), "share");
  const marketWins = ["none", "CS", "AR", "EM", "MP"].every((name) => {
    const inRow = shares.filter((cell) => cell.name.startsWith(`${name}/`)).sort((a, b) => b.mean - a.mean);
    return inRow[0]?.name === `${name}/MP`;
  });
  const marketLeads = trader.every(
    ({ name, mean }) => name === "MP" || mean < (trader.find((one) => one.name === "MP")?.mean ?? 0) - 1,
  );
  return [
    {
      truth: "No bias, strong cue effects (cue-follower by score): bias flat, cues strong",
      found: `bias ${told(flat)}; cue ${told(cues)} nats`,
      holds:
        flat.length === 6 &&
        flat.every(({ mean }) => Math.abs(mean) < 0.05) &&
        cues.length === 4 &&
        cues.every(({ mean }) => mean > 2),
    },
    {
      truth: "Equal market pricing in every row (market-trader by score): bias towards market pricing",
      found: `bias ${told(trader)} nats`,
      holds: trader.length > 0 && marketLeads,
    },
    {
      truth: "The same by choice: market pricing has the largest share of every row",
      found: told(shares.filter(({ name }) => name.endsWith("/MP"))),
      holds: marketWins,
    },
  ];
}

function plantedTable(planted: readonly Planted[]): string[] {
  const lines = planted.map(({ truth, found, holds }) => row([truth, found, holds ? "holds" : "**does not hold**"]));
  return [
    "### Planted truths",
    "",
    row(["planted", "mean over the runs", ""]),
    row(["---", "---", "---"]),
    ...lines,
    "",
  ];
}

async function pathOf(name: string, { state, log, signal }: SuiteContext): Promise<FullPath> {
  const key = `full path ${name}`;
  const known = state.get(key);
  if (known) return known as FullPath;
  const found = await fullPath(name, signal);
  await state.put(key, found);
  log(`${key}: ${found.calls} calls, ${found.faults.join(", ") || "no fault"}`);
  return found;
}

function pathTable(paths: readonly FullPath[]): string[] {
  const lines = paths.map(({ policy, calls, faults }) => row([policy, String(calls), faults.join("; ") || "none"]));
  return [
    "### The full path",
    "",
    "One run of each policy on our bank's quick set by `dashpot profile`, with journal and signed card on disk. Looked for: the profile is that of the same answers in memory, number by number, and the card verifies.",
    "",
    row(["policy", "calls", "faults"]),
    row(["---", "---", "---"]),
    ...lines,
  ];
}
