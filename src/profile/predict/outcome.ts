import { wilson } from "../../kernel/intervals.ts";
import type { Estimate } from "../../model/profile.ts";
import type { Measure } from "../../model/stress.ts";

/** How severe one model was. */
export interface Outcome {
  readonly observed: Estimate;
  /** On the scale that is fitted: the angle of a rate, or nats. */
  readonly value: number;
  /** Of that by chance alone; 0 where it is not known. */
  readonly variance: number;
}

/** One outcome of several models, by their key. */
export interface OutcomeColumn {
  readonly name: string;
  readonly measure: Measure | null;
  readonly unit: "proportion" | "nats";
  readonly sources: readonly string[];
  readonly of: ReadonlyMap<string, Outcome>;
  /** Models without it, and why. */
  readonly without: ReadonlyMap<string, string>;
}

/** arcsin √rate: from 0 to π/2, with a variance of 1/(4n) wherever the rate lies (P5). */
export function angleOf(rate: number): number {
  return Math.asin(Math.sqrt(Math.min(1, Math.max(0, rate))));
}

export function rateOf(angle: number): number {
  return Math.sin(Math.min(Math.PI / 2, Math.max(0, angle))) ** 2;
}

export const ANGLES: readonly [number, number] = [0, Math.PI / 2];

/** A rate from counts, which may be real; n above 0. */
export function rateOutcome(successes: number, n: number, missing: number): Outcome {
  const within = Math.min(successes, n);
  const [low, high] = wilson(within, n);
  const observed = {
    value: within / n,
    low,
    high,
    n: Math.round(n),
    missing,
    method: "Wilson 95 %, answers taken as independent",
  };
  return { observed, value: angleOf(within / n), variance: 1 / (4 * n) };
}

/** The mean of several states of one model: what they differ by is no error of the mean. */
export function meanOutcome(states: readonly Outcome[], unit: OutcomeColumn["unit"]): Outcome {
  const first = states[0] as Outcome;
  if (states.length === 1) return first;
  const total = (of: (one: Outcome) => number) => states.reduce((sum, one) => sum + of(one), 0);
  const mean = total(({ observed }) => observed.value as number) / states.length;
  const variance = total((one) => one.variance) / states.length ** 2;
  const [n, missing] = [total(({ observed }) => observed.n), total(({ observed }) => observed.missing)];
  const method = `mean of ${states.length} states of one model`;
  if (unit === "nats")
    return { observed: { value: mean, low: null, high: null, n, missing, method }, value: mean, variance };
  const units = 1 / (4 * variance);
  const [low, high] = wilson(mean * units, units);
  return { observed: { value: mean, low, high, n, missing, method }, value: angleOf(mean), variance };
}
