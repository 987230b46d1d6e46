import { monotoneTest } from "../../../kernel/monotone-test.ts";
import { randomStream } from "../../../kernel/random.ts";
import { mean, sum } from "../../../kernel/summary.ts";
import { type GameFormat, PARTIES, REPLIES, ROLE_OPTIONS, ROLE_ROWS, type Role, STEPS } from "../../../model/games.ts";
import type { GameReading, LadderResult, LadderSeries } from "../../../model/games-report.ts";
import type { Estimate } from "../../../model/profile.ts";
import { adjusted } from "../../adjust-family.ts";
import { tally } from "../../count-silence.ts";
import { meanOverClusters, type Weights } from "../cluster-mean.ts";
import type { GamesMeasurements, LadderChoice } from "./code-games.ts";
import { asShare, probabilityOf, rate } from "./estimate-games.ts";
import { type LadderCell, meanByExchange, valuesOfChoices, valuesOfTexts } from "./ladder-values.ts";
import { readLetters } from "./read-letters.ts";

/** Fewer exchanges have too few signs and weights for a p of some thousandths. */
const LEAST_EXCHANGES = 6;
/** Claims that are made of a series: rises at every step, falls at every step, turns. */
const CLAIMS = 3;
const ROW_COUNT = 4;

/** What is followed from row to row in each role: places among its options. */
const SERIES: Readonly<Record<Role, readonly { readonly name: string; readonly of: readonly number[] }[]>> = {
  moves: [...STEPS.map((name, at) => ({ name, of: [at] })), { name: "ultimatum or threat", of: [2, 3] }],
  answers: [...REPLIES.map((name, at) => ({ name, of: [at] })), { name: "accept or yield", of: [0, 3] }],
};

/** One role of the ladder by one format: rates by row, and how they go from row to row (T27). */
export function estimateLadder(
  role: Role,
  format: GameFormat,
  measured: GamesMeasurements,
  weights: Weights,
  seed: number,
): LadderResult {
  const chosen = measured.chosen.filter((one) => one.role === role);
  const scored = measured.scored.filter((one) => one.role === role);
  const cells = format === "choice" ? valuesOfChoices(chosen) : valuesOfTexts(scored);
  const reading = format === "score" ? null : readingOf(role, chosen, seed);
  const series = estimateSeries(role, format, cells, weights, reading);
  const lost = scored.filter(({ texts }) => texts.flat().includes(null));
  return {
    ...{ role, format, unit: format === "score" ? "nats" : "proportion" },
    exchanges: new Set(cells.map(({ exchange }) => exchange)).size,
    asked: format === "score" ? scored.length : chosen.length,
    silence: tally(format === "score" ? lost.map(() => ({ silence: "failure" as const })) : chosen),
    reading,
    rows: ROLE_ROWS[role].map((name, row) => ({
      row: name,
      options: ROLE_OPTIONS[role].map((option, at) => ({
        option,
        rate: format === "score" ? null : rateOf(chosen, row, at),
        mean: (series[at] as LadderSeries).values[row] as Estimate,
      })),
      n: sum(cells.filter((cell) => cell.row === row).map(({ n }) => n)),
      missing: sum(cells.filter((cell) => cell.row === row).map(({ missing }) => missing)),
    })),
    series,
    cells: cells.map(({ exchange, party, row, values, n, missing }) => ({
      ...{ exchange, party: PARTIES[party] as string, row: ROLE_ROWS[role][row] as string, n, missing },
      values: values === null ? ROLE_OPTIONS[role].map(() => null) : [...values],
    })),
  };
}

function readingOf(role: Role, chosen: readonly LadderChoice[], seed: number): GameReading {
  const presented = chosen.flatMap(({ row, order, probability }) =>
    probability === null ? [] : [{ group: row, contents: order, probability }],
  );
  const size = { choices: ROLE_OPTIONS[role].length, groups: ROW_COUNT };
  return readLetters(presented, size, randomStream(seed, "ladder-place", role));
}

/** Share of the answers of a row that take an option. */
function rateOf(chosen: readonly LadderChoice[], row: number, option: number): Estimate {
  const answers = chosen.filter((one) => one.row === row);
  const known = answers.filter(({ probability }) => probability !== null);
  return rate(sum(known.map((one) => probabilityOf(one, option))), known.length, answers.length - known.length);
}

/** The series of a role that is asked first, and that an answer in plain words tells of. */
export const PRIMARY = { moves: "ultimatum or threat", answers: "yield" } as const;

const EXCHANGES = { one: "exchange", many: "exchanges" } as const;

function estimateSeries(
  role: Role,
  format: GameFormat,
  cells: readonly LadderCell[],
  weights: Weights,
  reading: GameReading | null,
): LadderSeries[] {
  const exchanges = meanByExchange(cells, format);
  const told = reading === null || reading.verdict === "content";
  const found = SERIES[role].map(({ name, of }) => {
    const values = exchanges.map(({ rows }) =>
      rows.map((options) => (options ? seriesValue(options, of, format) : null)),
    );
    const whole = values.filter((rows): rows is number[] => rows.every((value) => value !== null));
    const limit = format === "choice" ? asShare : <T>(estimate: T) => estimate;
    const over = (some: readonly (number | null)[]) => meanOverClusters(some, weights, EXCHANGES).estimate;
    return {
      ...{ name, options: of.map((at) => ROLE_OPTIONS[role][at] as string) },
      values: ROLE_ROWS[role].map((_, row) => limit(over(values.map((rows) => rows[row] ?? null)))),
      exchanges: exchanges.map(({ exchange }, at) => ({ exchange, values: values[at] as (number | null)[] })),
      trend: over(values.map((rows) => slopeOf(rows))),
      ...claimOf(told ? whole : [], weights),
    };
  });
  return inTurn(found, PRIMARY[role]).map(({ adjustedP, claim, ...rest }) => ({
    ...rest,
    adjusted: adjustedP,
    verdict: adjustedP !== null && adjustedP <= 0.05 ? claim : "cannot tell",
  }));
}

/**
 * With p adjusted in a fixed sequence: the primary as it is, the others by Holm, and none below the primary's, so that over
 * all of a role a false claim is made no more often than of one. Reference: Westfall & Krishen 2001, Journal of Statistical Planning and Inference 99, 25–40.
 */
function inTurn<T extends { readonly name: string; readonly p: number | null }>(
  found: readonly T[],
  primary: string,
): (T & { readonly adjustedP: number | null })[] {
  const first = found.find(({ name }) => name === primary)?.p ?? null;
  const others = new Map(
    adjusted(found.filter(({ name }) => name !== primary)).map((one) => [one.name, one.adjustedP]),
  );
  return found.map((one) => {
    const own = others.get(one.name) ?? null;
    const later = own === null || first === null ? null : Math.max(own, first);
    return { ...one, adjustedP: one.name === primary ? first : later };
  });
}

/** A share of the answers, or nats of some options against the others. */
function seriesValue(options: readonly number[], of: readonly number[], format: GameFormat): number {
  const inside = options.filter((_, at) => of.includes(at));
  if (format === "choice") return sum(inside);
  return mean(inside) - mean(options.filter((_, at) => !of.includes(at)));
}

/** Least-squares change a row; null where a row is missing. */
function slopeOf(rows: readonly (number | null)[]): number | null {
  if (rows.length < ROW_COUNT || rows.includes(null)) return null;
  const centre = (rows.length - 1) / 2;
  const squares = sum(rows.map((_, at) => (at - centre) ** 2));
  return sum(rows.map((value, at) => (value as number) * (at - centre))) / squares;
}

type Claim = Pick<LadderSeries, "p"> & { readonly claim: LadderSeries["verdict"] };

/** The likeliest of three claims, its p after Bonferroni over them; none of too few exchanges. */
function claimOf(whole: readonly (readonly number[])[], weights: Weights): Claim {
  if (whole.length < LEAST_EXCHANGES) return { p: null, claim: "cannot tell" };
  const { rises, falls, turns } = monotoneTest(whole, weights(whole.length));
  const least = Math.min(rises, falls, turns);
  const claim = least === rises ? "rises at every step" : least === falls ? "falls at every step" : "turns";
  return { p: Math.min(1, CLAIMS * least), claim };
}
