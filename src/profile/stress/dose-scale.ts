import { bradleyTerry } from "../../kernel/bradley-terry.ts";
import { mean } from "../../kernel/summary.ts";
import type { Dose, DoseComparison, DoseLevel } from "../../model/dose.ts";
import { GRADED, type Graded } from "../../model/stress.ts";

/** In logits. Neighbouring levels are some two logits apart; a wide prior lets the comparisons speak. */
const PRIOR_SD = 5;

/**
 * All levels that were compared, on one scale a factor (Bradley and Terry), moved and stretched so that index 0 lies at 0
 * and index 7 at 7 in the mean over the series; a level of one family is then comparable with one of another. In the
 * order of factors, families, sides and levels. A factor without comparisons has no doses; one whose means of index 0
 * and 7 do not differ throws RangeError.
 */
export function doseScale(comparisons: readonly DoseComparison[]): Dose[] {
  return GRADED.flatMap((factor) =>
    scaleOf(
      factor,
      comparisons.filter((one) => one.factor === factor),
    ),
  );
}

function scaleOf(factor: Graded, comparisons: readonly DoseComparison[]): Dose[] {
  const levels = new Map<string, DoseLevel>();
  for (const { a, b } of comparisons) for (const one of [a, b]) levels.set(keyOf(one), one);
  if (levels.size === 0) return [];
  const keys = [...levels.keys()].sort();
  const places = new Map(keys.map((key, place) => [key, place]));
  const place = (one: DoseLevel) => places.get(keyOf(one)) as number;
  const found = bradleyTerry(
    comparisons.map(({ a, b, more }) =>
      more === "a" ? { greater: place(a), lesser: place(b) } : { greater: place(b), lesser: place(a) },
    ),
    keys.length,
    { priorSd: PRIOR_SD },
  );
  const strengthsAt = (index: number) => found.filter((_, at) => levels.get(keys[at] as string)?.level === index);
  const [bottom, top] = [0, 7].map((index) => mean(strengthsAt(index).map(({ value }) => value))) as [number, number];
  if (!(top > bottom))
    throw new RangeError(`expected more ${factor} at index 7 than at 0, received ${top} and ${bottom}`);
  const scaled = (strength: number) => rounded((7 * (strength - bottom)) / (top - bottom));
  return keys.map((key, at) => {
    const { value, low, high, n } = found[at] as (typeof found)[number];
    return { factor, ...(levels.get(key) as DoseLevel), dose: scaled(value), low: scaled(low), high: scaled(high), n };
  });
}

function keyOf({ family, side, level }: DoseLevel): string {
  return `${family}/${side ?? ""}/${level}`;
}

/** To what the comparisons can bear, so that the file is the same on every machine. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
