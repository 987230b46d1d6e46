type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A server may ask for a pause of any length; more than this is taken for a mistake. */
const LONGEST_MS = 3_600_000;

/**
 * Milliseconds that a server asks to wait, from `retry-after-ms` (OpenAI, Azure) or `Retry-After` in seconds or as an
 * HTTP date (RFC 9110 §10.2.3), or undefined.
 */
export function retryAfterMs(headers: Headers, wallMs: number): number | undefined {
  const precise = Number.parseFloat(single(headers["retry-after-ms"]) ?? "");
  if (Number.isFinite(precise)) return bounded(precise);
  const value = single(headers["retry-after"])?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return bounded(Number(value) * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : bounded(date - wallMs);
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "object" ? value[0] : value;
}

function bounded(delayMs: number): number {
  return Math.min(LONGEST_MS, Math.max(0, Math.ceil(delayMs)));
}
