import fc from "fast-check";
import { DuplicateKey, parseStrictJson } from "../../src/kernel/strict-json.ts";
import { deepText, mutatedJsonText, mutatedText } from "./mutations.ts";
import { target } from "./target.ts";

const BASES = [{ a: [1, { 'b"': "\\" }, null], "": { a: true, b: -1.5e3 } }, [[], {}, ""], "x"];
const WORDS = ['"a":', ',"a":1', '"\\u0061":2', "{", "}", "[", "]", ",", ":", '\\"', "\\\\", "\\u", "//", "'"];
export const strictJson = target({
  name: "strict-json",
  parsers: "`parseStrictJson`",
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
    const [strict, plain] = [() => parseStrictJson(text), () => JSON.parse(text) as unknown].map(readingOf);
    if (plain?.kind === "not-json" && strict?.kind !== "not-json")
      throw new Error(`expected no JSON to be refused, received ${strict?.kind}`);
    // What is nested deeper than this can be read, but not written again.
    if (text.length < 5000 && strict?.kind === "value" && JSON.stringify(strict.value) !== JSON.stringify(plain?.value))
      throw new Error("expected the value of JSON.parse");
    return strict?.kind === "value" ? null : { code: strict?.kind };
  },
});

/** What a reader says: a value, `not-json`, or `doubled-key`; throws every other exception. */
function readingOf(read: () => unknown): { kind: "value" | "not-json" | "doubled-key"; value?: unknown } {
  try {
    return { kind: "value", value: read() };
  } catch (error) {
    if (error instanceof DuplicateKey) return { kind: "doubled-key" };
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: "not-json" };
  }
}
