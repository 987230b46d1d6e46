import { type CodingOutcome, DIMENSIONS, type Dimension } from "../../model/coding.ts";
import type { FluxDyad } from "../../model/flux.ts";
import { LABELS } from "../../model/label.ts";

/** One code in long form, as `dashpot agree` reads it (K1). */
export interface CodedRow {
  readonly unit: string;
  readonly coder: string;
  /** `mode`, `mode.CS` …, `severity`, `deception`, `refusal`, `kind`. */
  readonly dimension: string;
  readonly value: string;
  /** Why; once a text, beside its severity where that is coded. */
  readonly reason: string;
}

/**
 * All codes of a text by one coder in some dimensions, the shares of the modes where there are some; of a coder that gave
 * none, empty values, which are missing and stay in the denominator (K21).
 */
export function codingRows(
  unit: string,
  coder: string,
  outcome: CodingOutcome,
  dimensions: readonly Dimension[] = DIMENSIONS,
): CodedRow[] {
  const reasoned = dimensions.includes("severity") ? "severity" : dimensions[0];
  const silent = "silence" in outcome;
  const reason = silent ? `${outcome.silence}: ${outcome.reason}` : outcome.reason;
  const row = (dimension: string, value: string) => ({
    ...{ unit, coder, dimension, value },
    reason: dimension === reasoned ? reason : "",
  });
  const mixture = silent || !dimensions.includes("mode") ? null : outcome.mixture;
  return [
    ...dimensions.map((dimension) => row(dimension, silent ? "" : String(outcome[dimension]))),
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
