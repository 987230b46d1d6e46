import { expect, it } from "vitest";
import { DashpotError } from "./error.ts";

it("F7: a message that quotes what came from outside is cut, with its length named", () => {
  const { message } = new DashpotError(
    "bank-field-invalid",
    `expected a name, received ${"x".repeat(5000)}`,
    "shorten it",
  );
  expect(message).toHaveLength(2000 + "… (5026 characters)".length);
  expect(message).toMatch(/^expected a name, received x+… \(5026 characters\)$/);
  expect(new DashpotError("a", "b".repeat(2000), "c").message).toBe("b".repeat(2000));
});
