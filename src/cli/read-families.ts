import { DashpotError } from "../model/error.ts";

/** Families by coder, of options `CODER=FAMILY` about these coders. Errors: `option-invalid`, `coder-unknown`. */
export function readFamilies(given: readonly string[], coders: readonly string[]): Map<string, string> {
  const families = new Map(given.map(readFamily));
  const unknown = [...families.keys()].find((coder) => !coders.includes(coder));
  if (unknown === undefined) return families;
  throw new DashpotError(
    "coder-unknown",
    `expected one of the coders for --family, received ${JSON.stringify(unknown)}`,
    `name one of ${[...new Set(coders)].slice(0, 20).join(", ")}`,
  );
}

/** The last `=` divides, for a coder's name may hold one. */
function readFamily(text: string): [string, string] {
  const cut = text.lastIndexOf("=");
  if (cut > 0 && cut < text.length - 1) return [text.slice(0, cut), text.slice(cut + 1)];
  throw new DashpotError(
    "option-invalid",
    `expected CODER=FAMILY, received ${JSON.stringify(text.slice(0, 80))}, for --family`,
    "give --family judge-1=llama, once for each judge",
  );
}
