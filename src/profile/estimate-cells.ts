import { kornGraubard, tInterval } from "../kernel/intervals.ts";
import { type Clustered, stratifiedMean } from "../kernel/stratified.ts";
import { LABELS, type Label, type Mode, RANKS, ROWS } from "../model/label.ts";
import type { Estimate, Matrix, Profile } from "../model/profile.ts";
import type { BiasError, Format } from "../model/run.ts";
import { combined, type ErrorOfMean, errorBetweenForms } from "./paired-cells.ts";
import { peopleErrorOf } from "./people/people-error.ts";
import { difference, modes, type SituationTable } from "./situation-table.ts";

type Tables = readonly SituationTable[];

/** An error beside that of the situations, and what it is one of. */
interface NamedError extends ErrorOfMean {
  readonly of: string;
}

/**
 * Mean over situations with a t interval; domains are strata (E2, E3). Empty: value null. `form`: an error beside that of
 * the situations, where two forms of a bank are told apart.
 */
export function estimateMean(values: readonly Clustered[], form?: NamedError): Estimate {
  const { mean, standardError, degreesOfFreedom, n, missing, variance } = stratifiedMean(values);
  if (n === 0) return { value: null, low: null, high: null, n, missing, method: "empty" };
  const own = { error: standardError, degreesOfFreedom };
  const { error, degreesOfFreedom: freedom } = form ? combined(own, form) : own;
  const [low, high] = tInterval(mean, error, freedom).map((bound) => (Number.isFinite(bound) ? bound : null));
  const method = n < 2 ? "no interval from one situation" : `t, variance ${variance}${form ? `, ${form.of}` : ""}`;
  return { value: mean, low: low ?? null, high: high ?? null, n, missing, method };
}

/** Proportion over situations with a Clopper–Pearson interval at the effective size of the design (E4). */
export function estimateProportion(values: readonly Clustered[]): Estimate {
  const { value, low, high, n, missing } = kornGraubard(values);
  if (n === 0) return { value: null, low: null, high: null, n, missing, method: "empty" };
  return { value, low, high, n, missing, method: "Clopper–Pearson at effective size (Korn–Graubard, skewness heeded)" };
}

/**
 * The matrices of a format, the primary one first. Normalised scores lie in [0, 1] and are skewed near its ends, where a t
 * interval over twelve situations covers 90 to 92 %; they are given the interval of proportions.
 */
export function estimateMatrices(tables: Tables, format: Format): Matrix[] {
  const win: Matrix = { quantity: "win", unit: "proportion", cells: eachCell(tables, "win", estimateProportion) };
  if (format === "choice") {
    return [{ quantity: "share", unit: "proportion", cells: eachCell(tables, "primary", estimateProportion) }, win];
  }
  return [
    { quantity: "margin", unit: "nats", cells: eachCell(tables, "primary", estimateMean) },
    win,
    { quantity: "normalised", unit: "normalised score", cells: eachCell(tables, "distribution", estimateProportion) },
  ];
}

function eachCell(
  tables: Tables,
  quantity: "primary" | "win" | "distribution",
  estimate: (values: readonly Clustered[]) => Estimate,
): Matrix["cells"] {
  const row = (name: (typeof ROWS)[number]) =>
    byLabel((label) => estimate(clustered(tables, (table) => table[quantity][name][label])));
  return Object.fromEntries(ROWS.map((name) => [name, row(name)])) as Matrix["cells"];
}

/** A reference profile: what a model's bias is told against (A4). */
export interface Reference {
  readonly name: string;
  readonly hash: string;
  readonly profile: Profile;
  /** Where it answered another form of the bank: the error between forms, null where it is not known. */
  readonly formError?: BiasError | null;
}

/** Bias per label, as a difference from the reference's situation by situation, or against zero without one (A4). */
export function estimateBias(
  tables: Tables,
  format: Format,
  reference: Reference | null,
  remark: string,
): Profile["bias"] {
  const known = new Map(reference?.profile.situations.map((situation) => [situation.id, situation.bias]));
  // What the reference did not answer is no pair; what either lost of the pairs is missing.
  const paired = reference ? tables.filter(({ id }) => known.has(id)) : tables;
  const value = (table: SituationTable, label: Label) =>
    reference ? difference(table.bias[label], known.get(table.id)?.[label] ?? null) : table.bias[label];
  const estimate = (values: readonly Clustered[], label: Label) =>
    format === "choice" && !reference
      ? estimateLean(values)
      : estimateMean(values, referenceErrorOf(reference, label, values.length));
  const labels = (some: Tables) =>
    byLabel((label) =>
      estimate(
        clustered(some, (table) => value(table, label)),
        label,
      ),
    );
  return {
    reference: reference
      ? { name: reference.name, profile: reference.hash, pairs: paired.length, form: formOf(reference) }
      : null,
    unit: format === "score" ? "nats" : "proportion",
    labels: labels(paired),
    byRank: RANKS.map((rank) => ({ rank, labels: labels(paired.filter((table) => table.rank === rank)) })),
    remark,
  };
}

function formOf({ formError }: Reference): "same" | "other, error added" | "other, error unknown" {
  if (formError === undefined) return "same";
  return formError === null ? "other, error unknown" : "other, error added";
}

/** What a reference adds to the error of the situations: another form of the bank, and people who stand behind many answers. */
function referenceErrorOf(reference: Reference | null, label: Label, situations: number): NamedError | undefined {
  if (!reference) return undefined;
  const { formError: known, profile } = reference;
  const form = known && { error: errorBetweenForms(known.bias[label]), degreesOfFreedom: known.degreesOfFreedom };
  const people = peopleErrorOf(profile, { row: "bias", label }, situations);
  if (form && people) return { ...combined(form, people), of: "error between forms, error between people" };
  if (people) return { ...people, of: "error between people" };
  return form ? { ...form, of: "error between forms" } : undefined;
}

/** Share less one sixth: a proportion, whose interval is moved with it, for shares are skewed near their ends. */
function estimateLean(values: readonly Clustered[]): Estimate {
  const even = 1 / LABELS.length;
  const moved = (value: number | null, by: number) => (value === null ? null : value + by);
  const share = estimateProportion(values.map(({ stratum, value }) => ({ stratum, value: moved(value, even) })));
  const [value, low, high] = [share.value, share.low, share.high].map((one) => moved(one, -even));
  return {
    ...share,
    value: value ?? null,
    low: low ?? null,
    high: high ?? null,
    method: `${share.method}, less one sixth`,
  };
}

/** Cue effect, decoy effect and their difference, per mode, over the situations that have decoys where any has (A13). */
export function estimateResponsiveness(tables: Tables, format: Format): Profile["responsiveness"] {
  const decoyed = tables.filter(({ asked }) => asked.decoy);
  const mean = (some: Tables, value: (table: SituationTable) => number | null) => estimateMean(clustered(some, value));
  const one = (mode: Mode) => ({
    cue: mean(decoyed.length > 0 ? decoyed : tables, (table) => table.cue[mode]),
    decoy: mean(decoyed, (table) => table.decoy[mode]),
    responsiveness: mean(decoyed, (table) => difference(table.cue[mode], table.decoy[mode])),
  });
  return { unit: format === "score" ? "nats" : "proportion", modes: modes(one) };
}

/** How often the limits win the rows that call for them; never part of the profile's matrices (I9). */
export function estimateValidation(tables: Tables): Profile["validation"] {
  const asked = tables.filter((table) => table.asked.validation);
  if (asked.length === 0) return null;
  const won = (limit: "asocial" | "null") => estimateProportion(clustered(asked, (table) => table.validation[limit]));
  return { asocial: won("asocial"), null: won("null") };
}

export function clustered(tables: Tables, value: (table: SituationTable) => number | null): Clustered[] {
  return tables.map((table) => ({ stratum: table.domain, value: value(table) }));
}

export function byLabel<T>(value: (label: Label) => T): Record<Label, T> {
  return Object.fromEntries(LABELS.map((label) => [label, value(label)])) as Record<Label, T>;
}
