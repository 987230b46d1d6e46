import type { Act } from "../model/act.ts";
import type { Dyad } from "../model/bank.ts";
import type { Label, Limit, Mode, Rank, Row } from "../model/label.ts";
import type { Variation } from "../model/run.ts";

/** Why an asked cell gave no measurement (A12). */
export type Silence = "refusal" | "unparsable" | "empty" | "failure";

interface Place {
  readonly situation: string;
  readonly domain: string;
  readonly rank: Rank;
  readonly arm: "bank" | "decoy" | "validation" | "content-free";
  /** For decoys the mode whose words they carry, for the content-free prompt `content-free`. */
  readonly row: Row | Mode | Limit | "content-free";
  /** Absent in the base condition. */
  readonly variant?: { readonly variation: Variation; readonly level: string };
}

/** One prompt under `score`: log P of each wording of each label, nats; null where it could not be had. */
export interface ScoreMeasurement extends Place {
  readonly logProbabilities: Readonly<Record<Label, readonly (number | null)[]>>;
  readonly silence?: Silence;
}

/** One presentation under `choice`. `probability` is by place, sums to 1, null with `silence`. */
export interface ChoiceMeasurement extends Place {
  readonly presentation: number;
  readonly order: readonly { readonly label: Label; readonly wording: number }[];
  readonly probability: readonly number[] | null;
  readonly silence?: Silence;
  /** Whether `probability` was read off log-probabilities of the letters or is the one letter that was said. */
  readonly told?: "letters" | "text";
  /** The endpoint refused the temperature asked for. */
  readonly ownTemperature?: true;
}

/** One played dyad: alternate moves, the model's first or second as the script says. */
export interface DyadMeasurement {
  readonly dyad: Dyad;
  readonly moves: readonly { readonly model: Act | null; readonly partner: Act; readonly silence?: Silence }[];
}

/** One self-report item: agreement 1 to 7, null with `silence`. */
export interface SelfMeasurement {
  readonly mode: Mode;
  readonly item: number;
  readonly rating: number | null;
  readonly silence?: Silence;
}

/** Everything a run measured; the only input of the estimators. */
export interface Measurements {
  readonly score: readonly ScoreMeasurement[];
  readonly choice: readonly ChoiceMeasurement[];
  readonly dyads: readonly DyadMeasurement[];
  readonly self: readonly SelfMeasurement[];
}
