import { tCritical } from "../../kernel/distributions.ts";
import { mean } from "../../kernel/summary.ts";
import type { Estimate } from "../../model/profile.ts";

/** The same record of estimates, each time with some of the people left out. */
export interface Replicated<T> {
  readonly whole: T;
  readonly without: readonly T[];
}

export type Ends = readonly [least: number, most: number];

/**
 * Every estimate in a record with an interval that holds the error between people beside its own: the distances of its
 * ends and t times the error are added as squares (Zou and Donner 2008, doi:10.1002/sim.3095). The error is that of the
 * jackknife over people, or over groups of them where there are many (Kott 2001, Journal of Official Statistics 17,
 * 521–526). What answers scatter by is in both parts, so that intervals are too wide rather than too narrow. Without two
 * people there is no interval.
 */
export function widened<T>({ whole, without }: Replicated<T>, ends: Ends): T {
  return mapEstimates(whole, without, (estimate, others) => widen(estimate, others, ends)) as T;
}

/** Standard error between people of one number, from those without some of them; NaN where it cannot be told. */
export function jackknifeError(without: readonly (number | null)[]): number {
  const known = without.filter((value) => value !== null);
  if (known.length < 2 || known.length < without.length) return Number.NaN;
  const centre = mean(known);
  const spread = known.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(((known.length - 1) / known.length) * spread);
}

function widen(estimate: Estimate, others: readonly (Estimate | undefined)[], [least, most]: Ends): Estimate {
  const { value, low, high, method } = estimate;
  if (value === null || (low === null && high === null)) return estimate;
  const error = jackknifeError(others.map((one) => one?.value ?? null));
  if (Number.isNaN(error)) return { ...estimate, low: null, high: null, method: `${method}; too few people` };
  // A bound on one side is of 95 % by itself.
  const level = low === null || high === null ? 0.9 : 0.95;
  const reach = tCritical(level, others.length - 1) * error;
  return {
    ...estimate,
    low: low === null ? null : Math.max(least, value - Math.hypot(value - low, reach)),
    high: high === null ? null : Math.min(most, value + Math.hypot(high - value, reach)),
    method: `${method}; with the error between people`,
  };
}

function isEstimate(value: unknown): value is Estimate {
  return typeof value === "object" && value !== null && "low" in value && "high" in value && "method" in value;
}

/** A copy of a record in which every estimate is replaced; `others` are records of the same shape, or shorter lists. */
function mapEstimates(
  value: unknown,
  others: readonly unknown[],
  replace: (estimate: Estimate, others: readonly (Estimate | undefined)[]) => Estimate,
): unknown {
  if (isEstimate(value)) return replace(value, others as readonly (Estimate | undefined)[]);
  if (typeof value !== "object" || value === null) return value;
  const at = (key: string) => others.map((other) => (other as Readonly<Record<string, unknown>> | undefined)?.[key]);
  const entries = Object.entries(value).map(([key, one]) => [key, mapEstimates(one, at(key), replace)] as const);
  return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
}
