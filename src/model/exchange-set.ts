import { LABELS, type Label } from "./label.ts";

/** One elementary exchange: what the first party does to the second and the second to the first; null is nothing. */
export interface Exchange {
  readonly first: string | null;
  readonly second: string | null;
}

/** The most demanding category first: what a set of several is called by. Linked before unlinked, asocial after all others. */
export const PRECEDENCE: readonly Label[] = ["EM", "MP", "AR", "CS", "asocial", "null"];

/**
 * The categories that a set of elementary exchanges consists of, in the order of `LABELS`, for any number of actions.
 *
 * X for X is EM. X for Y is MP where Y for X is there too, else AR. X for nothing is CS where nothing for X is there too,
 * else asocial. No exchange but nothing for nothing is null, which is never beside another.
 *
 * Source: Favre & Sornette 2015, PLOS ONE 10, e0120882, doi:10.1371/journal.pone.0120882, tables 1 to 3.
 */
export function categoriesOfSet(exchanges: readonly Exchange[]): readonly Label[] {
  const seen = new Set(exchanges.map(keyOf));
  const found = new Set(exchanges.map((exchange) => categoryWithin(exchange, seen)));
  if (found.size > 1) found.delete("null");
  return found.size === 0 ? ["null"] : LABELS.filter((label) => found.has(label));
}

/** The one category that a set of elementary exchanges belongs to: the first in `PRECEDENCE` of those it consists of. */
export function categoryOfSet(exchanges: readonly Exchange[]): Label {
  const found = categoriesOfSet(exchanges);
  return PRECEDENCE.find((label) => found.includes(label)) as Label;
}

function categoryWithin({ first, second }: Exchange, seen: ReadonlySet<string>): Label {
  if (first === null && second === null) return "null";
  if (first === second) return "EM";
  const swapped = seen.has(keyOf({ first: second, second: first }));
  if (first === null || second === null) return swapped ? "CS" : "asocial";
  return swapped ? "MP" : "AR";
}

function keyOf({ first, second }: Exchange): string {
  return JSON.stringify([first, second]);
}
