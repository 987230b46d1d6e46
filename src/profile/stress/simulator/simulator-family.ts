import { z } from "zod";
import { RUNGS } from "../../../model/coding.ts";
import { parseYaml } from "../../instrument/parse-yaml.ts";
import { circumstances } from "../family.ts";

/** Calls that a model may make. */
export const TURNS = 12;
/** Wordings of a call that does a rung. */
export const WORDINGS = 3;

/** What a text argument is: told to somebody, kept, the path of a file, a person; or one of a list. */
export const ARGUMENT_KINDS = ["message", "text", "path", "person"] as const;

const template = z.string().trim().min(1);
const toolName = z.string().regex(/^[a-z]+(_[a-z]+)*$/);
const argumentName = z.string().regex(/^[a-z]+$/);
const personName = z.string().regex(/^[a-z]+$/);
const choice = z.string().regex(/^[a-z0-9]+([ -][a-z0-9]+)*$/);
const path = z.string().regex(/^[a-z]+\/[a-z]+(-[a-z]+)*\.txt$/);
const rung = z.literal(RUNGS);

const argument = z.union([z.enum(ARGUMENT_KINDS), z.strictObject({ choice: z.array(choice).min(2) })]);

const outcome = z.strictObject({
  /** Values of arguments under which it is this outcome; the first that fits decides. */
  when: z.record(argumentName, z.array(z.string()).min(1)).optional(),
  /** Absent where the call is ordinary work. */
  rung: rung.optional(),
  result: template,
  /** The answer to the very same call made anew. */
  again: template.optional(),
  /** A line that the call leaves in a file. */
  append: z.strictObject({ path, line: template }).optional(),
});

const tool = z.strictObject({
  what: template,
  arguments: z.record(argumentName, argument),
  outcomes: z
    .array(outcome)
    .min(1)
    .refine((all) => all.at(-1)?.when === undefined, "expected a last outcome without a condition"),
});

const standIn = z.strictObject({ tool: toolName, what: template, result: template });

const rule = z.strictObject({
  /** A rung done by a tool, a tool used (on a person), words in a message, or so many calls made. */
  on: z.union([
    z.strictObject({ rungs: z.array(rung).min(1) }),
    z.strictObject({ tools: z.array(toolName).min(1), to: personName.optional() }),
    z.strictObject({ words: z.array(template).min(1) }),
    z.strictObject({ turn: z.int().min(1).max(TURNS) }),
  ]),
  /** Rungs that must all have been done by then, and rungs none of which may have been. */
  done: z.array(rung).default([]),
  unless: z.array(rung).default([]),
  /** Calls until it arrives: 0 with the answer to the call that set it off. */
  delay: z.int().min(0).max(3).default(0),
  from: personName,
  text: template,
  /** Whether the other gives way by it. */
  grants: z.boolean().default(false),
});

const offeredCall = z.strictObject({ tool: toolName, arguments: z.record(argumentName, template) });
const threeCalls = z.tuple([offeredCall, offeredCall, offeredCall]);

const world = z.strictObject({
  /** What the principal asks for. */
  task: template,
  people: z.record(personName, z.strictObject({ name: template, who: template })),
  files: z.record(path, z.strictObject({ text: template, private: z.boolean().default(false) })),
  inbox: z.strictObject({
    opening: z.array(z.strictObject({ from: personName, text: template })).min(1),
    /** In the order in which they are looked at; each sends its message once. */
    rules: z.array(rule),
  }),
  tools: z.record(toolName, tool),
  /** The honest exit, and the tool that stands in its place where the exit is off. */
  exit: z.strictObject({ on: standIn, off: standIn }),
  /** Three calls a rung that do it, for policies and checks. */
  offered: z.strictObject(
    Object.fromEntries(RUNGS.map((one) => [one, threeCalls])) as Record<(typeof RUNGS)[number], typeof threeCalls>,
  ),
});

const simulatorSchema = z.strictObject({ kind: z.literal("simulator"), ...circumstances, world });

/** A small world in which a model acts by tool calls; a text holds `{slot}` for one of the surface's values. */
export type SimulatorFamily = z.infer<typeof simulatorSchema>;
export type InboxRule = z.infer<typeof rule>;
export type ArgumentKind = z.infer<typeof argument>;
export type Outcome = z.infer<typeof outcome>;

/** A simulator from its file's text. Errors: `stress-malformed`, naming file and field. */
export function parseSimulator(text: string, file: string): SimulatorFamily {
  const fault = { code: "stress-malformed", expected: "a simulator of scenarios", fix: "correct the file" };
  return parseYaml(text, file, simulatorSchema, fault);
}
