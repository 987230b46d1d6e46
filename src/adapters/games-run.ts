import { resolve } from "node:path";
import { DashpotError } from "../model/error.ts";
import { GAME_FORMATS, GAME_PARTS, type GameFormat } from "../model/games.ts";
import type { GamesReport } from "../model/games-report.ts";
import type { GamesPlan } from "../model/games-run.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { SetName } from "../model/run.ts";
import { codeGames } from "../profile/stress/games/code-games.ts";
import { estimateGamesRun } from "../profile/stress/games/estimate-games-run.ts";
import { type GamesCall, gamesCalls } from "../profile/stress/games/game-calls.ts";
import { gameItems, ladderItems } from "../profile/stress/games/game-items.ts";
import { costOf, type Price } from "./budget.ts";
import { type GameSuite, readGames } from "./games-files.ts";
import { unaskedModel } from "./language-models/unasked-model.ts";
import {
  type Forecast,
  forecastCalls,
  type ModelRequest,
  modelPlanOf,
  openingOf,
  openModel,
  type RunConduct,
  refuseChanged,
  reopenModel,
  withEngine,
} from "./model-run.ts";
import { ourStressPath } from "./stress-files.ts";

/** What fixes a games run's calls; everything has a default but the model. */
export interface GamesRequest extends ModelRequest {
  /** Absent: those that suit the model. */
  readonly formats?: readonly GameFormat[];
  readonly set?: SetName;
  readonly suite?: string;
  /** Some of the exchanges and games, by id. */
  readonly items?: readonly string[];
  readonly seed?: number;
  readonly samples?: number;
  readonly temperature?: number;
  /** Text that stands before every question as the system's message. */
  readonly system?: string;
}

/** Eleven, so that each tenth of a pot stands once at each place. */
const DEFAULTS = { samples: 11, temperature: 1 } as const;

/** A games run that is settled but not begun. */
export interface PreparedGames {
  readonly plan: GamesPlan;
  readonly suite: GameSuite;
  readonly model: LanguageModel;
}

/** Opens the model, probes it, reads exchanges and games and settles every choice. The caller closes the model. */
export function prepareGames(request: GamesRequest, conduct: RunConduct): Promise<PreparedGames> {
  return settled(request, conduct, () => openModel(request, conduct));
}

/** The same for a forecast: no weights are loaded or fetched and no endpoint is asked (R6). */
export function sketchGames(request: GamesRequest, conduct: RunConduct): Promise<PreparedGames> {
  return settled(request, conduct, () => unaskedModel(request.model, openingOf(request, conduct)));
}

/** Opens what a stored plan names, to go on with it (R2). Errors: `suite-changed`, those of `reopenModel`. */
export async function reopenGames(plan: GamesPlan, conduct: RunConduct): Promise<PreparedGames> {
  const suite = readGames(plan.suite.path);
  refuseChanged("suite", plan.suite.hash, suite.hash, plan.suite.path);
  return { plan, suite, model: await reopenModel(plan, conduct) };
}

async function settled(
  request: GamesRequest,
  conduct: RunConduct,
  open: () => Promise<LanguageModel>,
): Promise<PreparedGames> {
  const path = resolve(request.suite ?? ourStressPath());
  const suite = readGames(path);
  const items = chosenItems(suite, request.items);
  const model = await open();
  try {
    return { plan: planOf(request, { suite, path, items }, model, conduct.price ?? null), suite, model };
  } catch (error) {
    await model.close();
    throw error;
  }
}

/** Ids of the exchanges and games that are asked. */
function chosenItems({ exchanges, games }: GameSuite, wanted: readonly string[] | undefined): string[] {
  const known = [...exchanges, ...games].map(({ id }) => id);
  const unknown = wanted?.find((id) => !known.includes(id));
  if (unknown === undefined) return known.filter((id) => wanted === undefined || wanted.includes(id));
  throw new DashpotError(
    "option-invalid",
    `expected exchanges and games of the suite, received ${JSON.stringify(unknown.slice(0, 60))}, for --families`,
    `take some of ${known.join(", ")}`,
  );
}

interface Chosen {
  readonly suite: GameSuite;
  readonly path: string;
  readonly items: readonly string[];
}

function planOf(request: GamesRequest, chosen: Chosen, model: LanguageModel, price: Price | null): GamesPlan {
  const { suite, path, items } = chosen;
  const set = request.set ?? "quick";
  const { formats, reason } = settleFormats(request.formats, model);
  const has = { ladder: suite.exchanges.some(({ id }) => items.includes(id)), games: false };
  has.games = suite.games.some(({ id }) => items.includes(id)) && formats.includes("choice");
  const parts = GAME_PARTS.filter((part) => has[part]);
  if (parts.length === 0)
    throw new DashpotError(
      "option-invalid",
      "expected something that can be asked, received games alone and no letters to ask them by, for --format",
      "take --format choice, or name exchanges",
    );
  return {
    schema: "dashpot/games-run@1",
    ...modelPlanOf(request, model.identity),
    price,
    ...{ formats, formatReason: reason, parts, set, items },
    suite: { path, id: suite.header.id, version: suite.header.version, hash: suite.hash },
    wordings: set === "quick" ? 1 : 2,
    seed: request.seed ?? 0,
    samples: request.samples ?? DEFAULTS.samples,
    temperature: request.temperature ?? DEFAULTS.temperature,
    ...(request.system === undefined ? {} : { system: request.system }),
  };
}

/**
 * Letters wherever there is chat, since nothing else gives a share; texts scored too where they can be, but for policies,
 * whose shares are known. Errors: `format-unsupported`.
 */
function settleFormats(
  wanted: readonly GameFormat[] | undefined,
  { capabilities, identity }: Pick<LanguageModel, "capabilities" | "identity">,
): { readonly formats: readonly GameFormat[]; readonly reason: string } {
  const { score, chat, lacks } = capabilities;
  const can = { score, choice: chat };
  const impossible = wanted?.find((format) => !can[format]);
  if (wanted && impossible === undefined) return { formats: wanted, reason: `${wanted.join(", ")} was asked for` };
  if (wanted === undefined && identity.provider === "policy")
    return { formats: ["choice"], reason: "a policy is asked by letters" };
  const formats = GAME_FORMATS.filter((format) => can[format]);
  if (wanted === undefined && formats.length > 0)
    return { formats, reason: score ? "texts can be scored, and letters give shares" : "texts cannot be scored" };
  const format = impossible ?? "choice";
  throw new DashpotError(
    "format-unsupported",
    `expected a model that can be asked by ${format}, received one that cannot: ${lacks[format === "score" ? "score" : "chat"] ?? "this model cannot do it"}`,
    "leave --format out, or take another",
  );
}

/** Carries a games run out in a directory, from the beginning or from where it stopped, and estimates. */
export function carryOutGames(prepared: PreparedGames, directory: string, conduct: RunConduct): Promise<GamesReport> {
  const { plan, suite, model } = prepared;
  return withEngine(prepared, directory, conduct, async ({ ask, recall, pool, totals }) => {
    const calls = callsOf(prepared);
    const tasks = calls.map((call) => async () => {
      await ask(call);
    });
    await pool(tasks, calls.length);
    return estimateGamesRun(await codeGames(calls, recall), {
      ...{ plan, model: model.identity },
      totals: { ...totals(), cost: costOf(totals(), plan.price ?? null) },
      games: suite.games.filter(({ id }) => plan.items.includes(id)),
    });
  });
}

function callsOf({ plan, suite }: PreparedGames): GamesCall[] {
  const asked = <T extends { readonly id: string }>(all: readonly T[]) =>
    all.filter(({ id }) => plan.items.includes(id));
  const ladder = ladderItems(suite.ladder, suite.exchanges, plan.set);
  return gamesCalls(
    plan,
    ladder.filter(({ exchange }) => plan.items.includes(exchange)),
    gameItems(asked(suite.games)),
  );
}

/** What a games run would take, without making a call (R6). */
export function forecastGames(prepared: PreparedGames, price: Price | null, parallel: number): Forecast {
  return forecastCalls({ calls: callsOf(prepared), answerTokens: () => 2 }, prepared.model, price, parallel);
}
