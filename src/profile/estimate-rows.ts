import { effectiveNumber, entropy, jensenShannon } from "../kernel/information.ts";
import { tInterval } from "../kernel/intervals.ts";
import type { RandomStream } from "../kernel/random.ts";
import { jackknife } from "../kernel/resampling.ts";
import { stratifiedMean } from "../kernel/stratified.ts";
import { LABELS, type Label, ROWS, type Row } from "../model/label.ts";
import type { Estimate, Profile } from "../model/profile.ts";
import { clustered, type Reference } from "./estimate-cells.ts";
import type { SituationTable } from "./situation-table.ts";

const DRAWS = 999;
const UNIFORM = LABELS.map(() => 1 / LABELS.length);

type Distribution = readonly number[];
type Statistic = (own: Distribution, other: Distribution) => number;
interface Member {
  readonly own: Distribution;
  readonly other: Distribution;
  readonly table: SituationTable;
}

/**
 * Entropy, effective number and distance of each row's mean distribution (E5).
 *
 * All three lie on a boundary where a model is uniform, so they are corrected for bias by the jackknife over situations,
 * carry a bound on one side only, and the distance a p-value from a simulated null: labels exchangeable within a
 * situation (against uniform), or model and reference exchangeable within a situation (against a named reference); none
 * where the reference answered another form of the bank, or is of people, for they are not exchangeable then, nor without a
 * stream.
 */
export function estimateRows(
  tables: readonly SituationTable[],
  of: "normalised score" | "share",
  reference: Reference | null,
  stream: RandomStream | null,
): Profile["summary"] {
  const rows = ROWS.map((row) => {
    const members = membersOf(tables, row, reference);
    return [row, estimateRow(members, tables.length - members.length, of, reference, stream)];
  });
  return Object.fromEntries(rows) as Profile["summary"];
}

function estimateRow(
  members: readonly Member[],
  missing: number,
  of: "normalised score" | "share",
  reference: Reference | null,
  stream: RandomStream | null,
): Profile["summary"][Row] {
  const distance = (own: Distribution, other: Distribution) => jensenShannon(own, reference ? other : UNIFORM);
  const estimate = (statistic: Statistic, side: "low" | "high", ends: readonly [number, number]): Estimate => ({
    ...bounded(members, statistic, side, ends),
    missing,
  });
  return {
    of,
    entropyNats: estimate((own) => entropy(own), "low", [0, Math.log(LABELS.length)]),
    effectiveModes: estimate((own) => effectiveNumber(own), "low", [1, LABELS.length]),
    distance: {
      reference: reference?.name ?? "uniform",
      estimate: estimate(distance, "high", [0, Math.LN2]),
      p:
        stream === null || members.length < 2 || !isExchangeable(reference)
          ? null
          : nullProbability(members, distance, reference !== null, stream),
    },
  };
}

/** Not with another form of the bank, nor with people, whose answers hang together over situations. */
function isExchangeable(reference: Reference | null): boolean {
  return reference?.formError === undefined && reference?.profile.people === undefined;
}

function membersOf(tables: readonly SituationTable[], row: Row, reference: Reference | null): Member[] {
  const known = new Map(reference?.profile.distributions.map((one) => [one.id, one.rows[row]] as const));
  return tables.flatMap((table) => {
    const own = vector(table.distribution[row]);
    const other = reference ? known.get(table.id) : UNIFORM;
    return own && other ? [{ own, other, table }] : [];
  });
}

function vector(columns: Readonly<Record<Label, number | null>>): Distribution | null {
  const values = LABELS.map((label) => columns[label]);
  return values.some((value) => value === null) ? null : (values as number[]);
}

/** Mean distribution over members, each domain with equal weight. */
function meanOf(
  members: readonly Member[],
  weights: readonly number[],
  pick: (member: Member) => Distribution,
): Distribution {
  const mean = new Array<number>(LABELS.length).fill(0);
  members.forEach((member, index) => {
    const distribution = pick(member);
    for (let place = 0; place < mean.length; place += 1) {
      mean[place] = (mean[place] as number) + (weights[index] as number) * (distribution[place] as number);
    }
  });
  return mean;
}

function domainWeights(members: readonly Member[]): number[] {
  const sizes = new Map<string, number>();
  for (const { table } of members) sizes.set(table.domain, (sizes.get(table.domain) ?? 0) + 1);
  return members.map(({ table }) => 1 / (sizes.size * (sizes.get(table.domain) as number)));
}

function bounded(
  members: readonly Member[],
  statistic: Statistic,
  side: "low" | "high",
  [least, most]: readonly [number, number],
): Omit<Estimate, "missing"> {
  const n = members.length;
  const within = (value: number) => Math.min(most, Math.max(least, value));
  const of = (some: readonly Member[]) => {
    const weights = domainWeights(some);
    return statistic(
      meanOf(some, weights, (member) => member.own),
      meanOf(some, weights, (member) => member.other),
    );
  };
  if (n === 0) return { value: null, low: null, high: null, n, method: "empty" };
  if (n < 3) return { value: of(members), low: null, high: null, n, method: "no bound from so few situations" };
  const { corrected, standardError } = jackknife(n, (omit) => of(members.filter((_, index) => index !== omit)));
  const [low, high] = tInterval(corrected, standardError, n - 1, 0.9).map(within) as [number, number];
  const method = `jackknife, bias-corrected; one-sided 95 % ${side === "low" ? "lower" : "upper"} bound, coverage not claimed`;
  return {
    value: within(corrected),
    low: side === "low" ? low : null,
    high: side === "high" ? high : null,
    n,
    method,
  };
}

function nullProbability(
  members: readonly Member[],
  distance: Statistic,
  paired: boolean,
  stream: RandomStream,
): number {
  const weights = domainWeights(members);
  const statistic = (some: readonly Member[]) =>
    distance(
      meanOf(some, weights, (member) => member.own),
      meanOf(some, weights, (member) => member.other),
    );
  const observed = statistic(members);
  let asFar = 0;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const shuffled = members.map((member) =>
      paired ? swapped(member, stream) : { ...member, own: stream.shuffle(member.own) },
    );
    if (statistic(shuffled) >= observed - 1e-12) asFar += 1;
  }
  return (asFar + 1) / (DRAWS + 1);
}

function swapped(member: Member, stream: RandomStream): Member {
  return stream.uniform() < 0.5 ? member : { ...member, own: member.other, other: member.own };
}

/** Degrees of freedom and kind of variance that the run's intervals rest on (E2). */
export function describeDesign(tables: readonly SituationTable[]): Profile["design"] {
  const domains = new Set(tables.map((table) => table.domain)).size;
  const { variance } = stratifiedMean(clustered(tables, () => 0));
  const within = variance === "within domains";
  return {
    situations: tables.length,
    domains,
    variance,
    degreesOfFreedom: Math.max(0, within ? tables.length - domains : domains - 1),
    remark: within
      ? "Domains are fixed strata: intervals speak of other situations in these domains."
      : "One situation a domain: the variance between domains is used, so intervals are wider and speak of other domains too.",
  };
}
