import fc from "fast-check";
import { expect, it } from "vitest";
import { shownText } from "./shown-text.ts";

it("F5: terminal escapes, controls, bidi overrides and zero-width characters become visible", () => {
  expect(shownText("a\u001b[31mred\u0007", 100)).toBe("a\\u{1B}[31mred\\u{7}");
  expect(shownText("one\r\ntwo\tthree", 100)).toBe("one\\r\\ntwo\\tthree");
  expect(shownText("\u009b2J\u202egnp.exe\u2066\u200b\ufeff\u00ad\u2028", 100)).toBe(
    "\\u{9B}2J\\u{202E}gnp.exe\\u{2066}\\u{200B}\\u{FEFF}\\u{AD}\\u{2028}",
  );
  expect(shownText("\ud800x\u{e0041}", 100)).toBe("\ufffdx\\u{E0041}");
  expect(shownText("Größe ＝ 三, ok 👍", 100)).toBe("Größe ＝ 三, ok 👍");
});

it("F5: a megabyte of text is cut with its length named", () => {
  expect(shownText("x".repeat(1_048_576), 5)).toBe("xxxxx… (1,048,576 characters)");
  expect(shownText("👍".repeat(6), 5)).toBe("👍👍👍👍👍… (6 characters)");
  expect(shownText("👍".repeat(5), 5)).toBe("👍👍👍👍👍");
});

it("F5: what is shown never carries a control or format character, whatever comes in", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), fc.integer({ min: 1, max: 200 }), (text, length) => {
      expect(shownText(text, length)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
    { seed: 7, numRuns: 500 },
  );
});
