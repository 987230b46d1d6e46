import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const NOW = Date.UTC(2026, 0, 1);

it.each([
  [{ "retry-after": "3" }, 3000],
  [{ "retry-after": "0.25" }, 250],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" }, 7000],
  [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
  [{ "retry-after-ms": "120", "retry-after": "1" }, 120],
  [{ "retry-after": ["4", "9"] }, 4000],
  [{ "retry-after": "99999999999" }, 3_600_000],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "-5x" }, undefined],
  [{}, undefined],
])("R4: a server's wish to wait is read from %o", (headers, expected) => {
  expect(retryAfterMs(headers, NOW)).toBe(expected);
});
