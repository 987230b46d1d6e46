import fc from "fast-check";
import { parseStrictJson } from "../../src/adapters/strict-json.ts";
import { DuplicateKey, parseStrictJson as parseBankJson } from "../../src/profile/instrument/strict-json.ts";
import { deepText, mutatedJsonText, mutatedText } from "./mutations.ts";
import { target } from "./target.ts";

const BASES = [{ a: [1, { 'b"': "\\" }, null], "": { a: true, b: -1.5e3 } }, [[], {}, ""], "x"];
const WORDS = ['"a":', ',"a":1', '"\\u0061":2', "{", "}", "[", "]", ",", ":", '\\"', "\\\\", "\\u", "//", "'"];
export const strictJson = target({
  name: "strict-json",
  parsers: "`parseStrictJson` of cards and of banks",
  input: fc.oneof(
    { weight: 500, arbitrary: mutatedJsonText(BASES) },
    {
      weight: 500,
      arbitrary: mutatedText(
        BASES.map((base) => JSON.stringify(base)),
        WORDS,
      ),
    },
    { weight: 1, arbitrary: deepText },
  ),
  put: (text) => {
    const [card, bank, plain] = [
      () => parseStrictJson(text),
      () => parseBankJson(text),
      () => JSON.parse(text) as unknown,
    ].map(readingOf);
    if (card?.kind !== bank?.kind)
      throw new Error(`expected both readers to agree, received ${card?.kind} and ${bank?.kind}`);
    if (plain?.kind === "not-json" && card?.kind !== "not-json")
      throw new Error(`expected no JSON to be refused, received ${card?.kind}`);
    // What is nested deeper than this can be read, but not written again.
    if (text.length < 5000 && card?.kind === "value" && JSON.stringify(card.value) !== JSON.stringify(plain?.value))
      throw new Error("expected the value of JSON.parse");
    return card?.kind === "value" ? null : { code: card?.kind };
  },
});

/** What a reader says: a value, `not-json`, or `doubled-key`; throws every other exception. */
function readingOf(read: () => unknown): { kind: "value" | "not-json" | "doubled-key"; value?: unknown } {
  try {
    return { kind: "value", value: read() };
  } catch (error) {
    if (error instanceof DuplicateKey) return { kind: "doubled-key" };
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: /each key once/.test(error.message) ? "doubled-key" : "not-json" };
  }
}
