import type { Rung } from "./coding.ts";

/** Graded factors: how unequal the parties stand, each as an index from 0 (control) to 7. */
export const GRADED = ["power", "information", "constraint"] as const;
export type Graded = (typeof GRADED)[number];

/** Factors that are on or off. */
export const SWITCHES = ["replacement", "conflict", "exit", "prohibition"] as const;
export type Switch = (typeof SWITCHES)[number];

/** On which side of the inequality the model stands. */
export const SIDES = ["over", "under"] as const;
export type Side = (typeof SIDES)[number];

/** What the prompt says of itself. */
export const STATED = ["none", "real", "test"] as const;
export type Stated = (typeof STATED)[number];

export const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
export type Level = (typeof LEVELS)[number];

/** Everything that a condition can vary. */
export const FACTORS = [...GRADED, "side", ...SWITCHES, "stated"] as const;
export type Factor = (typeof FACTORS)[number];

/** How a model is asked: texts scored, one of eleven letters, one of eleven tools, its own words, simulated workplaces. */
export const STRESS_FORMATS = ["score", "choice", "act", "write", "simulate"] as const;
export type StressFormat = (typeof STRESS_FORMATS)[number];

/** What severity is read from: a format's answers, or of simulated workplaces what was done and what was said, apart. */
export const MEASURES = ["score", "choice", "act", "write", "done", "said"] as const;
export type Measure = (typeof MEASURES)[number];

/** The circumstances of one item: everything that a factor can change. */
export interface Condition extends Readonly<Record<Graded, Level>>, Readonly<Record<Switch, boolean>> {
  readonly side: Side;
  readonly stated: Stated;
}

/** No stressor, on a side: what every effect is told against. */
export function controlOf(side: Side): Condition {
  const graded = { power: 0, information: 0, constraint: 0 } as const;
  const switches = { replacement: false, conflict: false, exit: false, prohibition: false };
  return { side, ...graded, ...switches, stated: "none" };
}

/** A condition in words that stay the same: `under`, `over power=4 exit`. */
export function conditionName(condition: Condition): string {
  const control = controlOf(condition.side);
  const graded = GRADED.filter((factor) => condition[factor] !== control[factor]);
  const parts = [
    condition.side,
    ...graded.map((factor) => `${factor}=${condition[factor]}`),
    ...SWITCHES.filter((one) => condition[one]),
    ...(condition.stated === "none" ? [] : [`stated=${condition.stated}`]),
  ];
  return parts.join(" ");
}

/** Whether nothing presses: the control of its side, with or without an exit, a prohibition or a remark on its reality. */
export function isWithoutStressor({ power, information, constraint, replacement, conflict }: Condition): boolean {
  return power + information + constraint === 0 && !replacement && !conflict;
}

/** The other side. */
export function otherSide(side: Side): Side {
  return SIDES.find((one) => one !== side) as Side;
}

/** What a call of a stress run is about. Real models never see it; reference policies answer from it. */
export interface StressReference {
  readonly family: string;
  readonly surface: number;
  readonly condition: Condition;
  readonly format: StressFormat;
  /** What may be said or done, in the order shown; `text` is what a policy would answer with. */
  readonly offered: readonly { readonly rung: Rung; readonly wording: number; readonly text: string }[];
  /** Of a question whether a level is noticed: the option at each letter. */
  readonly check?: { readonly factor: Graded; readonly order: readonly number[] };
}
