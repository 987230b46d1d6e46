import type { RandomStream } from "../../kernel/random.ts";
import { DashpotError } from "../../model/error.ts";
import { shownText } from "../../model/shown-text.ts";

/** The value each slot of a situation takes. */
export type SlotValues = Readonly<Record<string, string>>;

/**
 * Values for a situation's slots: the first of each, or with streams one of the rest. No two slots of a situation take
 * the same value, so that a name never stands for both parties.
 */
export function drawSlots(
  slots: Readonly<Record<string, readonly string[]>>,
  stream: ((slot: string) => RandomStream) | undefined,
): SlotValues {
  const taken = new Set<string>();
  const entries = Object.entries(slots).map(([slot, alternatives]) => {
    const rest = alternatives.slice(1);
    const free = rest.filter((one) => !taken.has(one));
    const value = stream === undefined ? alternatives[0] : stream(slot).pick(free.length > 0 ? free : rest);
    taken.add(value as string);
    return [slot, value as string] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * A template with its slots filled and its inline choices made, the first letter of every sentence a capital.
 *
 * `stream` undefined: the first alternative of each choice; otherwise one of the rest. Errors: `surfaces-malformed`
 * for a slot that is not there or a brace without its pair.
 */
export function renderTemplate(template: string, values: SlotValues, stream: RandomStream | undefined): string {
  const filled = template.replaceAll(/\{([^{}]*)\}/g, (whole, inside: string) => {
    if (inside.includes("|")) return chosen(inside, stream);
    const value = values[inside];
    if (value === undefined) throw malformed(`no slot ${whole}`, template);
    return value;
  });
  if (/[{}]/.test(filled)) throw malformed("a brace without its pair", template);
  return filled.replaceAll(
    /(^|[.?!]\s+)(\p{Ll})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  );
}

function chosen(inside: string, stream: RandomStream | undefined): string {
  const alternatives = inside.split("|").map((one) => one.trim());
  const [base, ...rest] = alternatives;
  return (stream === undefined ? base : stream.pick(rest)) as string;
}

function malformed(what: string, template: string): DashpotError {
  const message = `expected slots and choices in braces, received ${what} in ${JSON.stringify(shownText(template, 200))}`;
  return new DashpotError("surfaces-malformed", message, "name the slot, or write the choice as {one|other}");
}
