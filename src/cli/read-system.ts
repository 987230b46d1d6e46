import { readBounded } from "../adapters/bounded-read.ts";
import { DashpotError } from "../model/error.ts";

/** A guardrail is a text of some pages at most. */
const LONGEST_SYSTEM = 32_768;

/** The text of a file for --system. Errors: `option-invalid` where it is empty, longer than some pages or not to be read. */
export async function readSystem(path: string): Promise<string> {
  const read = await readBounded(path, LONGEST_SYSTEM).catch(() => null);
  const text = read?.kind === "read" ? read.bytes.toString("utf8").trim() : null;
  if (text) return text.toWellFormed();
  const received = text === "" ? "an empty one" : read?.kind === "too-large" ? "a longer one" : "nothing readable";
  throw new DashpotError(
    "option-invalid",
    `expected a text of at most ${LONGEST_SYSTEM} bytes, received ${received}, in ${path}, for --system`,
    "name a file with the guardrail",
  );
}
