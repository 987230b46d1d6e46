import fc from "fast-check";
import { expect, it } from "vitest";
import { harmlessJson, harmlessText } from "./harmless-text.ts";

const SETTINGS = { seed: 5, numRuns: 500 };
const hostile = fc.string({
  unit: fc.oneof(fc.constantFrom("\u001b[31m", "\u202e", "\u009b", "\n", "é", "\u{e0041}"), fc.string()),
});

it("F5: a terminal gets lines and nothing to act on, and text that is harmless stays as it is", () => {
  expect(harmlessText("a\u001b[2Jb\u202ec\u009b1md\r\n−0.10 é\u{1f600}")).toBe(
    "a\\u{1B}[2Jb\\u{202E}c\\u{9B}1md\\u{D}\n−0.10 é\u{1f600}",
  );
  fc.assert(
    fc.property(hostile, (text) => !/(?!\n)[\p{Cc}\p{Cf}]/u.test(harmlessText(text))),
    SETTINGS,
  );
});

it("F5: with colour, escapes for colour and weight pass and no others", () => {
  const [bold, clear] = ["\u001b[1;31m", "\u001b[2J"];
  expect(harmlessText(`${bold}x${clear}`, true)).toBe(`${bold}x\\u{1B}[2J`);
  expect(harmlessText(`${bold}x`)).toBe("\\u{1B}[1;31mx");
});

it("F5: JSON keeps its value and has nothing to act on", () => {
  fc.assert(
    fc.property(fc.jsonValue(), hostile, (value, text) => {
      const json = harmlessJson({ value, [text]: text });
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ value, [text]: text })));
      expect(/(?!\n)[\p{Cc}\p{Cf}]/u.test(json)).toBe(false);
    }),
    SETTINGS,
  );
});
