import type { ActRow } from "../../model/act.ts";
import type { TextUnit } from "../../model/coding.ts";

/** What a transcript is made of, one by one. */
export type Transcribed =
  | { readonly kind: "text"; readonly unit: TextUnit }
  | { readonly kind: "act"; readonly row: ActRow }
  /** Nothing that is coded: what the framework says, a deal that is submitted. Counted by what it is. */
  | { readonly kind: "apart"; readonly what: string }
  /** A record that is none. */
  | { readonly kind: "malformed"; readonly where: string; readonly what: string };

export const TRANSCRIPT_FORMATS = ["texts", "acts", "messages", "inspect", "casino", "govsim", "run"] as const;
export type TranscriptFormat = (typeof TRANSCRIPT_FORMATS)[number];

/** A record of an object, or null. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
