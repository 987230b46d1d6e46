import fc from "fast-check";
import { expect, it } from "vitest";
import { fuzz, target } from "./target.ts";
import { TARGETS } from "./targets.ts";

/** A failure is all that an answer with another status can be, and hardly any JSON is a situation. */
const NEVER_READ = ["http-failures", "bank-values"];
const NEVER_REFUSED = ["letters", "moves"];

it.each(TARGETS)("F7: $name: whatever comes is a value or a coded error", { timeout: 120_000 }, async (one) => {
  const { failure, cases, values, codes } = await fuzz(one, 500, 7);
  expect(failure, failure ?? "").toBeNull();
  expect(cases).toBe(500);
  expect(values + Object.values(codes).reduce((sum, count) => sum + count, 0)).toBe(500);
  // Cases that are all refused, or all read, put nothing to the test.
  expect(values > 0).toBe(!NEVER_READ.includes(one.name));
  expect(Object.keys(codes).length > 0).toBe(!NEVER_REFUSED.includes(one.name));
});

it("F7: another exception is found, made small and told", async () => {
  const wrong = target({
    name: "wrong",
    parsers: "",
    input: fc.array(fc.nat()),
    put: (numbers) => (numbers[1] as number).toFixed(0),
  });
  const { failure } = await fuzz(wrong, 200, 1);
  expect(failure).toMatch(/^\[\]\n.*(TypeError|Cannot read)/s);
});
