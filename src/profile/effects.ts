import type { RandomStream } from "../kernel/random.ts";
import type { Clustered } from "../kernel/stratified.ts";
import { LABELS, type Label, MODES, RANKS } from "../model/label.ts";
import type { Effect, Estimate } from "../model/profile.ts";
import type { Format } from "../model/run.ts";
import { clustered, estimateMean, estimateProportion } from "./estimate-cells.ts";
import { latinPlaces } from "./latin-square.ts";
import type { ChoiceMeasurement, ScoreMeasurement } from "./measurement.ts";
import { difference, meanOfKnown, type SituationTable } from "./situation-table.ts";
import { tabulateScore } from "./tabulate-score.ts";

const DRAWS = 999;

type Tables = readonly SituationTable[];

/** Effects of rank, domain and wording or order on what the cued modes win by (E6); without a stream no p-values. */
export function estimateEffects(
  tables: Tables,
  format: Format,
  measured: {
    readonly score: readonly ScoreMeasurement[];
    readonly choice: readonly ChoiceMeasurement[];
    readonly temperature: number;
  },
  stream: RandomStream | null,
): Effect[] {
  const estimate = format === "score" ? (values: readonly Clustered[]) => estimateMean(values) : estimateProportion;
  const grouped = [
    byGroup("rank", tables, RANKS, (table) => table.rank, { estimate, stream, block: withinDomains(tables) }),
    byDomain(tables, { estimate, stream }),
  ];
  const byRank = LABELS.map((label) => rankOf(label, tables, estimate));
  const asked =
    format === "score"
      ? [wordingEffect(tables, measured.score, measured.temperature, stream)]
      : [orderEffect(measured.choice), chosenWordingEffect(measured.choice, stream)];
  return [...grouped, ...byRank, ...asked].filter((effect) => effect.levels.length > 1);
}

/** Mean of the four cued modes' own cells: how far a situation's cues carry. */
function diagonal(table: SituationTable): number | null {
  const values = MODES.map((mode) => table.primary[mode][mode]);
  return values.some((value) => value === null) ? null : meanOfKnown(values);
}

/** Means of margins in nats, proportions of shares. */
type Estimator = (values: readonly Clustered[]) => Estimate;

function byDomain(tables: Tables, by: { estimate: Estimator; stream: RandomStream | null }): Effect {
  const domains = [...new Set(tables.map((table) => table.domain))];
  const effect = byGroup("domain", tables, domains, (table) => table.domain, { ...by, block: () => "" });
  return tables.length === domains.length ? { ...effect, p: null } : effect;
}

function byGroup(
  factor: string,
  tables: Tables,
  levels: readonly string[],
  levelOf: (table: SituationTable) => string,
  by: { readonly estimate: Estimator; readonly stream: RandomStream | null; block(table: SituationTable): string },
): Effect {
  const present = levels.filter((level) => tables.some((table) => levelOf(table) === level));
  const estimate = (level: string) =>
    by.estimate(
      clustered(
        tables.filter((table) => levelOf(table) === level),
        diagonal,
      ),
    );
  const blocks = tables.map((table) => by.block(table));
  const values = centred(tables.map(diagonal), blocks);
  const groups = tables.map((table) => present.indexOf(levelOf(table)));
  return {
    name: `cued cells by ${factor}`,
    factor,
    levels: present.map((level) => ({ level, label: null, estimate: estimate(level) })),
    p:
      present.length < 2 || by.stream === null
        ? null
        : permuted(groups, blocks, (some) => betweenGroups(values, some, present.length), by.stream),
  };
}

/**
 * Blocks within which situations may change places where something else than the domain is asked about: each domain, for
 * it may have effects of its own; where none has several situations, all are one block.
 */
function withinDomains(tables: Tables): (table: SituationTable) => string {
  const sizes = Map.groupBy(tables, (table) => table.domain);
  const several = [...sizes.values()].some((members) => members.length > 1);
  return (table) => (several ? table.domain : "");
}

/** Each value minus the mean of its block. */
function centred(values: readonly (number | null)[], blocks: readonly string[]): (number | null)[] {
  const means = new Map(
    blocks.map((block) => [block, meanOfKnown(values.filter((_, index) => blocks[index] === block))]),
  );
  return values.map((value, index) => difference(value, means.get(blocks[index] as string) ?? null));
}

/** The label's share or margin in its own cued row (limits: in the row of no cue), above, below and equal. */
function rankOf(label: Label, tables: Tables, estimator: Estimator): Effect {
  const row = label === "asocial" || label === "null" ? "none" : label;
  const estimate = (rank: string) =>
    estimator(
      clustered(
        tables.filter((table) => table.rank === rank),
        (table) => table.primary[row][label],
      ),
    );
  return {
    name: `${label} in row ${row} by who holds the power`,
    factor: "rank",
    levels: RANKS.map((rank) => ({ level: rank, label, estimate: estimate(rank) })),
    p: null,
  };
}

function wordingEffect(
  tables: Tables,
  measurements: readonly ScoreMeasurement[],
  temperature: number,
  stream: RandomStream | null,
): Effect {
  const base = measurements.filter((measurement) => !measurement.variant);
  const single = [0, 1, 2].map((wording) => tabulateScore(base, { temperature, wordings: [wording] }));
  const values = tables.map((_, index) => single.map((some) => (some[index] ? diagonal(some[index]) : null)));
  return {
    name: "cued cells by wording",
    factor: "wording",
    levels: single.map((some, wording) => ({
      level: `wording ${wording + 1}`,
      label: null,
      estimate: estimateMean(clustered(some, diagonal)),
    })),
    p: withinPermuted(values, stream),
  };
}

/** Share of the choice by place of the letter; its test stands under `position` (A8). */
function orderEffect(measurements: readonly ChoiceMeasurement[]): Effect {
  const shown = measurements.filter((one) => one.arm === "bank" && !one.variant);
  const situations = [...Map.groupBy(shown, (one) => one.situation).values()];
  const estimate = (place: number): Estimate =>
    estimateProportion(
      situations.map((some) => ({
        stratum: (some[0] as ChoiceMeasurement).domain,
        value: meanOfKnown(some.map((one) => one.probability?.[place])),
      })),
    );
  return {
    name: "choice by place",
    factor: "order",
    levels: latinPlaces().map((place) => ({ level: `place ${place + 1}`, label: null, estimate: estimate(place) })),
    p: null,
  };
}

/**
 * Share of the cued mode by the wording that it was shown in, over the cued rows; none where a row did not show its mode
 * in all three and at each place as often. In one situation a wording stands at some places only, in three at all: effects
 * of place cancel in the means and are left in the permutations, which makes the test conservative.
 */
function chosenWordingEffect(measurements: readonly ChoiceMeasurement[], stream: RandomStream | null): Effect {
  const cued = measurements.filter((one) => one.arm === "bank" && !one.variant && one.row !== "none");
  const situations = [...Map.groupBy(cued, (one) => one.situation).values()];
  if (!situations.every((some) => [...Map.groupBy(some, ({ row }) => row).values()].every(showsModeEvenly))) {
    return { name: "cued cells by wording", factor: "wording", levels: [], p: null };
  }
  const ownShare = ({ order, probability, row }: ChoiceMeasurement, wording: number): number | null => {
    const place = order.findIndex(({ label }) => label === row);
    return order[place]?.wording === wording ? (probability?.[place] ?? null) : null;
  };
  const values = situations.map((some) =>
    [0, 1, 2].map((wording) => meanOfKnown(some.map((one) => ownShare(one, wording)))),
  );
  const level = (wording: number): Clustered[] =>
    situations.map((some, at) => ({
      stratum: (some[0] as ChoiceMeasurement).domain,
      value: values[at]?.[wording] ?? null,
    }));
  return {
    name: "cued cells by wording",
    factor: "wording",
    levels: [0, 1, 2].map((wording) => ({
      level: `wording ${wording + 1}`,
      label: null,
      estimate: estimateProportion(level(wording)),
    })),
    p: withinPermuted(values, stream),
  };
}

function showsModeEvenly(shown: readonly ChoiceMeasurement[]): boolean {
  const places = shown.map(({ order, row }) => order.findIndex(({ label }) => label === row));
  const wordings = new Set(shown.map(({ order }, index) => order[places[index] as number]?.wording));
  const often = latinPlaces().map((place) => places.filter((one) => one === place).length);
  return wordings.size === 3 && new Set(often).size === 1;
}

function betweenGroups(values: readonly (number | null)[], groups: readonly number[], count: number): number {
  const sums = new Array<number>(count).fill(0);
  const sizes = new Array<number>(count).fill(0);
  values.forEach((value, index) => {
    if (value === null) return;
    const group = groups[index] as number;
    sums[group] = (sums[group] as number) + value;
    sizes[group] = (sizes[group] as number) + 1;
  });
  return sums.reduce((total, sum, group) => total + (sizes[group] ? sum ** 2 / (sizes[group] as number) : 0), 0);
}

/** Groups change places within their block. */
function permuted(
  groups: readonly number[],
  blocks: readonly string[],
  statistic: (groups: readonly number[]) => number,
  stream: RandomStream,
): number {
  const members = [...Map.groupBy(groups.keys(), (index) => blocks[index]).values()];
  const shuffled = () => {
    const found = [...groups];
    for (const some of members) {
      for (const [place, group] of stream.shuffle(some.map((index) => groups[index] as number)).entries())
        found[some[place] as number] = group;
    }
    return found;
  };
  return upperTail(statistic(groups), () => statistic(shuffled()));
}

/** Permutes the levels within each situation; statistic: sum of squared level totals. */
function withinPermuted(values: readonly (readonly (number | null)[])[], stream: RandomStream | null): number | null {
  const complete = values.filter((row): row is number[] => row.every((value) => value !== null));
  if (stream === null || complete.length < 2) return null;
  const statistic = (rows: readonly (readonly number[])[]) =>
    [0, 1, 2].reduce((sum, level) => sum + rows.reduce((total, row) => total + (row[level] as number), 0) ** 2, 0);
  return upperTail(statistic(complete), () => statistic(complete.map((row) => stream.shuffle(row))));
}

function upperTail(observed: number, draw: () => number): number {
  let asGreat = 0;
  for (let index = 0; index < DRAWS; index += 1) if (draw() >= observed * (1 - 1e-12)) asGreat += 1;
  return (asGreat + 1) / (DRAWS + 1);
}
