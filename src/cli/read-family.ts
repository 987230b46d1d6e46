import { DashpotError } from "../model/error.ts";

/** `CODER=FAMILY`; the last `=` divides, for a coder's name may hold one. Errors: `option-invalid`. */
export function readFamily(text: string): [string, string] {
  const cut = text.lastIndexOf("=");
  if (cut > 0 && cut < text.length - 1) return [text.slice(0, cut), text.slice(cut + 1)];
  throw new DashpotError(
    "option-invalid",
    `expected CODER=FAMILY, received ${JSON.stringify(text.slice(0, 80))}, for --family`,
    "give --family judge-1=llama, once for each judge",
  );
}
