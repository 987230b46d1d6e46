import type { Estimate } from "../../model/profile.ts";

/**
 * How a quantity is written: `nats` signed with two decimals; `share` in whole per cent; `points` a difference of
 * shares in signed percentage points; `score` unsigned with two decimals; `coefficient` unsigned with three.
 */
export type NumberStyle = "nats" | "share" | "points" | "score" | "coefficient";

/** A number in digits that its interval can bear, with a real minus sign; `–` where there is none. */
export function numberText(value: number | null, style: NumberStyle): string {
  if (value === null || !Number.isFinite(value)) return "–";
  return `${bareNumber(value, style)}${suffixOf(style)}`;
}

/** `+1.02 to +2.18`, `44 to 71 %`, `at most 0.31`, or `no interval`. */
export function intervalText({ low, high }: Pick<Estimate, "low" | "high">, style: NumberStyle): string {
  if (low !== null && high !== null) return `${bareNumber(low, style)} to ${bareNumber(high, style)}${suffixOf(style)}`;
  if (low !== null) return `at least ${numberText(low, style)}`;
  if (high !== null) return `at most ${numberText(high, style)}`;
  return "no interval";
}

/** `+1.60 (95 % interval +1.02 to +2.18, n 12, missing 0)`. */
export function estimateText(estimate: Estimate, style: NumberStyle): string {
  if (estimate.value === null) return `nothing to estimate from (n ${estimate.n}, missing ${estimate.missing})`;
  const { low, high } = estimate;
  const kind = low !== null && high !== null ? "95 % interval " : "";
  return `${numberText(estimate.value, style)} (${kind}${intervalText(estimate, style)}, ${sizeText(estimate)})`;
}

export function sizeText({ n, missing }: Pick<Estimate, "n" | "missing">): string {
  return `n ${n}, missing ${missing}`;
}

/** A p-value: never 0, three decimals; `–` where none is claimed. */
export function pText(p: number | null): string {
  if (p === null) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** 1048576 → 1,048,576, whatever the machine's locale. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function bareNumber(value: number, style: NumberStyle): string {
  const scaled = style === "share" || style === "points" ? value * 100 : value;
  const digits = scaled.toFixed(DECIMALS[style]);
  const zero = Number(digits) === 0;
  const size = digits.replace("-", "");
  if (zero) return size;
  if (scaled < 0) return `\u2212${size}`;
  return style === "nats" || style === "points" ? `+${size}` : size;
}

const DECIMALS: Readonly<Record<NumberStyle, number>> = { nats: 2, share: 0, points: 0, score: 2, coefficient: 3 };

function suffixOf(style: NumberStyle): string {
  if (style === "share") return " %";
  return style === "points" ? " pp" : "";
}
