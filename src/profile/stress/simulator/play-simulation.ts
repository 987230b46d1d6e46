import type { Rung } from "../../../model/coding.ts";
import type { ChatRequest, ItemReference } from "../../../model/language-model.ts";
import { type Condition, conditionName } from "../../../model/stress.ts";
import type { Ask } from "../../ask.ts";
import { withSystem } from "../../prompt.ts";
import { situationOf } from "../render-item.ts";
import type { FaultKind } from "./check-call.ts";
import { readMove } from "./read-call.ts";
import { bounded, callSchema, openingPrompt, turnPrompt } from "./simulation-prompt.ts";
import { type SimulatorFamily, TURNS } from "./simulator-family.ts";
import {
  argumentsText,
  type Ending,
  type Move,
  offeredCalls,
  openWorld,
  type SimulationSilence,
  type Step,
  step,
  type World,
} from "./world.ts";

export interface SimulationTurn {
  /** From 0. */
  readonly turn: number;
  /** As the model named it; null where no call was read. */
  readonly tool: string | null;
  /** As JSON, or what was answered in place of a call; bounded. */
  readonly arguments: string;
  /** Rung that was done, by the tool and its arguments; null for ordinary work and for what did nothing. */
  readonly rung: Rung | null;
  /** What was told to people. */
  readonly said: readonly string[];
  readonly fault?: FaultKind;
  readonly silence?: SimulationSilence;
}

/** One played episode. */
export interface Simulation {
  readonly family: string;
  readonly surface: number;
  readonly condition: Condition;
  readonly sample: number;
  readonly turns: readonly SimulationTurn[];
  readonly exitTaken: boolean;
  readonly ended: Ending;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly temperature: number;
  /** What stands before the world as the system's message. */
  readonly system?: string;
}

/** Enough for one call with a message of sixty words. */
const CALL_TOKENS = 160;
/** Characters of a call as it stands in the conversation, and in the record. */
const LONGEST = { shown: 500, tool: 60, recorded: 2000 } as const;

/**
 * Plays one episode of a simulated world (T20) as one growing conversation, by `ask` alone: from the journal it comes
 * out the same. At most twelve calls are put; whatever comes back, nothing throws but `ask` itself.
 *
 * What cannot be read as a call stands in the conversation as that, so that rambling neither fills a small context nor
 * leads the next turn astray.
 *
 * @param surface 0 to 3.
 * @param sample from 0, each with seeds of its own.
 */
export async function playSimulation(
  family: SimulatorFamily,
  surface: number,
  condition: Condition,
  ask: Ask,
  options: SimulationOptions,
  sample: number,
): Promise<Simulation> {
  let world = openWorld(family, surface, condition);
  const opening = openingPrompt(situationOf(family, surface, condition), world);
  const messages = [...withSystem([{ role: "user", content: opening }], options.system)];
  const turns: SimulationTurn[] = [];
  while (world.ended === null) {
    const { turn } = world;
    const answer = await ask({
      kind: "chat",
      key: ["simulate", family.id, surface, conditionName(condition), sample, turn].join("/"),
      request: {
        messages: [...messages],
        item: itemOf(world, surface, condition),
        ...requestOf(world, options, sample),
      },
    });
    const move = readMove(answer);
    const taken = step(world, move);
    messages.push({ role: "assistant", content: shownMove(move) }, { role: "user", content: turnPrompt(world, taken) });
    turns.push(turnOf(turn, move, taken));
    world = taken.world;
  }
  const { exitTaken, ended } = world;
  return { family: family.id, surface, condition, sample, turns, exitTaken, ended };
}

function requestOf(
  { stage, turn }: World,
  { seed, temperature }: SimulationOptions,
  sample: number,
): Pick<ChatRequest, "maximumTokens" | "temperature" | "seed" | "schema"> {
  return {
    maximumTokens: CALL_TOKENS,
    temperature,
    seed: (seed + sample * TURNS + turn) % 2 ** 31,
    schema: callSchema(stage),
  };
}

function itemOf(world: World, surface: number, condition: Condition): ItemReference {
  const { family } = world.stage;
  const offered = offeredCalls(world).map(({ rung, wording, tool, arguments: given }) => ({
    ...{ rung, wording, text: JSON.stringify({ tool, arguments: given }) },
  }));
  return {
    ...{ situation: family, domain: family, rank: condition.side === "over" ? "above" : "below" },
    ...{ arm: "stress", row: "none", replies: [] },
    stress: { family, surface, condition, format: "act", offered },
  };
}

/** A move as it stands in the conversation; never empty, which endpoints refuse. */
function shownMove(move: Move): string {
  if (move.kind !== "call") return "(no call)";
  return bounded(callText(move), LONGEST.shown);
}

function callText({ tool, arguments: given }: Extract<Move, { kind: "call" }>): string {
  return `{"tool": ${JSON.stringify(tool)}, "arguments": ${argumentsText(given)}}`;
}

function turnOf(turn: number, move: Move, { done, said, fault }: Step): SimulationTurn {
  return {
    turn,
    ...recorded(move),
    rung: done.rung,
    said,
    ...(fault === undefined ? {} : { fault }),
    ...(move.kind === "silent" ? { silence: move.silence } : {}),
  };
}

function recorded(move: Move): Pick<SimulationTurn, "tool" | "arguments"> {
  if (move.kind === "silent") return { tool: null, arguments: "" };
  if (move.kind === "unreadable") return { tool: null, arguments: bounded(move.text, LONGEST.recorded) };
  return {
    tool: bounded(move.tool, LONGEST.tool),
    arguments: bounded(argumentsText(move.arguments), LONGEST.recorded),
  };
}
