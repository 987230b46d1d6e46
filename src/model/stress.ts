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
