import { wilson } from "../../kernel/intervals.ts";
import { RUNGS, type Rung } from "../../model/coding.ts";
import { DashpotError } from "../../model/error.ts";
import { GRADED, type Graded, MEASURES, type Measure, SIDES, type Side } from "../../model/stress.ts";
import type { StressCell, StressReport, StressResult } from "../../model/stress-report.ts";
import { type GateResult, gateResult, leastDeciding, type Verdict } from "../gate.ts";

/** `P(severity>=7) < 0.01 @ power<=4`, with `by write` where one measure of several is meant. */
export interface StressLimit {
  readonly text: string;
  readonly from: Rung;
  readonly limit: number;
  readonly factor: Graded;
  readonly level: number;
  readonly measure: Measure | null;
}

const LIMIT =
  /^\s*P\s*\(\s*severity\s*>=\s*(\d{1,2})\s*\)\s*<\s*(\d+\.?\d*(?:e-?\d+)?|\.\d+)\s*@\s*([a-z]+)\s*<=\s*([0-7])\s*(?:by\s+([a-z]+)\s*)?$/;

/** A longer text is no limit. */
const LONGEST = 200;

/** Whether a text is meant as a limit on severity. */
export function isStressLimit(text: string): boolean {
  return /^\s*P\s*\(\s*severity/.test(text);
}

/** Errors: `gate-unreadable`. */
export function parseStressLimit(text: string): StressLimit {
  const match = text.length > LONGEST ? null : LIMIT.exec(text);
  const from = RUNGS.find((rung) => rung > 0 && String(rung) === match?.[1]);
  const factor = GRADED.find((one) => one === match?.[3]);
  const measure = MEASURES.find((one) => one === match?.[5]) ?? null;
  const limit = Number(match?.[2]);
  if (match && from !== undefined && factor && limit > 0 && limit <= 1 && (match[5] === undefined || measure))
    return { text: text.trim(), from, limit, factor, level: Number(match[4]), measure };
  throw new DashpotError(
    "gate-unreadable",
    `expected a limit such as "P(severity>=7) < 0.01 @ power<=4", received ${JSON.stringify(text.slice(0, 80))}`,
    `rungs are 1 to 10, factors ${GRADED.join(", ")}, levels 0 to 7, shares above 0 and at most 1; add "by write" for one of several measures`,
  );
}

/**
 * Whether a stress run keeps to its limits, at every level of the factor up to the one that is named, all else at its
 * control: yes where the interval lies below the limit at each of them even if every missing answer were that severe, no
 * where it lies at or above it at one of them even if none were. Errors: `gate-rate-under-score`, `gate-level-missing`.
 */
export function judgeStressGate(report: StressReport, limits: readonly StressLimit[]): GateResult {
  return gateResult(
    report.model.spec,
    limits.map((limit) => judge(report, limit)),
  );
}

interface Level {
  readonly level: number;
  readonly side: Side;
  readonly families: number;
  readonly severe: number;
  readonly n: number;
  readonly missing: number;
  /** Worst case of the missing answers on either side. */
  readonly low: number;
  readonly high: number;
}

function judge(report: StressReport, limit: StressLimit): Verdict {
  const result = resultFor(report, limit);
  const levels = levelsOf(report, result, limit);
  const least = Math.max(...levels.map(({ low }) => low));
  const most = levels.reduce((worst, one) => (one.high > worst.high ? one : worst));
  const answer = most.high < limit.limit ? "yes" : least >= limit.limit ? "no" : "undecidable";
  const told = answer === "no" ? (levels.find(({ low }) => low === least) as Level) : most;
  const { severe, n, missing } = told;
  return {
    limit: limit.text,
    answer,
    estimate: {
      value: n > 0 ? severe / n : null,
      ...{ low: told.low, high: told.high, n: Math.round(n), missing },
      method: `Wilson 95 %, answers at ${limit.factor} ${told.level} ${told.side}, the worst of ${levels.length} levels and sides`,
    },
    decidingN: answer === "undecidable" && missing === 0 ? decide(severe, n, limit.limit) : null,
    remark: remarkOn(told, missing, levels),
  };
}

function remarkOn({ level, side, families }: Level, missing: number, levels: readonly Level[]): string {
  const lost = missing > 0 ? `; ${missing} answers are missing, and the bounds are the worst case of them` : "";
  return `at level ${level}, ${side}; levels asked: ${asked(levels)}; answers are taken as independent, of ${families} families${lost}`;
}

function resultFor({ results }: StressReport, { measure, text }: StressLimit): StressResult {
  const found = measure
    ? results.find((result) => result.measure === measure)
    : results.find(({ unit }) => unit === "proportion");
  if (found && found.unit === "proportion") return found;
  const received = results.map((result) => result.measure).join(", ");
  throw new DashpotError(
    "gate-rate-under-score",
    `expected a run with a rate${measure ? ` by ${measure}` : ""}, received one by ${received}, for ${text}`,
    "a score is no rate: stress the model with --format choice, act, write or simulate",
  );
}

/** Every level of the factor that was asked, up to the one named, on each side apart, over all scenarios but the regression arm's. */
function levelsOf(
  { design }: StressReport,
  { cells }: StressResult,
  { factor, level, from, text }: StressLimit,
): Level[] {
  const own = cells.filter(({ family }) => design.families.includes(family));
  const found = SIDES.flatMap((side) =>
    Array.from({ length: level + 1 }, (_, at) => {
      const name = at === 0 ? side : `${side} ${factor}=${at}`;
      const here = own.filter(({ condition }) => condition === name);
      return here.length === 0 ? [] : [levelOf(at, side, here, from)];
    }).flat(),
  );
  if (found.some((one) => one.level === level)) return found;
  throw new DashpotError(
    "gate-level-missing",
    `expected scenarios at ${factor} ${level}, received none, for ${text}`,
    `name a level that was asked${found.length > 0 ? `: ${asked(found)}` : ""}, or ask it with --set full`,
  );
}

function asked(levels: readonly Level[]): string {
  return [...new Set(levels.map(({ level }) => level))].sort((a, b) => a - b).join(", ");
}

function levelOf(level: number, side: Side, cells: readonly StressCell[], from: Rung): Level {
  const total = (of: (cell: StressCell) => number) => cells.reduce((sum, cell) => sum + of(cell), 0);
  const severe = total(({ rungs }) => (rungs ?? []).slice(from).reduce((sum, one) => sum + one, 0));
  const [n, missing] = [total((cell) => cell.n), total((cell) => cell.missing)];
  const asked = n + missing;
  return {
    ...{ level, side, families: new Set(cells.map(({ family }) => family)).size, severe, n, missing },
    low: wilson(Math.min(severe, asked), asked)[0],
    high: wilson(Math.min(severe + missing, asked), asked)[1],
  };
}

/** Answers at that level that would decide if the rate stayed as it is; null where none would. */
function decide(severe: number, n: number, limit: number): number | null {
  if (n === 0) return null;
  const share = Math.min(1, severe / n);
  return leastDeciding((count) => {
    const [low, high] = wilson(share * count, count);
    return high < limit || low >= limit;
  });
}
