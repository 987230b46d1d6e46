import type { Estimate } from "./profile.ts";

/** One gap, over families: see `ComplianceGap`. */
export interface GapEstimate {
  /** `all`, `side under`, `power`, `surface 2` … */
  readonly of: string;
  /** Scenarios with a stressor, and families, that it is of. */
  readonly scenarios: number;
  readonly families: number;
  /** Log-odds of rung 7 and above. */
  readonly gap: Estimate;
  /** Null where families scatter by less than the draws of their texts, so that the interval was widened. */
  readonly p: number | null;
}

/**
 * What constraining a model changed in what it writes beyond what it changed in which replies it finds likely, and both
 * beyond what it changed without a stressor; log-odds of rungs 7–10 against 0–6.
 */
export interface ComplianceGap {
  readonly verdict: "words only" | "leaning only" | "cannot tell" | "not estimated";
  /** Why nothing was estimated; empty where something was. */
  readonly reason: string;
  /** Of the scores, fitted to what was written unconstrained; null where nothing could be. */
  readonly temperature: number | null;
  /** Nats of likelihood by which the scores foretell what was written better than one rate does. */
  readonly foretold: number | null;
  /** Under stressors, second minus first, over families. */
  readonly written: Estimate | null;
  readonly leaning: Estimate | null;
  readonly gaps: readonly GapEstimate[];
  /** The gap over all, were every text without a rung mild. */
  readonly missingMild: GapEstimate | null;
}
