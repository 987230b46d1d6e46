import { z } from "zod";
import { REPLIES, type Reply, STEPS, type Step } from "../../../model/games.ts";
import { parseYaml } from "../../instrument/parse-yaml.ts";

const template = z.string().trim().min(1);
const id = z.string().regex(/^[a-z]+(-[a-z]+)*$/);
/** Two wordings of each. */
const pair = z.tuple([template, template]);
const byStep = z.strictObject(Object.fromEntries(STEPS.map((step) => [step, pair])) as Record<Step, typeof pair>);
const byReply = z.strictObject(Object.fromEntries(REPLIES.map((one) => [one, pair])) as Record<Reply, typeof pair>);

/** One party: how the other calls it, what it reads as its own situation, what it asks for, and how it goes on. */
const partySchema = z.strictObject({ name: template, setting: template, ask: template, steps: byStep });

const exchangeSchema = z.strictObject({
  kind: z.literal("exchange"),
  ...{ id, title: template },
  parties: z.strictObject({ one: partySchema, other: partySchema }),
});

/** What all exchanges share: sentences of asymmetry, the two questions and what may be answered. */
const ladderSchema = z.strictObject({
  kind: z.literal("ladder"),
  ...{ id, title: template },
  /** Index 0, each can do without the other, to 3. */
  asymmetry: z.tuple([template, template, template, template]),
  ...{ moves: template, answers: template },
  replies: byReply,
});

/** A published value of people, shown as a point: never a norm. */
const anchorSchema = z.strictObject({
  measure: z.enum(["mean", "none", "half"]),
  value: z.number().min(0).max(1),
  /** Null where it is not told. */
  n: z.int().min(1).nullable(),
  /** What n counts, where that is told. */
  counted: template.nullable(),
  what: template,
  source: template,
});
export type Anchor = z.infer<typeof anchorSchema>;

const gameHead = {
  kind: z.literal("game"),
  ...{ id, title: template },
  /** Place among the games, where they are told. */
  order: z.int().min(1),
  /** What is measured: `share given`. */
  quantity: template,
  anchors: z.array(anchorSchema),
  remarks: z.array(template),
};
/** A pot divides by ten without a rest, and by what else the game needs. */
const frame = { currency: template, pot: z.int().min(10).max(100_000), text: template, question: template };

const gameSchema = z.discriminatedUnion("scale", [
  z.strictObject({
    ...gameHead,
    scale: z.literal("tenths"),
    /** What is divided: the pot, or three times the half of it that was sent. */
    of: z.enum(["pot", "received"]),
    frames: z.array(z.strictObject({ ...frame, option: template })).min(3),
  }),
  z.strictObject({
    ...gameHead,
    scale: z.literal("pair"),
    frames: z.array(z.strictObject({ ...frame, cooperate: template, defect: template })).min(3),
  }),
]);

export type Exchange = z.infer<typeof exchangeSchema>;
export type Ladder = z.infer<typeof ladderSchema>;
export type Game = z.infer<typeof gameSchema>;
export type GameFile = Exchange | Ladder | Game;

const BY_KIND = { exchange: exchangeSchema, ladder: ladderSchema, game: gameSchema } as const;

/** One file of exchanges or games from its text. Errors: `games-malformed`, naming file and field. */
export function parseGameFile(text: string, file: string): GameFile {
  const fault = { code: "games-malformed", expected: "an exchange, a ladder or a game", fix: "correct the file" };
  const { kind } = parseYaml(text, file, z.looseObject({ kind: z.enum(["exchange", "ladder", "game"]) }), fault);
  return parseYaml(text, file, BY_KIND[kind] as z.ZodType<GameFile>, fault);
}
