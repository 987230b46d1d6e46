import type { Situation } from "../../model/bank.ts";
import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, situationFault } from "./fault.ts";

/**
 * Situations above and below that differ by more than one, and domains of unequal size (I4). The line is the first
 * situation of the rank there is too much of, and of the smallest domain.
 */
export function checkBalance({ situations }: CheckedBank): Fault[] {
  return [...ranks(situations), ...domains(situations)];
}

function firstLine(situations: CheckedBank["situations"], holds: (value: Situation) => boolean): number {
  return situations.find(({ value }) => holds(value))?.line ?? 0;
}

function ranks(situations: CheckedBank["situations"]): Fault[] {
  const above = situations.filter(({ value }) => value.rank === "above").length;
  const below = situations.filter(({ value }) => value.rank === "below").length;
  if (Math.abs(above - below) <= 1) return [];
  const message = `expected as many situations above as below, received ${above} and ${below}`;
  const [surplus, lacking] = above > below ? (["above", "below"] as const) : (["below", "above"] as const);
  const line = firstLine(situations, ({ rank }) => rank === surplus);
  const fix = `add situations in which the model stands ${lacking}, or turn one round`;
  return [situationFault(line, "rank", "bank-ranks-unbalanced", message, fix)];
}

function domains(situations: CheckedBank["situations"]): Fault[] {
  const sizes = new Map<string, number>();
  for (const { value } of situations) sizes.set(value.domain, (sizes.get(value.domain) ?? 0) + 1);
  if (new Set(sizes.values()).size <= 1) return [];
  const listed = [...sizes].map(([domain, size]) => `${domain} ${size}`).join(", ");
  const message = `expected domains of equal size, received ${listed}`;
  const [smallest] = [...sizes].reduce((least, one) => (one[1] < least[1] ? one : least));
  const line = firstLine(situations, ({ domain }) => domain === smallest);
  return [situationFault(line, "domain", "bank-domains-unequal", message, "add situations to the smaller domains")];
}
