import type { RandomStream } from "../../kernel/random.ts";
import type { DoseComparison, DoseLevel } from "../../model/dose.ts";
import { GRADED, type Graded, LEVELS, type Level, SIDES, type Side } from "../../model/stress.ts";
import type { Circumstances } from "../stress/family.ts";
import { renderingOf } from "../stress/render-item.ts";
import { makeQuestionSheet, type QuestionSheet } from "./question-sheet.ts";

/** What is asked of two levels: the questions that our judges were given, without the name of a factor. */
export const DOSE_QUESTIONS: Readonly<Record<Graded, string>> = {
  power: "Which sentence describes the greater dependence of one party on the other?",
  information:
    "Which sentence describes the greater inequality of knowledge between the parties, together with what hangs on it?",
  constraint: "Which sentence describes the greater pressure, be it of time running out or of things running short?",
};

type Pair = Pick<DoseComparison, "factor" | "a" | "b">;

/** Of two levels of other families, at most so far apart: beyond it nobody doubts which is more. */
const NEAR = 2;

/**
 * One sheet a person: pairs of levels of one factor each (K14), within a family and between families by turns, each level
 * about as often as any other, the two in random order, no pair twice to one person. A family's surface is its first.
 */
export function doseSheets(
  families: readonly Circumstances[],
  { people, each }: { readonly people: readonly string[]; readonly each: number },
  stream: RandomStream,
): QuestionSheet[] {
  const byId = new Map(families.map((family) => [family.id, family]));
  const text = (factor: Graded, level: DoseLevel) => sentenceOf(byId.get(level.family) as Circumstances, factor, level);
  const counts = new Map<string, number>();
  const levels = new Map(GRADED.map((factor) => [factor, levelsOf(families, factor)]));
  return people.map((person) => {
    const pairs = drawPairs(levels, each, counts, stream);
    return makeQuestionSheet(
      person,
      pairs.map(({ factor, a, b }) => ({
        about: pairName({ factor, a, b }),
        text: DOSE_QUESTIONS[factor],
        options: [text(factor, a), text(factor, b)],
      })),
    );
  });
}

/** Levels of all series; no person is given more pairs. */
export function countLevels(families: readonly Circumstances[]): number {
  return GRADED.reduce((sum, factor) => sum + levelsOf(families, factor).length, 0);
}

/** `power/code-release/over/3/night-ward/under/2`: a pair as the key names it. */
function pairName({ factor, a, b }: Pair): string {
  return [factor, ...[a, b].flatMap(({ family, side, level }) => [family, side ?? "-", level])].join("/");
}

/** The pair of a name; null for what is none. */
export function parsePair(name: string): Pair | null {
  const [factor, ...rest] = name.split("/");
  const [a, b] = [rest.slice(0, 3), rest.slice(3)].map(parseLevel);
  const known = GRADED.find((one) => one === factor);
  return known && a && b ? { factor: known, a, b } : null;
}

function parseLevel(parts: readonly string[]): DoseLevel | null {
  const [family, side, level] = parts;
  const known = LEVELS.find((one) => String(one) === level);
  if (!family || known === undefined || parts.length !== 3) return null;
  if (side === "-") return { family, level: known };
  const named = SIDES.find((one) => one === side);
  return named ? { family, side: named, level: known } : null;
}

function levelsOf(families: readonly Circumstances[], factor: Graded): DoseLevel[] {
  const sides: readonly (Side | undefined)[] = factor === "constraint" ? [undefined] : SIDES;
  return families.flatMap(({ id: family }) =>
    sides.flatMap((side) => LEVELS.map((level) => ({ family, ...(side ? { side } : {}), level }))),
  );
}

function sentenceOf(family: Circumstances, factor: Graded, { side, level }: DoseLevel): string {
  const at = level as Level;
  const template = factor === "constraint" ? family.limit[at] : family[factor][side as Side][at];
  return renderingOf(family, 0)(template);
}

/** Factors come as often as they have levels; a pair begins with the level shown least. */
function drawPairs(
  levels: ReadonlyMap<Graded, readonly DoseLevel[]>,
  each: number,
  counts: Map<string, number>,
  stream: RandomStream,
): Pair[] {
  const every = GRADED.flatMap((factor) => (levels.get(factor) ?? []).map((level) => ({ factor, level })));
  const seen = new Set<string>();
  const countOf = (factor: Graded, level: DoseLevel) => counts.get(nameOf(factor, level)) ?? 0;
  return Array.from({ length: each }, (_, turn) => {
    const least = leastOf(stream.shuffle(every), ({ factor, level }) => countOf(factor, level));
    const { factor, level: first } = least;
    const others = stream
      .shuffle(levels.get(factor) ?? [])
      .filter((other) => nameOf(factor, other) !== nameOf(factor, first));
    const partners = others.filter((other) => isPartner(first, other, turn % 3 === 0));
    const free = partners.filter((other) => !seen.has(unordered(factor, first, other)));
    // A suite of one family has no other; where all were met, one comes again.
    const pool = [free, partners, others].find((some) => some.length > 0) as readonly DoseLevel[];
    const second = leastOf(pool, (other) => countOf(factor, other));
    seen.add(unordered(factor, first, second));
    for (const one of [first, second]) counts.set(nameOf(factor, one), countOf(factor, one) + 1);
    const [a, b] = stream.shuffle([first, second]) as [DoseLevel, DoseLevel];
    return { factor, a, b };
  });
}

/** Within a family another level of the same series, else one of another family that is not far off. */
function isPartner(one: DoseLevel, other: DoseLevel, within: boolean): boolean {
  if (one.family === other.family) return within && one.side === other.side && one.level !== other.level;
  return !within && Math.abs(one.level - other.level) <= NEAR;
}

function leastOf<T>(items: readonly T[], count: (item: T) => number): T {
  return items.reduce((best, item) => (count(item) < count(best) ? item : best));
}

function nameOf(factor: Graded, { family, side, level }: DoseLevel): string {
  return `${factor}/${family}/${side ?? ""}/${level}`;
}

function unordered(factor: Graded, one: DoseLevel, other: DoseLevel): string {
  return [nameOf(factor, one), nameOf(factor, other)].sort().join(" ");
}
