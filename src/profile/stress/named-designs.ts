import { aliasesOf, type FractionalFactorial, fractionalFactorial } from "../../kernel/fractional-factorial.ts";
import { DashpotError } from "../../model/error.ts";
import type { SetName } from "../../model/run.ts";
import {
  type Condition,
  conditionName,
  controlOf,
  FACTORS,
  type Factor,
  GRADED,
  type Graded,
  type Level,
  otherSide,
  type Side,
  STATED,
  type SWITCHES,
} from "../../model/stress.ts";
import type { DesignRow } from "../../model/stress-run.ts";
import { SURFACES } from "./family.ts";

/** One factor at a time with arms at the top, fractions of the crossing of two levels each, or the whole crossing. */
export const DESIGN_NAMES = ["series", "fraction-16", "fraction-32", "fraction-64", "crossed"] as const;
export type DesignName = (typeof DESIGN_NAMES)[number];

export interface NamedDesign {
  readonly rows: readonly DesignRow[];
  /** Which effects the design cannot tell apart, in words; empty where all of two factors can be told. */
  readonly aliases: readonly string[];
}

/** What a design needs to know of a family. */
export interface DesignFamily {
  readonly id: string;
  readonly base: Side;
  /** Its place among the suite's, by which the quick set gives each another surface in turn. */
  readonly place: number;
}

interface Scope {
  readonly set: SetName;
  readonly factors: readonly Factor[];
}

/**
 * A design by its name (T6, T7). `quick`: one surface a family, in turn, and the side that the family puts the model on;
 * `full`: all surfaces, and both sides. Errors: `design-impossible`.
 */
export function namedDesign(name: DesignName, families: readonly DesignFamily[], scope: Scope): NamedDesign {
  const conditions = name === "series" ? seriesOf(scope) : factorialOf(name, scope);
  const rows = families.flatMap(({ id, base, place }) =>
    surfacesOf(place, scope.set).flatMap((surface) =>
      unique(conditions.of(base)).map((condition) => ({ family: id, surface, condition })),
    ),
  );
  return { rows, aliases: conditions.aliases };
}

function surfacesOf(family: number, set: SetName): number[] {
  return set === "quick" ? [family % SURFACES] : Array.from({ length: SURFACES }, (_, surface) => surface);
}

interface Conditions {
  readonly of: (base: Side) => Condition[];
  readonly aliases: readonly string[];
}

/** Levels of a graded factor, and those at which exit and prohibition are tried. */
const SERIES: Readonly<Record<SetName, { readonly levels: readonly Level[]; readonly arms: readonly Level[] }>> = {
  quick: { levels: [1, 4, 7], arms: [7] },
  full: { levels: [1, 2, 3, 4, 5, 6, 7], arms: [4, 7] },
};

function seriesOf({ set, factors }: Scope): Conditions {
  const graded = GRADED.filter((factor) => factors.includes(factor));
  const { levels, arms } = SERIES[set];
  const onSide = (side: Side, tried: readonly Level[]): Condition[] => {
    const control = controlOf(side);
    const raised = (some: readonly Level[]) =>
      graded.flatMap((factor) => some.map((level) => ({ ...control, [factor]: level })));
    return [control, ...raised(tried), ...switched(control, [control, ...raised(arms)], factors)];
  };
  const atTop = (side: Side): Condition[] => {
    const control = controlOf(side);
    return [control, ...graded.map((factor) => ({ ...control, [factor]: 7 as const }))];
  };
  return {
    of: (base) => [
      ...onSide(base, levels),
      ...(factors.includes("side") ? (set === "full" ? onSide(otherSide(base), levels) : atTop(otherSide(base))) : []),
    ],
    aliases: [],
  };
}

/** Arms: replacement and conflict without any asymmetry, apart and together; the others where something presses and where nothing does. */
function switched(control: Condition, pressed: readonly Condition[], factors: readonly Factor[]): Condition[] {
  const has = (factor: Factor) => factors.includes(factor);
  const stressed = [
    ...(has("replacement") ? [{ ...control, replacement: true }] : []),
    ...(has("conflict") ? [{ ...control, conflict: true }] : []),
    ...(has("replacement") && has("conflict") ? [{ ...control, replacement: true, conflict: true }] : []),
  ];
  const held = (["exit", "prohibition"] as const)
    .filter(has)
    .flatMap((one) => pressed.map((condition) => ({ ...condition, [one]: true })));
  // At the top of one factor: what a prompt says of itself is asked of it, not of every cause.
  const [first] = GRADED.filter(has);
  const told = has("stated") ? statedBoth(first ? { ...control, [first]: 7 as const } : control) : [];
  return [...stressed, ...held, ...told];
}

function statedBoth(condition: Condition): Condition[] {
  return STATED.filter((stated) => stated !== "none").map((stated) => ({ ...condition, stated }));
}

const RUNS: Readonly<Record<Exclude<DesignName, "series" | "crossed">, number>> = {
  "fraction-16": 4,
  "fraction-32": 5,
  "fraction-64": 6,
};

/** Two levels a factor: index 0 and 7, the family's own side and the other, off and on, stated real and stated test. */
function factorialOf(name: Exclude<DesignName, "series">, { factors }: Scope): Conditions {
  const basic = name === "crossed" ? factors.length : Math.min(RUNS[name], factors.length);
  if (factors.length === 0 || factors.length > MOST_CROSSED[name === "crossed" ? "crossed" : "fraction"])
    throw new DashpotError(
      "design-impossible",
      `expected 1 to ${MOST_CROSSED[name === "crossed" ? "crossed" : "fraction"]} factors for ${name}, received ${factors.length}`,
      "name fewer with --factors",
    );
  const design = bestFraction(basic, factors.length - basic);
  const of = (base: Side): Condition[] => [
    controlOf(base),
    ...(factors.includes("side") ? [controlOf(otherSide(base))] : []),
    ...design.runs.map((signs) =>
      factors.reduce<Condition>(
        (condition, factor, at) => set(condition, factor, signs[at] === 1, base),
        controlOf(base),
      ),
    ),
  ];
  return { of, aliases: aliasText(design, factors) };
}

const MOST_CROSSED = { crossed: 7, fraction: FACTORS.length } as const;

function set(condition: Condition, factor: Factor, high: boolean, base: Side): Condition {
  if ((GRADED as readonly string[]).includes(factor)) return { ...condition, [factor as Graded]: high ? 7 : 0 };
  if (factor === "side") return { ...condition, side: high ? otherSide(base) : base };
  if (factor === "stated") return { ...condition, stated: high ? "real" : "test" };
  return { ...condition, [factor as (typeof SWITCHES)[number]]: high };
}

/** Of all fractions with so many factors the one of highest resolution, then with fewest shortest words. */
function bestFraction(basic: number, further: number): FractionalFactorial {
  const products = Array.from({ length: 2 ** basic }, (_, mask) => mask)
    .map((mask) => Array.from({ length: basic }, (_, factor) => factor).filter((factor) => (mask >> factor) & 1))
    .filter((generator) => generator.length >= 2)
    .sort((one, other) => other.length - one.length);
  let best: FractionalFactorial | null = null;
  for (const generators of choices(products, further)) {
    const design = fractionalFactorial(basic, generators);
    if (best === null || isBetter(design, best)) best = design;
  }
  return best as FractionalFactorial;
}

function isBetter(one: FractionalFactorial, other: FractionalFactorial): boolean {
  if (one.resolution !== other.resolution) return one.resolution > other.resolution;
  const shortest = ({ words, resolution }: FractionalFactorial) =>
    words.filter((word) => word.length === resolution).length;
  return shortest(one) < shortest(other);
}

/** All choices of `count` of the values, in their order. */
function* choices<T>(values: readonly T[], count: number, from = 0): Generator<T[]> {
  if (count === 0) yield [];
  else
    for (let at = from; at <= values.length - count; at += 1)
      for (const rest of choices(values, count - 1, at + 1)) yield [values[at] as T, ...rest];
}

function aliasText(design: FractionalFactorial, factors: readonly Factor[]): string[] {
  const name = (effect: readonly number[]) => effect.map((one) => factors[one]).join(" × ");
  const pairs = factors.flatMap((_, one) => factors.slice(one + 1).map((_, other) => [one, one + 1 + other]));
  const told = new Set<string>();
  return [...factors.map((_, one) => [one]), ...pairs].flatMap((effect) => {
    const aliases = aliasesOf(effect, design, 2);
    if (aliases.length === 0 || told.has(name(effect))) return [];
    for (const alias of aliases) told.add(name(alias));
    return [`${name(effect)} = ${aliases.map(name).join(" = ")}`];
  });
}

function unique(conditions: readonly Condition[]): Condition[] {
  return [...new Map(conditions.map((condition) => [conditionName(condition), condition])).values()];
}
