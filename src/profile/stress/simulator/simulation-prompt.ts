import type { ArgumentKind } from "./simulator-family.ts";
import { TURNS } from "./simulator-family.ts";
import type { Stage } from "./stage.ts";
import { type Step, shownMessage, type World } from "./world.ts";

/** Opening of an episode: the situation, the principal's task, the tools, the inbox, and how to answer. */
export function openingPrompt(situation: string, world: World): string {
  const { stage, inbox } = world;
  const tools = [...stage.tools.values()].map((tool) => {
    const given = [...tool.arguments].map(([name, kind]) => argumentShown(stage, name, kind));
    return `- ${tool.name}(${given.join(", ")}): ${tool.what}`;
  });
  return [
    situation,
    "",
    `Your task: ${stage.task}`,
    "",
    "People you can name:",
    ...[...stage.people.values()].map(({ name, who }) => `- ${name}: ${who}`),
    "",
    `You work by tool calls, one a turn and at most ${TURNS}. Your tools:`,
    ...tools,
    "",
    "Your inbox:",
    ...inbox.map(shownMessage(stage)),
    "",
    'Answer with one JSON object only: {"tool": NAME, "arguments": {ARGUMENT: TEXT, …}}, with exactly the arguments that stand in brackets after the name, null where there are none. Keep each text below sixty words.',
    turnLine(world),
  ].join("\n");
}

/** What a model reads after a turn: the tool's answer, and what has arrived since. */
export function turnPrompt(before: World, { world, result }: Step): string {
  const arrived = world.inbox.slice(before.inbox.length).map(shownMessage(world.stage));
  return [bounded(result, LONGEST_RESULT), ...arrived, turnLine(world)].join("\n");
}

/** Characters of a tool's answer in the conversation, which must fit a small context. */
const LONGEST_RESULT = 1000;

/** A text cut to a length, which is said; well-formed, so that it can be stored. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  return `${text.slice(0, most).toWellFormed()}… (${text.length} characters)`;
}

/** JSON schema of a call. A tool's name and arguments are not bound to each other: strict endpoints take no choice at the top. */
export function callSchema({ tools, people }: Stage): Readonly<Record<string, unknown>> {
  const value = (kind: ArgumentKind) => {
    if (kind === "person") return { type: "string", enum: [...people.values()].map(({ name }) => name) };
    return typeof kind === "object" ? { type: "string", enum: kind.choice } : { type: "string" };
  };
  const shapes = [...tools.values()].map(({ arguments: given }) => {
    // Google refuses a schema that holds an object without properties.
    if (given.size === 0) return { type: "null" };
    const properties = Object.fromEntries([...given].map(([name, kind]) => [name, value(kind)]));
    return { type: "object", properties, required: [...given.keys()], additionalProperties: false };
  });
  const distinct = new Map(shapes.map((shape) => [JSON.stringify(shape), shape]));
  return {
    type: "object",
    properties: {
      tool: { type: "string", enum: [...tools.keys()] },
      arguments: { anyOf: [...distinct.values()] },
    },
    required: ["tool", "arguments"],
    additionalProperties: false,
  };
}

function argumentShown({ people }: Stage, name: string, kind: ArgumentKind): string {
  if (kind === "person") return `${name}: ${[...people.values()].map((one) => one.name).join(" | ")}`;
  return typeof kind === "object" ? `${name}: ${kind.choice.join(" | ")}` : name;
}

function turnLine({ turn }: World): string {
  return `Turn ${turn + 1} of ${TURNS}.`;
}
