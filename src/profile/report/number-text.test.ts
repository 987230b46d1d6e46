import { expect, it } from "vitest";
import { countText, estimateText, intervalText, numberText, pText } from "./number-text.ts";

it("C2: numbers carry real minus signs, sensible digits and no negative zero", () => {
  expect(numberText(-1.234, "nats")).toBe("−1.23");
  expect(numberText(1.6, "nats")).toBe("+1.60");
  expect(numberText(-0.001, "nats")).toBe("0.00");
  expect(numberText(0.583, "share")).toBe("58 %");
  expect(numberText(-0.12, "points")).toBe("−12 pp");
  expect(numberText(0.4, "score")).toBe("0.40");
  expect(numberText(null, "score")).toBe("–");
  expect(countText(1_048_576)).toBe("1,048,576");
  expect([pText(0.0004), pText(0.0312), pText(null)]).toEqual(["< 0.001", "0.031", "–"]);
});

it("C2: an interval is written whole, one-sided or named as absent", () => {
  expect(intervalText({ low: -0.2, high: 1.5 }, "nats")).toBe("−0.20 to +1.50");
  expect(intervalText({ low: null, high: 0.31 }, "score")).toBe("at most 0.31");
  expect(intervalText({ low: 1.25, high: null }, "score")).toBe("at least 1.25");
  expect(intervalText({ low: null, high: null }, "score")).toBe("no interval");
  expect(estimateText({ value: 0.5, low: 0.2, high: 0.8, n: 9, missing: 3, method: "t" }, "share")).toBe(
    "50 % (95 % interval 20 to 80 %, n 9, missing 3)",
  );
  expect(estimateText({ value: null, low: null, high: null, n: 0, missing: 12, method: "empty" }, "nats")).toBe(
    "nothing to estimate from (n 0, missing 12)",
  );
});
