import type { CheckedBank } from "./checked-bank.ts";
import { type Fault, situationFault } from "./fault.ts";

/** Situations above and below that differ by more than one, and domains of unequal size (I4). */
export function checkBalance({ situations }: CheckedBank): Fault[] {
  return [...ranks(situations), ...domains(situations)];
}

function ranks(situations: CheckedBank["situations"]): Fault[] {
  const above = situations.filter(({ value }) => value.rank === "above").length;
  const below = situations.filter(({ value }) => value.rank === "below").length;
  if (Math.abs(above - below) <= 1) return [];
  const message = `expected as many situations above as below, received ${above} and ${below}`;
  const lacking = above > below ? "below" : "above";
  return [
    situationFault(0, "rank", "bank-ranks-unbalanced", message, `add situations in which the model stands ${lacking}`),
  ];
}

function domains(situations: CheckedBank["situations"]): Fault[] {
  const sizes = new Map<string, number>();
  for (const { value } of situations) sizes.set(value.domain, (sizes.get(value.domain) ?? 0) + 1);
  if (new Set(sizes.values()).size <= 1) return [];
  const listed = [...sizes].map(([domain, size]) => `${domain} ${size}`).join(", ");
  const message = `expected domains of equal size, received ${listed}`;
  return [situationFault(0, "domain", "bank-domains-unequal", message, "add situations to the smaller domains")];
}
