import { logistic } from "../../../kernel/logistic-mass.ts";
import type { RiseTable } from "./rise-table.ts";

/** How the share of successes rises with the dose. */
export const SHAPES = ["constant", "step", "logistic", "linear", "hinge"] as const;
export type Shape = (typeof SHAPES)[number];

/** Families are of one kind, or of two that differ in their centre. */
export interface Candidate {
  readonly shape: Shape;
  readonly classes: 1 | 2;
}

export interface RiseClass {
  /** Of the families. */
  readonly share: number;
  /**
   * Mean of the families' thresholds, as a dose: where half of the rise is done, of a hinge where it begins, of a step
   * where it happens. Beyond the doses it means never, or before all of them. Of a constant its logit.
   */
  readonly centre: number;
}

export interface RiseParameters {
  /** Shares before and after the rise; 0 and 1, and without meaning, for a constant. */
  readonly floor: number;
  readonly ceiling: number;
  /** From one tenth to nine tenths of the rise, as a dose; 0 for a constant and a step. */
  readonly span: number;
  /** Standard deviation of families' thresholds about their class's centre; of a constant in logits. */
  readonly spread: number;
  readonly classes: readonly RiseClass[];
}

/** In levels. What rises in less could not be told from a jump by doses that are one level apart. */
export const LEAST_SPAN = 1.5;
export const MOST_SPAN = 16;
/** Of thresholds in levels, of a constant in logits. */
export const LEAST_SPREAD = 0.03;
export const MOST_SPREAD = 2.5;
/** Logit of 1e-4: how near to 0 and 1 floor and ceiling may come. */
const FARTHEST = 9.21;
/** In spans: 0.8 by 1, logit 1/9 to 9 by 1, and the upper half of such a curve, logit 11/9 to 19 by 1. */
const RATE = { linear: 0.8, logistic: 2 * Math.log(9), hinge: Math.log(19) - Math.log(11 / 9) } as const;
/** Share of the rise that is done so many spans beyond the centre; of a constant the share at a logit. */
export function riseDone(shape: Shape, beyond: number): number {
  if (shape === "logistic") return logistic(RATE.logistic * beyond);
  if (shape === "linear") return Math.min(1, Math.max(0, 0.5 + RATE.linear * beyond));
  if (shape === "hinge") return beyond > 0 ? 2 * logistic(RATE.hinge * beyond) - 1 : 0;
  if (shape === "step") return beyond >= 0 ? 1 : 0;
  return logistic(within(beyond));
}

/** Its derivative, where so much is done. */
export function slopeAt(shape: Shape, beyond: number, done: number): number {
  if (shape === "logistic") return RATE.logistic * done * (1 - done);
  if (shape === "linear") return done > 0 && done < 1 ? RATE.linear : 0;
  if (shape === "hinge") return beyond > 0 ? (RATE.hinge / 2) * (1 - done * done) : 0;
  return moves(beyond) * done * (1 - done);
}

/** Parameters as the likelihood needs them. */
export interface Point {
  readonly floor: number;
  /** Ceiling less floor, and its share of what is above the floor. */
  readonly height: number;
  readonly part: number;
  /** −1 for a constant: a level then lies as many spans beyond dose 0 as its logit is. */
  readonly span: number;
  readonly spread: number;
  readonly centres: readonly number[];
  /** Of the first class. */
  readonly share: number;
}

/** Where the numbers stand: floor, height, span where there are any; then spread, centre, second centre and share. */
export function placesOf({ shape, classes }: Candidate): { readonly spread: number; readonly length: number } {
  const spread = shape === "constant" ? 0 : shape === "step" ? 2 : 3;
  return { spread, length: spread + 2 * classes };
}

export function decoded({ doses, level }: RiseTable, candidate: Candidate, at: Float64Array): Point {
  const { shape, classes } = candidate;
  const { spread } = placesOf(candidate);
  const flat = shape === "constant";
  const floor = flat ? 0 : logistic(within(at[0] as number));
  const part = flat ? 1 : logistic(within(at[1] as number));
  const centre = (place: number) => (doses[0] as number) + level * (at[place] as number);
  return {
    floor,
    part,
    height: (1 - floor) * part,
    span: spread === 3 ? level * between(at[2] as number, LEAST_SPAN, MOST_SPAN) : flat ? -1 : 0,
    spread: level * between(at[spread] as number, LEAST_SPREAD, MOST_SPREAD),
    centres: classes === 1 ? [centre(spread + 1)] : [centre(spread + 1), centre(spread + 2)],
    share: classes === 1 ? 1 : logistic(at[spread + 3] as number),
  };
}

export function encoded({ doses, level }: RiseTable, candidate: Candidate, parameters: RiseParameters): Float64Array {
  const { floor, ceiling, span, spread, classes } = parameters;
  const places = placesOf(candidate);
  const at = new Float64Array(places.length);
  if (places.spread >= 2) {
    at[0] = logitOf(floor);
    at[1] = logitOf((ceiling - floor) / (1 - floor));
  }
  if (places.spread === 3) at[2] = inside(span / level, LEAST_SPAN, MOST_SPAN);
  at[places.spread] = inside(spread / level, LEAST_SPREAD, MOST_SPREAD);
  classes.forEach(({ centre }, one) => {
    at[places.spread + 1 + one] = (centre - (doses[0] as number)) / level;
  });
  if (candidate.classes === 2) at[places.spread + 3] = logitOf(classes[0]?.share as number);
  return at;
}

export function parametersOf(
  { shape }: Candidate,
  { floor, height, span, spread, centres, share }: Point,
): RiseParameters {
  return {
    floor,
    ceiling: floor + height,
    span: shape === "constant" ? 0 : span,
    spread,
    classes: centres.map((centre, one) => ({
      share: one === 0 ? share : 1 - share,
      centre: shape === "constant" ? within(centre) : centre,
    })),
  };
}

function within(logit: number): number {
  return Math.min(FARTHEST, Math.max(-FARTHEST, logit));
}

/** From any number to one between two ends, on a logarithmic scale, and back: what is at an end is moved inside. */
function between(free: number, least: number, most: number): number {
  return least * (most / least) ** logistic(free);
}

function inside(value: number, least: number, most: number): number {
  return logitOf(Math.log(value / least) / Math.log(most / least), 0.02);
}

export function logitOf(share: number, least = 0.002): number {
  const kept = Math.min(1 - least, Math.max(least, share));
  return Math.log(kept / (1 - kept));
}

/** Derivative of `within`. */
export function moves(logit: number): 0 | 1 {
  return Math.abs(logit) < FARTHEST ? 1 : 0;
}

/** Derivative of the logarithm of `between`. */
export function stretch(free: number, least: number, most: number): number {
  const share = logistic(free);
  return Math.log(most / least) * share * (1 - share);
}
