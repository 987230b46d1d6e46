import type { GameFormat, GamesReference } from "../../../model/games.ts";
import type { GamesPlan } from "../../../model/games-run.ts";
import type { ChatRequest, ItemReference, ScoreRequest } from "../../../model/language-model.ts";
import { withSystem } from "../../prompt.ts";
import { STRESS_LETTERS } from "../stress-calls.ts";
import type { GameItem, LadderItem } from "./game-items.ts";

/** One of the ladder's texts, as it was offered. */
interface OfferedText {
  readonly option: number;
  readonly wording: number;
  readonly text: string;
}

interface OfLadder {
  readonly part: "ladder";
  readonly key: string;
  readonly item: LadderItem;
  readonly order: readonly OfferedText[];
}

export interface LadderScoreCall extends OfLadder {
  readonly kind: "score";
  readonly request: ScoreRequest;
}

export interface LadderChoiceCall extends OfLadder {
  readonly kind: "chat";
  readonly request: ChatRequest;
}

export interface GameCall {
  readonly part: "games";
  readonly kind: "chat";
  readonly key: string;
  readonly item: GameItem;
  /** Places among the item's options, in the order shown. */
  readonly order: readonly number[];
  readonly request: ChatRequest;
}

export type GamesCall = LadderScoreCall | LadderChoiceCall | GameCall;

/** What of a plan fixes its calls. */
export type GamesCallPlan = Pick<
  GamesPlan,
  "formats" | "parts" | "wordings" | "seed" | "samples" | "temperature" | "system"
>;

/** Answer tokens that a letter may take. */
export const LETTER_TOKENS = 8;

/** Every call, the ladder first, in a fixed order (T26). Games are asked by letters alone. */
export function gamesCalls(
  plan: GamesCallPlan,
  ladder: readonly LadderItem[],
  games: readonly GameItem[],
): GamesCall[] {
  const texts = plan.parts.includes("ladder")
    ? ladder.flatMap((item, turn) => [
        ...(plan.formats.includes("score") ? scoreCalls(item, plan) : []),
        ...(plan.formats.includes("choice") ? choiceCalls(item, turn, plan) : []),
      ])
    : [];
  const asked = plan.parts.includes("games") && plan.formats.includes("choice");
  return [...texts, ...(asked ? games.flatMap((item) => gameCalls(item, plan)) : [])];
}

/** At least so many answers, and as many more as put every option at every place equally often. */
export function balanced(samples: number, options: number): number {
  return Math.ceil(samples / options) * options;
}

/** The texts of one item scored, once for each wording of what varies. */
function textsOf(order: readonly { readonly text: string }[]): string[] {
  return order.map(({ text }) => text);
}

function scoreCalls(item: LadderItem, { wordings, system }: GamesCallPlan): LadderScoreCall[] {
  const order = item.options.flatMap(({ option, wordings: texts }) =>
    texts.slice(0, wordings).map((text, wording) => ({ option, wording, text })),
  );
  return item.prompts.slice(0, wordings).map((prompt, told) => ({
    ...{ part: "ladder", kind: "score", key: ladderKey("score", item, told), item, order },
    request: {
      messages: withSystem([{ role: "user", content: prompt }], system),
      replies: order.map(({ text }) => text),
      item: ladderReference(item, order),
    },
  }));
}

/** First row of the Williams square of order four: every option follows every other once over the four rows. */
const WILLIAMS = [0, 1, 3, 2] as const;

function choiceCalls(item: LadderItem, turn: number, plan: GamesCallPlan): LadderChoiceCall[] {
  const { wordings, system } = plan;
  return Array.from({ length: balanced(plan.samples, WILLIAMS.length) }, (_, sample) => {
    const block = Math.floor(sample / WILLIAMS.length);
    const order = WILLIAMS.map((start) => {
      const { option, wordings: texts } = item.options[
        (start + sample + turn) % WILLIAMS.length
      ] as LadderItem["options"][number];
      const wording = (block + option + turn) % wordings;
      return { option, wording, text: texts[wording] as string };
    });
    const prompt = item.prompts[Math.min(item.prompts.length, wordings) > 1 ? (block + turn) % wordings : 0] as string;
    return {
      ...{ part: "ladder", kind: "chat", key: ladderKey("choice", item, sample), item, order },
      request: {
        messages: withSystem([{ role: "user", content: lettered(prompt, textsOf(order)) }], system),
        item: ladderReference(item, order),
        ...sampling(plan, sample, order.length),
      },
    };
  });
}

/** A frame of a game under every cyclic shift of its options, forwards and, from the second round on, backwards in turn. */
function gameCalls(item: GameItem, plan: GamesCallPlan): GameCall[] {
  const n = item.options.length;
  return Array.from({ length: balanced(plan.samples, n) }, (_, sample) => {
    const backwards = Math.floor(sample / n) % 2 === 1;
    const order = item.options.map((_, place) => (backwards ? sample + n - place : sample + place) % n);
    const texts = order.map((option) => (item.options[option] as GameItem["options"][number]).text);
    const shares = order.map((option) => (item.options[option] as GameItem["options"][number]).share);
    return {
      ...{ part: "games", kind: "chat", item, order },
      key: ["games", "choice", item.game, item.frame + 1, sample].join("/"),
      request: {
        messages: withSystem([{ role: "user", content: lettered(item.prompt, texts) }], plan.system),
        item: referenceTo(item.game, { part: "games", game: item.game, frame: item.frame, offered: shares }),
        ...sampling(plan, sample, n),
      },
    };
  });
}

function sampling({ seed, temperature }: GamesCallPlan, sample: number, options: number) {
  return {
    maximumTokens: LETTER_TOKENS,
    temperature,
    seed: (seed + sample) % 2 ** 31,
    letters: STRESS_LETTERS.slice(0, options),
  };
}

function lettered(prompt: string, texts: readonly string[]): string {
  const options = texts.map((text, place) => `${STRESS_LETTERS[place]}. ${text}`);
  const letters = STRESS_LETTERS.slice(0, texts.length);
  const named = `${letters.slice(0, -1).join(", ")} or ${letters.at(-1)}`;
  return [prompt, "", ...options, "", `Answer with one letter only: ${named}.`].join("\n");
}

function ladderKey(format: GameFormat, { exchange, party, role, row }: LadderItem, more: number): string {
  return ["ladder", format, exchange, party, role, row, more].join("/");
}

function ladderReference({ exchange, party, role, row }: LadderItem, order: readonly OfferedText[]): ItemReference {
  return referenceTo(exchange, {
    part: "ladder",
    exchange,
    party,
    role,
    row,
    offered: order.map(({ option }) => option),
  });
}

function referenceTo(situation: string, games: GamesReference): ItemReference {
  return { situation, domain: situation, rank: "equal", arm: "stress", row: "none", replies: [], games };
}
