import { writeGamesOutputs } from "../adapters/games-outputs.ts";
import {
  carryOutGames,
  forecastGames,
  type GamesRequest,
  type PreparedGames,
  prepareGames,
  sketchGames,
} from "../adapters/games-run.ts";
import type { RunConduct } from "../adapters/model-run.ts";
import { renderGamesSummary } from "../profile/report/games/games-summary.ts";
import { type ConductOptions, conductRun, readyToRun, type Wanted } from "./conduct.ts";
import { runDirectory } from "./run-directory-name.ts";
import type { Terminal } from "./terminal.ts";

/** `stress --games`: the bargaining ladder and games. */
export function playGames(
  terminal: Terminal,
  request: GamesRequest,
  options: ConductOptions & { readonly out?: string },
): Promise<number> {
  const directory =
    options.out ?? runDirectory([request.model, "games", request.set ?? "quick", request.formats?.join(",")]);
  return conductGames(
    terminal,
    request.model,
    options,
    directory,
    (conduct) => (options.dryRun ? sketchGames(request, conduct) : prepareGames(request, conduct)),
    (wanted, prepared) => readyForGames(terminal, wanted, prepared),
  );
}

/** A games run signs nothing, so that no key is looked for. */
export function readyForGames(terminal: Terminal, wanted: Wanted, prepared: PreparedGames): Promise<void> {
  return readyToRun(terminal, { sign: false }, wanted, prepared);
}

/** A games run, begun or gone on with; shared by `stress --games` and `resume`. */
export function conductGames(
  terminal: Terminal,
  model: string,
  options: ConductOptions,
  directory: string,
  prepare: (conduct: RunConduct) => Promise<PreparedGames>,
  ready: (wanted: Wanted, prepared: PreparedGames) => Promise<void>,
): Promise<number> {
  return conductRun(terminal, {
    ...{ model, options, directory, prepare, ready },
    carryOut: carryOutGames,
    forecast: (prepared, { price, parallel }) => forecastGames(prepared, price, parallel),
    settled: settledText,
    remarks: ({ plan }) => [`${plan.formats.join(", ")}: ${plan.formatReason}`],
    answer: async (report) => {
      const outputs = await writeGamesOutputs(report, directory);
      const paths = outputs.map(({ name, path }) => `${name.padEnd(16)}${path}`).join("\n");
      terminal.answer(`${renderGamesSummary(report, terminal)}\n${paths}`, { directory, outputs, games: report });
      return 0;
    },
  });
}

function settledText({ plan }: PreparedGames): string {
  return `${plan.model}, ${plan.formats.join(", ")} (${plan.formatReason}), ${plan.set} set: ${plan.parts.join(" and ")}`;
}
