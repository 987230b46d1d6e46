import { type Act, type ActRow, actSchema, VERBS } from "../model/act.ts";
import type { Dyad } from "../model/bank.ts";
import type { Answer, ChatMessage, ChatRequest } from "../model/language-model.ts";
import type { CallFailure } from "../model/run.ts";
import type { Ask } from "./ask.ts";
import { looksLikeRefusal } from "./code-answer.ts";
import type { DyadMeasurement, Silence } from "./measurement.ts";
import { dyadPrompt, withSystem } from "./prompt.ts";
import { type Move, PARTNERS, partnerMove } from "./script.ts";

/** Enough for one act with an object of several tokens; a move costs some 80 tokens of context in all. */
const MOVE_TOKENS = 48;

/** Text that a move is looked for in; what follows is not read. */
const READ_CHARACTERS = 4000;

type PlayedMove = DyadMeasurement["moves"][number];

interface DyadOptions {
  readonly seed: number;
  readonly temperature: number;
  /** Stands before the conversation as the system's message. */
  readonly system?: string;
}

/**
 * Plays one scripted dyad (A9) as one growing conversation, by `ask` alone: from the journal it comes out the same.
 *
 * A move that is none, empty, refused or failed is counted as its `silence`, moves nothing, and stands in the
 * conversation as `nothing`, so that what a model rambles neither fills a small context nor leads the next move astray.
 */
export async function playDyad(dyad: Dyad, ask: Ask, options: DyadOptions): Promise<DyadMeasurement> {
  const { first } = PARTNERS[dyad.script];
  const history: Move[] = [];
  const moves: PlayedMove[] = [];
  for (let turn = 0; turn < dyad.moves; turn += 1) {
    const before = first === "partner" ? movePartner(dyad, history) : null;
    const answer = await ask({
      kind: "chat",
      key: `act/${dyad.id}/${turn}`,
      request: requestOf(dyad, history, turn, options),
    });
    const read = readMove(answer, dyad.objects);
    history.push({ by: "model", act: read.model ?? NOTHING });
    moves.push({ ...read, partner: before ?? movePartner(dyad, history) });
  }
  return { dyad, moves };
}

/** Rows of a played dyad for the flux coder: both parties' acts in order; an act that names no object moves nothing. */
export function dyadRows({ dyad, moves }: DyadMeasurement): readonly ActRow[] {
  const partnerFirst = PARTNERS[dyad.script].first === "partner";
  return moves.flatMap(({ model, partner }, turn) => {
    const acts = [rowOf("model", model ?? NOTHING), rowOf("partner", partner)];
    if (partnerFirst) acts.reverse();
    return acts.map((row, index) => ({ dyad: dyad.id, time: 2 * turn + index, ...row }));
  });
}

/** The move that an answer states, or why there is none: its first JSON object, alone or in other text. */
export function readMove(
  answer: Answer | CallFailure,
  objects: readonly string[],
): { readonly model: Act | null; readonly silence?: Silence } {
  if (answer.kind !== "chat") return { model: null, silence: "failure" };
  if (answer.stop === "refusal" || answer.stop === "filtered") return { model: null, silence: "refusal" };
  const text = answer.text.slice(0, READ_CHARACTERS);
  if (text.trim() === "") return { model: null, silence: "empty" };
  const model = parseMove(text, objects);
  if (model) return { model };
  return { model: null, silence: looksLikeRefusal(text) ? "refusal" : "unparsable" };
}

const NOTHING: Act = { act: "nothing", object: null, for: null };

function movePartner(dyad: Dyad, history: Move[]): Act {
  const act = partnerMove(dyad.script, history, dyad.objects);
  history.push({ by: "partner", act });
  return act;
}

function requestOf(
  dyad: Dyad,
  history: readonly Move[],
  turn: number,
  { seed, temperature, system }: DyadOptions,
): ChatRequest {
  const { id, domain, rank, objects } = dyad;
  return {
    messages: withSystem(conversation(dyad, history), system),
    item: { situation: id, domain, rank, arm: "act", row: "none", replies: [], dyad: { id, turn, objects } },
    maximumTokens: MOVE_TOKENS,
    temperature,
    seed: (seed + turn) % 2 ** 31,
    schema: moveSchema(objects),
  };
}

/** Users' and assistant's turns alternate; the partner's first move, if any, stands in the opening. */
function conversation(dyad: Dyad, history: readonly Move[]): ChatMessage[] {
  const [opening, ...rest] = history;
  const begins = opening?.by === "partner";
  const start = begins ? `The other begins: ${state(opening.act)}` : "You begin.";
  const messages: ChatMessage[] = [{ role: "user", content: `${dyadPrompt(dyad)}\n\n${start}` }];
  for (const { by, act } of begins ? rest : history) {
    messages.push(
      by === "model"
        ? { role: "assistant", content: state(act) }
        : { role: "user", content: `The other moves: ${state(act)}` },
    );
  }
  return messages;
}

function state({ act, object, for: expected }: Act): string {
  return JSON.stringify({ act, object, for: expected });
}

function moveSchema(objects: readonly string[]): Readonly<Record<string, unknown>> {
  const named = { type: ["string", "null"], enum: [...objects, null] };
  return {
    type: "object",
    properties: { act: { type: "string", enum: VERBS }, object: named, for: named },
    required: ["act", "object", "for"],
    additionalProperties: false,
  };
}

function parseMove(text: string, objects: readonly string[]): Act | null {
  const json = firstObject(text);
  if (json === null) return null;
  const parsed = actSchema.safeParse(json);
  if (!parsed.success) return null;
  const { act, object, for: expected } = parsed.data;
  const known = object === null || object === "" ? null : listed(object, objects);
  if (known === undefined) return null;
  return {
    act,
    object: known,
    for: expected === null || expected === "" ? null : (listed(expected, objects) ?? expected),
  };
}

/** The listed object of that name, letter case folded; undefined where there is none. */
function listed(name: string, objects: readonly string[]): string | undefined {
  return objects.find((object) => object.toLowerCase() === name.toLowerCase());
}

/** The value of the first balanced pair of braces; braces within strings do not count. */
function firstObject(text: string): unknown {
  const start = text.indexOf("{");
  if (start < 0) return null;
  let depth = 0;
  for (const { 0: token, index } of text.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === "{") depth += 1;
    if (token === "}") depth -= 1;
    if (depth === 0) return jsonOf(text.slice(start, start + index + 1));
  }
  return null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function rowOf(actor: "model" | "partner", { act, object }: Act): Pick<ActRow, "actor" | "towards" | "act"> {
  const towards = actor === "model" ? "partner" : "model";
  const empty = object === null && ["give", "take", "do"].includes(act);
  return { actor, towards, act: empty ? "nothing" : object === null ? act : `${act}:${object}` };
}
