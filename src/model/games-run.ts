import type { GameFormat, GamePart } from "./games.ts";
import type { ModelPlan, SetName } from "./run.ts";

/** Everything that fixes which calls a games run makes. Stored in its journal; a resumed run reads it back. */
export interface GamesPlan extends ModelPlan {
  readonly schema: "dashpot/games-run@1";
  readonly formats: readonly GameFormat[];
  /** Why these were chosen. */
  readonly formatReason: string;
  readonly parts: readonly GamePart[];
  readonly set: SetName;
  readonly suite: { readonly path: string; readonly id: string; readonly version: string; readonly hash: string };
  /** Exchanges and games that are asked, by id. */
  readonly items: readonly string[];
  /** Wordings of each step and reply: 1 or 2. */
  readonly wordings: number;
  readonly seed: number;
  /** Answers a lettered question at least; as many more as put every option at every place equally often. */
  readonly samples: number;
  readonly temperature: number;
  /** What stands before every question as the system's message: a guardrail. */
  readonly system?: string;
}
