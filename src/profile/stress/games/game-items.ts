import { PARTIES, type Party, REPLIES, ROLE_ROWS, ROLES, type Role, STEPS } from "../../../model/games.ts";
import type { SetName } from "../../../model/run.ts";
import { renderTemplate } from "../../instrument/render-template.ts";
import type { Exchange, Game, Ladder } from "./game-files.ts";

/** Something that may be said, in its wordings. */
export interface LadderOption {
  /** Place among the options of the role. */
  readonly option: number;
  readonly wordings: readonly string[];
}

/** One question of the ladder: an exchange from one side, in one role, at one row. */
export interface LadderItem {
  readonly exchange: string;
  readonly party: Party;
  readonly role: Role;
  readonly row: number;
  /** What the model reads, once for each wording of what varies. */
  readonly prompts: readonly string[];
  readonly options: readonly LadderOption[];
}

/** One frame of a game. */
export interface GameItem {
  readonly game: string;
  readonly frame: number;
  readonly prompt: string;
  /** In ascending order of the share, or cooperating first. */
  readonly options: readonly { readonly share: number; readonly text: string }[];
}

/** Tenths of a pot. */
export const TENTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/**
 * Every question of the ladder, exchange after exchange. The quick set takes exchanges from one side each, in turn; the
 * full set from both. Errors: those of `renderTemplate`.
 */
export function ladderItems(ladder: Ladder, exchanges: readonly Exchange[], set: SetName): LadderItem[] {
  return exchanges.flatMap((exchange, at) => {
    const parties = set === "quick" ? [PARTIES[at % PARTIES.length] as Party] : PARTIES;
    return parties.flatMap((party) =>
      ROLES.flatMap((role) => ROLE_ROWS[role].map((_, row) => ladderItem(ladder, exchange, party, role, row))),
    );
  });
}

/** The other side of an exchange. */
function facing(party: Party): Party {
  return party === "one" ? "other" : "one";
}

/** One question: two rows of a role differ in one sentence. */
function ladderItem(ladder: Ladder, exchange: Exchange, party: Party, role: Role, row: number): LadderItem {
  const own = exchange.parties[party];
  const other = exchange.parties[facing(party)];
  const fill = (template: string, more: Readonly<Record<string, string>> = {}) =>
    renderTemplate(template, { name: other.name, ...more }, undefined);
  const situation = (asymmetry: number) => `${fill(own.setting)} ${fill(ladder.asymmetry[asymmetry] as string)}`;
  const place = { exchange: exchange.id, party, role, row };
  if (role === "moves")
    return {
      ...place,
      prompts: [`${situation(row)} ${fill(ladder.moves, { ask: own.ask })}`],
      options: STEPS.map((step, option) => ({ option, wordings: own.steps[step] })),
    };
  const told = other.steps[STEPS[row] as (typeof STEPS)[number]];
  return {
    ...place,
    prompts: told.map((step) => `${situation(0)} ${fill(ladder.answers, { ask: other.ask, step })}`),
    options: REPLIES.map((reply, option) => ({ option, wordings: ladder.replies[reply] })),
  };
}

/** Every frame of every game. Errors: those of `renderTemplate`. */
export function gameItems(games: readonly Game[]): GameItem[] {
  return games.flatMap((game) => game.frames.map((_, frame) => gameItem(game, frame)));
}

function gameItem(game: Game, at: number): GameItem {
  const { pot, currency, text, question } = game.frames[at] as Game["frames"][number];
  const numbers = { pot, sent: pot / 2, received: (3 * pot) / 2, one: pot / 10, three: (3 * pot) / 10, five: pot / 2 };
  const values = {
    currency,
    ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)])),
  };
  const fill = (template: string, amount = 0) =>
    renderTemplate(template, { ...values, amount: String(amount) }, undefined);
  const head = { game: game.id, frame: at, prompt: `${fill(text)} ${fill(question)}` };
  if (game.scale === "pair") {
    const { cooperate, defect } = game.frames[at] as (typeof game)["frames"][number];
    return {
      ...head,
      options: [
        { share: 1, text: fill(cooperate) },
        { share: 0, text: fill(defect) },
      ],
    };
  }
  const { option } = game.frames[at] as (typeof game)["frames"][number];
  const whole = numbers[game.of];
  return { ...head, options: TENTHS.map((tenth) => ({ share: tenth / 10, text: fill(option, (tenth * whole) / 10) })) };
}

/** How many options a game has. */
export function optionsOf({ scale }: Pick<Game, "scale">): number {
  return scale === "pair" ? 2 : TENTHS.length;
}
