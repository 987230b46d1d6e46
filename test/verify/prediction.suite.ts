import { wilson } from "../../src/kernel/intervals.ts";
import { logistic } from "../../src/kernel/logistic-mass.ts";
import { type Cases, foldsOf, outOfSample, permutationTest } from "../../src/kernel/out-of-sample.ts";
import type { Exchange } from "../../src/kernel/permuted-order.ts";
import { type RandomStream, randomStream } from "../../src/kernel/random.ts";
import { skillInterval } from "../../src/kernel/skill-interval.ts";
import { skillPower } from "../../src/kernel/skill-power.ts";
import { mean } from "../../src/kernel/summary.ts";
import type { SuiteContext, VerifySuite } from "./suite.ts";

const RUNS = 1000;
/** Of them in which there is a relation, whose intervals are dear. */
const RELATION_SHARE = 0.4;
const PERMUTATIONS = 199;
const SIMULATED = 100;
const COLUMNS = 4;
/** P8: hypotheses rejected at 5 % that are true. */
const MOST_REJECTED = 0.07;
/** P9: intervals that hold the strength, of all. */
const LEAST_COVER = 0.93;
/** Answers of a rate. */
const TRIALS = 100;

interface Truth {
  readonly name: string;
  /** Models of each family. */
  readonly families: readonly number[];
  /** Share of profile, and of scatter, that a family has in common. */
  readonly common: number;
  /** Share of the variance of severity that the profile gives. */
  readonly strength: number;
  readonly of: "first" | "all";
  /** Severity is nats, or a rate of a hundred answers, or of ten and of a hundred by turns. */
  readonly outcome: "nats" | "rate" | "rates of unequal n";
  readonly exchange: Exchange;
}

const alone = (size: number) => Array.from({ length: size }, () => 1);
const plain = { common: 0, strength: 0, of: "first", outcome: "nats", exchange: "all" } as const;

const NULLS: readonly Truth[] = [
  { ...plain, name: "8 models", families: alone(8) },
  { ...plain, name: "12 models", families: alone(12) },
  { ...plain, name: "24 models", families: alone(24) },
  { ...plain, name: "12 models, rates of 100 answers", families: alone(12), outcome: "rate" },
  { ...plain, name: "12 models, rates of 10 and 100 answers", families: alone(12), outcome: "rates of unequal n" },
  {
    ...plain,
    name: "6 families of 3, alike by half",
    families: [3, 3, 3, 3, 3, 3],
    common: 0.5,
    exchange: "whole blocks",
  },
  {
    ...plain,
    name: "6 families of 1 to 5, alike by half",
    families: [5, 4, 3, 2, 1, 1],
    common: 0.5,
    exchange: "whole blocks",
  },
  { ...plain, name: "3 families of 5, alike by half", families: [5, 5, 5], common: 0.5, exchange: "within blocks" },
];

const RELATIONS: readonly Truth[] = [0, 0.25, 0.5, 0.8].flatMap((strength) => [
  { ...plain, name: `8 models, ${strength} by one summary`, families: alone(8), strength },
  { ...plain, name: `12 models, ${strength} by one summary`, families: alone(12), strength },
  {
    ...plain,
    name: `12 models, ${strength} by all four, rates`,
    families: alone(12),
    strength,
    of: "all",
    outcome: "rate",
  },
  { ...plain, name: `24 models, ${strength} by one summary`, families: alone(24), strength },
]);

const POWER_MODELS = [6, 8, 12, 16, 24, 32, 48] as const;
const CORRELATIONS = [0.5, 0.7, 0.8, 0.9] as const;

/** P8 to P11: what is not there is seldom found, what is there is found, and intervals hold it. */
export const suite: VerifySuite = {
  name: "prediction",
  proves: ["P8", "P9", "P10", "P11"],
  title: "Severity foretold from profiles: found where it is so, and where it is not seldom found",
  budgetMinutes: 60,
  model: "none",
  doc: "docs/calibration.md",
  section: "prediction",
  run: async (context) => {
    const runs = context.quick ? RUNS / 20 : RUNS;
    const rejected = [];
    for (const truth of NULLS) rejected.push(await oneLevel(truth, runs, context));
    const states = await statesAsModels(runs, context);
    const found = [];
    const some = Math.round(RELATION_SHARE * runs);
    for (const truth of RELATIONS) found.push(await oneRelation(truth, some, context));
    const power = [];
    for (const models of POWER_MODELS) power.push(await onePower(models, context));
    const holds =
      rejected.every((count) => count <= MOST_REJECTED * runs) &&
      found.every(({ held }) => wilson(held, some)[1] >= LEAST_COVER) &&
      mean(found.map(({ held }) => held / some)) >= LEAST_COVER;
    return { table: tableOf({ rejected, states, found, power, runs, some }), holds };
  },
};

interface Drawn {
  readonly cases: Cases;
  readonly y: Float64Array;
  readonly blocks: readonly (readonly number[])[];
}

/** Models with profile and severity of a known relation. */
function draw({ families, common, strength, of, outcome }: Truth, stream: RandomStream): Drawn {
  const own = families.flatMap((size, family) => Array.from({ length: size }, () => family));
  const alike = () => {
    const shared = families.map(() => stream.normal());
    return Float64Array.from(own, (family) => {
      return Math.sqrt(common) * (shared[family] as number) + Math.sqrt(1 - common) * stream.normal();
    });
  };
  const columns = Array.from({ length: COLUMNS }, alike);
  const scatter = alike();
  const given = (row: number) =>
    of === "first"
      ? (columns[0]?.[row] as number)
      : columns.reduce((sum, column) => sum + (column[row] as number), 0) / Math.sqrt(COLUMNS);
  const latent = scatter.map((rest, row) => Math.sqrt(strength) * given(row) + Math.sqrt(1 - strength) * rest);
  const trials = (row: number) => (outcome === "rates of unequal n" && row % 2 === 0 ? 10 : TRIALS);
  const rate = (value: number, row: number) => angle(value, trials(row), stream);
  const weights = latent.map((_, row) => (outcome === "nats" ? 1 : 1 / (0.09 + 1 / (4 * trials(row)))));
  const blocks = families.map((_, family) => [...own.keys()].filter((row) => own[row] === family));
  const folds = own.map((_, row) => [row]);
  return { cases: { columns, weights, folds }, y: outcome === "nats" ? latent : latent.map(rate), blocks };
}

/** Of a rate of so many answers whose log-odds are linear in the latent severity. */
function angle(latent: number, trials: number, stream: RandomStream): number {
  const chance = logistic(1.5 * latent - 0.5);
  let hits = 0;
  for (let trial = 0; trial < trials; trial += 1) if (stream.uniform() < chance) hits += 1;
  return Math.asin(Math.sqrt(hits / trials));
}

/** Share of the variance of what is fitted that is linear in what the profile gives: of angles less than of the latent severity. */
function strengthOf({ strength, outcome }: Truth): number {
  if (outcome === "nats") return strength;
  const stream = randomStream(1, "prediction", "strength", strength * 100);
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
  const draws = 20_000;
  for (let at = 0; at < draws; at += 1) {
    const given = stream.normal();
    const told = angle(Math.sqrt(strength) * given + Math.sqrt(1 - strength) * stream.normal(), TRIALS, stream);
    x += given / draws;
    y += told / draws;
    xx += given ** 2 / draws;
    yy += told ** 2 / draws;
    xy += (given * told) / draws;
  }
  return (xy - x * y) ** 2 / ((xx - x * x) * (yy - y * y));
}

/** One model, or one family where whole families change places, left out at a time. */
function chanceOf(truth: Truth, { cases, y, blocks }: Drawn, stream: RandomStream): number {
  const folds = truth.exchange === "whole blocks" ? blocks : cases.folds;
  return permutationTest({ ...cases, folds }, y, { blocks, exchange: truth.exchange, draws: PERMUTATIONS, stream });
}

async function counted(
  name: string,
  runs: number,
  { state, log, signal }: SuiteContext,
  one: (run: number) => boolean,
): Promise<number> {
  const known = state.get<number>(name);
  if (known !== undefined) return known;
  let count = 0;
  for (let run = 0; run < runs; run += 1) {
    signal.throwIfAborted();
    if (one(run)) count += 1;
    if (run % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
  }
  state.put(name, count);
  log(`${name}: ${count} of ${runs}`);
  return count;
}

function oneLevel(truth: Truth, runs: number, context: SuiteContext): Promise<number> {
  return counted(`level: ${truth.name}`, runs, context, (run) => {
    const stream = randomStream(run, "prediction", "level", truth.name);
    return chanceOf(truth, draw(truth, stream), stream) <= 0.05;
  });
}

/** What would be found of three models of five states each if states were counted as models. */
function statesAsModels(runs: number, context: SuiteContext): Promise<number> {
  const truth: Truth = { ...plain, name: "states", families: [5, 5, 5], common: 0.95 };
  return counted("states of one model counted as many", runs, context, (run) => {
    const stream = randomStream(run, "prediction", "states");
    return chanceOf(truth, draw(truth, stream), stream) <= 0.05;
  });
}

interface Found {
  readonly held: number;
  readonly rejected: number;
  readonly width: number;
}

async function oneRelation(truth: Truth, runs: number, context: SuiteContext): Promise<Found> {
  const name = `relation: ${truth.name}`;
  const known = context.state.get<Found>(name);
  if (known) return known;
  let [rejected, width] = [0, 0];
  const truly = truth.strength === 0 ? 0 : strengthOf(truth);
  const held = await counted(`${name}, held`, runs, context, (run) => {
    const stream = randomStream(run, "prediction", "relation", truth.name);
    const drawn = draw(truth, stream);
    const { skill } = outOfSample(foldsOf(drawn.cases), drawn.cases.weights, drawn.y);
    const found = skillInterval(drawn.cases, skill, { blocks: drawn.cases.folds, draws: SIMULATED, stream });
    if (chanceOf(truth, drawn, stream) <= 0.05) rejected += 1;
    width += found.strength.high - found.strength.low;
    return found.strength.low <= truly && truly <= found.strength.high;
  });
  const found = { held, rejected, width: width / runs };
  context.state.put(name, found);
  return found;
}

async function onePower(models: number, { state, quick, log, signal }: SuiteContext): Promise<readonly number[]> {
  const known = state.get<readonly number[]>(`power: ${models}`);
  if (known) return known;
  signal.throwIfAborted();
  const stream = randomStream(1, "prediction", "power", models);
  const { power } = skillPower(models, CORRELATIONS, { columns: COLUMNS, sets: quick ? 20 : 200, stream });
  state.put(`power: ${models}`, power);
  log(`power with ${models}: ${power.join(", ")}`);
  await new Promise((resolve) => setImmediate(resolve));
  return power;
}

function tableOf({
  rejected,
  states,
  found,
  power,
  runs,
  some,
}: {
  readonly rejected: readonly number[];
  readonly states: number;
  readonly found: readonly Found[];
  readonly power: readonly (readonly number[])[];
  readonly runs: number;
  readonly some: number;
}): string {
  const share = (count: number, of = runs) => (count / of).toFixed(3);
  const ends = (count: number, of = runs) =>
    wilson(count, of)
      .map((end) => end.toFixed(3))
      .join("–");
  const bold = (text: string, holds: boolean) => (holds ? text : `**${text}**`);
  return [
    `${runs.toLocaleString("en")} runs, ${PERMUTATIONS} permutations, four summaries, intervals from ${SIMULATED} simulated sets (the command takes 200). Bold: outside of what is asked for.`,
    "",
    `Where severity has nothing to do with the profile, p ≤ 0.05; asked for: at most ${MOST_REJECTED}. One model is left out at a time, or one family where whole families change places; alike by half: half of the variance of each summary, and of severity, is common to a family.`,
    "",
    "| models | change places | p ≤ 0.05 | interval of that share |",
    "| --- | --- | ---: | ---: |",
    ...NULLS.map(({ name, exchange }, at) => {
      const count = rejected[at] as number;
      return `| ${name} | ${exchange} | ${bold(share(count), count <= MOST_REJECTED * runs)} | ${ends(count)} |`;
    }),
    "",
    `Three models of five states each, were states counted as models: p ≤ 0.05 in ${share(states)} (${ends(states)}) of runs in which there is nothing to find. They are counted as three, which are too few.`,
    "",
    `Where the profile gives a share of the variance of severity (of rates: of their latent severity), ${some} runs: how often the interval holds the share of what is fitted (asked for: at least ${LEAST_COVER} in the mean over the rows, and of no row told to be below), how wide it is, and how often p ≤ 0.05.`,
    "",
    "| models, share given | interval holds it | interval of that share | mean width | p ≤ 0.05 |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...RELATIONS.map(({ name }, at) => {
      const { held, width, rejected: told } = found[at] as Found;
      return `| ${name} | ${bold(share(held, some), wilson(held, some)[1] >= LEAST_COVER)} | ${ends(held, some)} | ${width.toFixed(2)} | ${share(told, some)} |`;
    }),
    "",
    "Power as `predict` tells it, of more draws: how often as many models find a correlation.",
    "",
    `| models | ${CORRELATIONS.join(" | ")} |`,
    `| --- | ${CORRELATIONS.map(() => "---:").join(" | ")} |`,
    ...POWER_MODELS.map(
      (models, at) => `| ${models} | ${(power[at] as number[]).map((one) => one.toFixed(2)).join(" | ")} |`,
    ),
  ].join("\n");
}
