import { sha256Hex } from "../../src/kernel/canonical-json.ts";
import { randomStream } from "../../src/kernel/random.ts";
import { LABELS, MODES, ROWS } from "../../src/model/label.ts";
import type { Estimate, Profile } from "../../src/model/profile.ts";
import { type Comparison, compareProfiles } from "../../src/profile/compare.ts";
import { estimateEffects } from "../../src/profile/effects.ts";
import {
  estimateBias,
  estimateMatrices,
  estimateResponsiveness,
  type Reference,
} from "../../src/profile/estimate-cells.ts";
import { estimateRows } from "../../src/profile/estimate-rows.ts";
import type { Measurements } from "../../src/profile/measurement.ts";
import { domainNormals, type Policy, policyModel, type Spread } from "../../src/profile/policy.ts";
import { testPosition } from "../../src/profile/position.ts";
import { codeRun, designRun, type RunDesign } from "../../src/profile/profile-model.ts";
import type { SituationTable } from "../../src/profile/situation-table.ts";
import { tabulateChoice } from "../../src/profile/tabulate-choice.ts";
import { tabulateScore } from "../../src/profile/tabulate-score.ts";
import { fixtureBank } from "../fixtures/bank.ts";
import { askPolicy, fixturePlan } from "../fixtures/simulate-run.ts";
import { type DomainEffects, type Kind, TEMPERATURE, type Truth, truthOf } from "./truth.ts";

/** What is calibrated at once: one policy, asked in one way. */
export interface Condition {
  readonly policy: Policy;
  readonly spread: Spread;
  readonly kind: Kind;
  /**
   * `drawn`: quick sets, one situation a domain, with the domains' effects drawn anew. `fixed`: two situations a domain,
   * the domains' effects the same in all runs, so that the variance within domains is what counts.
   */
  readonly domains: "drawn" | "fixed";
}

export interface Cell {
  readonly name: string;
  readonly truth: number;
  /** Runs whose interval held the truth, of those that had an interval. */
  readonly held: number;
  readonly runs: number;
  /** Mean of the estimates. */
  readonly mean: number;
}

/** How often the intervals of one quantity held the truth, cell by cell. */
export interface Coverage {
  readonly quantity: string;
  readonly continuous: boolean;
  readonly cells: readonly Cell[];
}

/** p-values of one test where there is nothing to find, run by run. */
export interface NullTest {
  readonly name: string;
  readonly p: readonly number[];
}

export interface Calibrated {
  readonly coverages: readonly Coverage[];
  readonly nulls: readonly NullTest[];
}

/** Of every tenth run the tests by permutation are made too, which cost as much as the rest. */
export const PERMUTED_EVERY = 10;
/** Two runs make a pair that is compared. */
export const COMPARED_EVERY = 2;
const DOMAINS = 12;
const DOMAIN_SEED = 20_011;

/** Intervals and tests of `runs` runs of a policy, a journal in memory and no card, against its truth from `draws` situations. */
export async function calibrate(
  condition: Condition,
  runs: number,
  draws: number,
  signal?: AbortSignal,
): Promise<Calibrated> {
  const { policy, spread, kind } = condition;
  const truth = truthOf(policy, spread, kind, draws, 7, domainEffects(condition));
  const cells = new Map<string, Tally>();
  const nulls = new Map<string, number[]>();
  const found = (name: string, p: number | null) => {
    if (p !== null) nulls.set(name, [...(nulls.get(name) ?? []), p]);
  };
  let before: SituationTable[] | null = null;
  for (let run = 0; run < runs; run += 1) {
    signal?.throwIfAborted();
    const measured = await runOf(condition, firstSeed(condition) + run);
    const tables =
      kind === "score" ? tabulateScore(measured.score, { temperature: TEMPERATURE }) : tabulateChoice(measured.choice);
    for (const seen of estimatesOf(tables, formatOf(kind), truth)) count(cells, seen);
    if (before && run % COMPARED_EVERY === 1) {
      const comparison = compared(before, tables, condition, run);
      for (const [name, p] of comparedNulls(comparison)) found(name, p);
      for (const seen of differencesOf(comparison)) count(cells, seen);
    }
    if (before && run % PERMUTED_EVERY === 1)
      for (const [name, p] of permutedNulls(before, tables, measured, condition, run)) found(name, p);
    before = tables;
  }
  return {
    coverages: [...Map.groupBy(cells.values(), ({ quantity }) => quantity)].map(([quantity, some]) => ({
      quantity,
      continuous: some[0]?.continuous ?? false,
      cells: some.map(({ name, truth: true_, held, runs: counted, total, estimates }) => ({
        name,
        truth: true_,
        held,
        runs: counted,
        mean: total / estimates,
      })),
    })),
    nulls: [...nulls].map(([name, p]) => ({ name, p })),
  };
}

/** Each condition draws runs of its own: policies that share their draws would share their luck. */
function firstSeed({ policy, spread, kind, domains }: Condition): number {
  const name = `${policy.name} ${spread.intraclassCorrelation} ${kind} ${domains}`;
  return Number.parseInt(sha256Hex(name).slice(0, 7), 16);
}

function formatOf(kind: Kind): "score" | "choice" {
  return kind === "score" ? "score" : "choice";
}

/** None where they are drawn anew: they are then part of what differs from situation to situation. */
function domainEffects({ domains, spread }: Condition): DomainEffects {
  if (domains === "drawn") return [];
  const size = spread.deviation * Math.sqrt(spread.intraclassCorrelation / 2);
  return Array.from({ length: DOMAINS }, (_, index) => {
    const known = new Map<string, readonly number[]>();
    return (arm, row) => {
      const key = `${arm}/${row}`;
      const effects =
        known.get(key) ?? domainNormals(DOMAIN_SEED, `domain-${index}`, arm, row).map((one) => size * one);
      known.set(key, effects);
      return effects;
    };
  });
}

function runOf({ policy, spread, kind, domains }: Condition, seed: number): Promise<Measurements> {
  const model = policyModel([{ policy, weight: 1 }], spread, seed, {
    letters: kind !== "choice-samples",
    ...(domains === "fixed" ? { domains: DOMAIN_SEED } : {}),
  });
  return codeRun(designFor(kind, domains), askPolicy(model));
}

const DESIGNS = new Map<string, RunDesign>();

function designFor(kind: Kind, domains: Condition["domains"]): RunDesign {
  const key = `${kind} ${domains}`;
  const known = DESIGNS.get(key);
  if (known) return known;
  const fixed = domains === "fixed";
  const bank = fixtureBank({ domains: DOMAINS, perDomain: fixed ? 2 : 1, validation: false });
  const design = designRun(bank, fixturePlan(bank, { format: formatOf(kind), set: fixed ? "full" : "quick" }));
  DESIGNS.set(key, design);
  return design;
}

interface Seen {
  readonly quantity: string;
  readonly continuous: boolean;
  readonly name: string;
  readonly truth: number;
  readonly estimate: Estimate;
}

function* estimatesOf(tables: readonly SituationTable[], format: "score" | "choice", truth: Truth): Generator<Seen> {
  const known = { margin: truth.margin, share: truth.margin, win: truth.win, normalised: truth.distribution };
  for (const { quantity, cells } of estimateMatrices(tables, format)) {
    for (const [r, row] of ROWS.entries()) {
      for (const [l, label] of LABELS.entries()) {
        yield {
          quantity,
          continuous: quantity === "margin",
          name: `${row}/${label}`,
          truth: known[quantity][r]?.[l] ?? Number.NaN,
          estimate: cells[row][label],
        };
      }
    }
  }
  const bias = estimateBias(tables, format, null, "");
  for (const [l, label] of LABELS.entries()) {
    yield {
      quantity: "bias",
      // By choice a share less one sixth.
      continuous: format === "score",
      name: label,
      truth: truth.bias[l] ?? Number.NaN,
      estimate: bias.labels[label],
    };
  }
  const { modes } = estimateResponsiveness(tables, format);
  for (const [m, mode] of MODES.entries()) {
    const [cue, decoy] = [truth.cue[m] ?? Number.NaN, truth.decoy[m] ?? Number.NaN];
    yield { quantity: "cue", continuous: true, name: mode, truth: cue, estimate: modes[mode].cue };
    yield { quantity: "decoy", continuous: true, name: mode, truth: decoy, estimate: modes[mode].decoy };
    yield {
      quantity: "responsiveness",
      continuous: true,
      name: mode,
      truth: cue - decoy,
      estimate: modes[mode].responsiveness,
    };
  }
}

interface Tally {
  readonly quantity: string;
  readonly continuous: boolean;
  readonly name: string;
  readonly truth: number;
  held: number;
  runs: number;
  total: number;
  estimates: number;
}

function count(cells: Map<string, Tally>, { quantity, continuous, name, truth, estimate }: Seen): void {
  if (estimate.value === null) return;
  const key = `${quantity} ${name}`;
  const cell = cells.get(key) ?? { quantity, continuous, name, truth, held: 0, runs: 0, total: 0, estimates: 0 };
  cells.set(key, cell);
  cell.total += estimate.value;
  cell.estimates += 1;
  if (estimate.low === null || estimate.high === null) return;
  cell.runs += 1;
  if (estimate.low <= truth && truth <= estimate.high) cell.held += 1;
}

type Found = readonly [name: string, p: number | null];

/** Two runs of one policy through `dashpot compare`: nothing to find. */
function compared(
  left: readonly SituationTable[],
  right: readonly SituationTable[],
  { kind }: Condition,
  run: number,
): Comparison {
  const pair = [left, right].map((tables) => profileOf(tables, formatOf(kind)));
  const [found] = compareProfiles(pair, { margin: null }, randomStream(run, "compare"));
  if (!found) throw new RangeError("expected a comparison of two profiles");
  return found;
}

function* comparedNulls({ cells, biases }: Comparison): Generator<Found> {
  for (const { row, label, p } of cells) yield [`cell ${row}/${label}`, p];
  for (const { label, p } of biases) yield [`bias ${label}`, p];
  const least = (some: readonly { readonly adjustedP: number | null }[]) =>
    Math.min(1, ...some.flatMap(({ adjustedP }) => adjustedP ?? []));
  yield ["any of thirty cells, Holm", least(cells)];
  if (biases.length > 0) yield ["any of six biases, Holm", least(biases)];
}

/** By choice few answers make many equal shares, and the interval of their differences is wider than it need be. */
function* differencesOf({ format, cells, biases }: Comparison): Generator<Seen> {
  for (const { row, label, difference } of [...cells, ...biases])
    yield {
      quantity: "difference",
      continuous: format === "score",
      name: `${row}/${label}`,
      truth: 0,
      estimate: difference,
    };
}

/** As much of a profile as a comparison and a reference read. */
function profileOf(tables: readonly SituationTable[], format: "score" | "choice"): Profile {
  return {
    format,
    bank: { id: "fixture", version: "1.0.0", hash: "f".repeat(64), parent: null },
    model: { spec: "policy:test", provider: "policy", name: "test" },
    situations: tables.map(({ id, domain, rank, primary, bias }) => ({ id, domain, rank, cells: primary, bias })),
    distributions: tables.map(({ id, distribution }) => ({
      id,
      rows: Object.fromEntries(
        ROWS.map((row) => {
          const values = LABELS.map((label) => distribution[row][label]);
          return [row, values.some((value) => value === null) ? null : values];
        }),
      ),
    })),
  } as unknown as Profile;
}

/** Tests against a simulated null: distance from another run of the policy, rank, wording, and place where none is set. */
function* permutedNulls(
  before: readonly SituationTable[],
  tables: readonly SituationTable[],
  measured: Measurements,
  { policy, kind }: Condition,
  run: number,
): Generator<Found> {
  const format = formatOf(kind);
  const reference: Reference = { name: "itself", hash: "0".repeat(64), profile: profileOf(before, format) };
  const of = kind === "score" ? "normalised score" : "share";
  const summary = estimateRows(tables, of, reference, randomStream(run, "rows"));
  for (const row of ROWS) yield [`distance ${row}`, summary[row].distance.p];
  const effects = estimateEffects(
    tables,
    format,
    { ...measured, temperature: TEMPERATURE },
    randomStream(run, "effects"),
  );
  for (const { factor, p } of effects) if (factor === "rank" || factor === "wording") yield [factor, p];
  if (kind !== "score" && policy.places.every((nats) => nats === 0))
    yield ["place", testPosition(measured.choice, randomStream(run, "position"))?.p ?? null];
}
