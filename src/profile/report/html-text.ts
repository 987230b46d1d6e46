import { shownText } from "../../model/shown-text.ts";

/** Markup that is safe to put into a page: only `html` and `rawHtml` make it, so plain text cannot pass for it. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | null | false | readonly Html[];

/**
 * Markup from a template: texts put in are shown as harmless text (F5) and escaped, in content and in quoted attributes
 * alike; Html goes in as it is; null and false give nothing.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = strings.map((string, index) =>
    index < parts.length ? string + markupOf(parts[index] as Part) : string,
  );
  return { markup: pieces.join("") };
}

/** For markup of our own making, such as a drawn SVG. */
export function rawHtml(markup: string): Html {
  return { markup };
}

const MAXIMUM_LENGTH = 400;

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function markupOf(part: Part): string {
  if (part === null || part === false) return "";
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeHtml(shownText(part, MAXIMUM_LENGTH));
  if ("markup" in part) return part.markup;
  return part.map((one) => one.markup).join("");
}
