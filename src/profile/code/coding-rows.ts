import { type Coding, DIMENSIONS } from "../../model/coding.ts";
import type { FluxDyad } from "../../model/flux.ts";
import { LABELS } from "../../model/label.ts";

/** One code in long form, as `dashpot agree` reads it (K1). */
export interface CodedRow {
  readonly unit: string;
  readonly coder: string;
  /** `mode`, `mode.CS` …, `severity`, `deception`, `refusal`, `kind`. */
  readonly dimension: string;
  readonly value: string;
  /** Why; once a text, beside its severity. */
  readonly reason: string;
}

/** All codes of a text by one coder, the shares of the modes where there are some. */
export function codingRows(unit: string, coder: string, coding: Coding): CodedRow[] {
  const row = (dimension: string, value: string, reason = "") => ({ unit, coder, dimension, value, reason });
  const { mixture } = coding;
  return [
    ...DIMENSIONS.map((dimension) =>
      row(dimension, String(coding[dimension]), dimension === "severity" ? coding.reason : ""),
    ),
    ...(mixture === null ? [] : LABELS.map((label) => row(`mode.${label}`, shareText(mixture[label])))),
  ];
}

/** A dyad's relations, joined by `+`, and which actions each is about. */
export function fluxRow({ dyad, categories, parts }: FluxDyad, coder: string): CodedRow {
  const reason = parts.map(({ category, actions, fluxes }) => `${category} ${actions.join(" for ")} (${fluxes})`);
  return { unit: dyad, coder, dimension: "mode", value: categories.join("+"), reason: reason.join("; ") };
}

/** Whole and half shares in full, thirds to four digits. */
function shareText(share: number): string {
  return String(Math.round(share * 1e4) / 1e4);
}
