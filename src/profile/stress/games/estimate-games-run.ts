import { sha256Hex } from "../../../kernel/canonical-json.ts";
import { randomStream } from "../../../kernel/random.ts";
import { ROLES } from "../../../model/games.ts";
import type { GamesReport } from "../../../model/games-report.ts";
import type { GamesPlan } from "../../../model/games-run.ts";
import type { ModelIdentity } from "../../../model/language-model.ts";
import type { Totals } from "../../../model/run.ts";
import { weightsFrom } from "../family-means.ts";
import type { GamesMeasurements } from "./code-games.ts";
import { estimateGame } from "./estimate-games.ts";
import { estimateLadder } from "./estimate-ladder.ts";
import type { Game } from "./game-files.ts";

/** What a report tells beside what was measured. */
export interface GamesSource {
  readonly plan: GamesPlan;
  readonly model: ModelIdentity;
  readonly totals: Totals;
  /** Those that were asked. */
  readonly games: readonly Game[];
}

/** Everything that a games run found: the ladder by role and format, then game by game (T27, T28). */
export function estimateGamesRun(
  measured: GamesMeasurements,
  { plan, model, totals, games }: GamesSource,
): GamesReport {
  const { dashpot, suite, set, parts, formats, formatReason, seed, samples, wordings, temperature } = plan;
  const weights = weightsFrom(randomStream(seed, "games"));
  const asked = measured.chosen.length + measured.scored.length > 0;
  return {
    schema: "dashpot/games@1",
    ...{ dashpot, model, set, formatReason, seed, samples, wordings, temperature, totals },
    ...{ parts: [...parts], formats: [...formats] },
    suite: { id: suite.id, version: suite.version, hash: suite.hash },
    system: plan.system === undefined ? null : sha256Hex(plan.system),
    ladder: asked
      ? formats.flatMap((format) => ROLES.map((role) => estimateLadder(role, format, measured, weights, seed)))
      : [],
    games: measured.games.length > 0 ? games.map((game) => estimateGame(game, measured.games, weights, seed)) : [],
  };
}
