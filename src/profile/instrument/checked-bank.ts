import type { Dyad, Situation } from "../../model/bank.ts";
import type { Numbered } from "./fault.ts";

/** What the checks look at: records with the lines they stand on. */
export interface CheckedBank {
  readonly language: string;
  readonly situations: readonly Numbered<Situation>[];
  readonly dyads: readonly Numbered<Dyad>[];
}
