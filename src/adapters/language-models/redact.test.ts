import fc from "fast-check";
import { expect, it } from "vitest";
import { excerptOf } from "./redact.ts";

it("L9: a secret is taken out wherever it stands, also across the cut", () => {
  const key = "my own key!";
  for (let before = 0; before < 260; before += 1) {
    const shown = excerptOf(`${"x ".repeat(before)}${key} tail`, [key]);
    expect(shown).not.toContain("own key");
    expect(shown.length).toBeLessThanOrEqual(200);
  }
});

it("L9: what looks like a credential of someone else is taken out too", () => {
  for (const secret of [
    "sk-proj-abcdefghijklmnop",
    "Bearer abc.def",
    "AIzaSyA1234567890abcdef",
    "sk-ab***********wxyz",
  ]) {
    expect(excerptOf(`provided: ${secret} (see docs)`)).toBe("provided: [key] (see docs)");
  }
});

it("F5: an excerpt has no control characters and at most 200 characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
      const shown = excerptOf(`\u001b[2J\u0007${text}\u202e`);
      expect(shown.length).toBeLessThanOrEqual(200);
      expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    }),
    { seed: 1, numRuns: 300 },
  );
});
