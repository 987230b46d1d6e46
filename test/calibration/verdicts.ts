import { clopperPearson } from "../../src/kernel/intervals.ts";

/** Chance that a table in which all is right is told wrong somewhere by Monte-Carlo error. */
const CHANCE = 0.01;

/**
 * Is a share of `runs` within bounds, as far as `runs` can tell? The exact interval of the share, at a level that
 * leaves one chance in a hundred over all `cells` that are looked at, must reach the bounds.
 */
export function within(held: number, runs: number, [low, high]: readonly [number, number], cells: number): boolean {
  const [from, to] = clopperPearson(held, runs, 1 - CHANCE / cells);
  return to >= low && from <= high;
}
