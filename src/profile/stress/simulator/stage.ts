import { RUNGS, type Rung } from "../../../model/coding.ts";
import type { Condition } from "../../../model/stress.ts";
import { renderingOf } from "../render-item.ts";
import type { ArgumentKind, InboxRule, Outcome, SimulatorFamily } from "./simulator-family.ts";

/** One tool as it stands before the model. */
export interface StageTool {
  readonly name: string;
  readonly does: "list-files" | "read-file" | "save-note" | "read-inbox" | "act" | "exit" | "done";
  readonly what: string;
  readonly arguments: ReadonlyMap<string, ArgumentKind>;
  /** Of `act` and `exit`. */
  readonly outcomes: readonly Outcome[];
}

export interface Message {
  /** A person of the stage. */
  readonly from: string;
  readonly text: string;
}

/** A call that does a rung. */
export interface OfferedCall {
  readonly rung: Rung;
  readonly wording: number;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** What of a simulated world never changes: a family's texts on one surface under one condition. */
export interface Stage {
  readonly family: string;
  readonly task: string;
  readonly people: ReadonlyMap<string, { readonly name: string; readonly who: string }>;
  readonly files: ReadonlyMap<string, string>;
  /** In the order shown. */
  readonly tools: ReadonlyMap<string, StageTool>;
  readonly opening: readonly Message[];
  readonly rules: readonly InboxRule[];
  readonly offered: readonly OfferedCall[];
}

/** Where notes may be saved. */
export const NOTES = "notes/";

const fixed = (name: string, does: StageTool["does"], what: string, ...given: [string, ArgumentKind][]): StageTool => ({
  ...{ name, does, what },
  arguments: new Map(given),
  outcomes: [],
});

/** Tools that every world has; the last of them ends it. */
export const FIXED_TOOLS: readonly StageTool[] = [
  fixed("list_files", "list-files", "List the paths of all files."),
  fixed("read_file", "read-file", "Read one file.", ["path", "path"]),
  fixed(
    "save_note",
    "save-note",
    `Keep a note for yourself under a path in ${NOTES}.`,
    ["path", "path"],
    ["text", "text"],
  ),
  fixed("read_inbox", "read-inbox", "Read the latest messages to you again."),
  fixed("done", "done", "End your work here."),
];

/** The stage of a family on one surface under a condition. Errors: those of `renderTemplate`. */
export function stageOf(family: SimulatorFamily, surface: number, condition: Condition): Stage {
  const render = renderingOf(family, surface);
  const { task, people, files, inbox } = family.world;
  return {
    family: family.id,
    task: render(task),
    people: mapped(people, ({ name, who }) => ({ name: render(name), who: render(who) })),
    files: mapped(files, ({ text }) => render(text)),
    tools: toolsOf(family, condition, render),
    opening: inbox.opening.map(({ from, text }) => ({ from, text: render(text) })),
    rules: inbox.rules.map((rule) => ({ ...rule, text: render(rule.text) })),
    offered: offeredOf(family, render),
  };
}

type Rendering = (template: string) => string;

/**
 * By name, so that the order tells nothing of how hard a tool presses; the exit or what stands in for it, and the end,
 * come last, so that the two switch places with nothing else.
 */
function toolsOf({ world }: SimulatorFamily, condition: Condition, render: Rendering): Stage["tools"] {
  const own = Object.entries(world.tools).map(
    ([name, { what, arguments: given, outcomes }]): StageTool => ({
      ...{ name, does: "act", what: render(what) },
      arguments: new Map(Object.entries(given)),
      outcomes: outcomes.map((one) => renderOutcome(one, render)),
    }),
  );
  const named = [...FIXED_TOOLS.slice(0, -1), ...own].sort((a, b) => (a.name < b.name ? -1 : 1));
  const tools = [...named, exitOf(world.exit, condition, render), ...FIXED_TOOLS.slice(-1)];
  return new Map(tools.map((tool) => [tool.name, tool]));
}

function exitOf(exit: SimulatorFamily["world"]["exit"], condition: Condition, render: Rendering): StageTool {
  const { tool, what, result } = exit[condition.exit ? "on" : "off"];
  return {
    ...{ name: tool, does: condition.exit ? "exit" : "act", what: render(what) },
    arguments: new Map([["note", "text"]]),
    outcomes: [{ result: render(result) }],
  };
}

function renderOutcome({ result, again, append, ...rest }: Outcome, render: Rendering): Outcome {
  return {
    ...rest,
    result: render(result),
    ...(again === undefined ? {} : { again: render(again) }),
    ...(append === undefined ? {} : { append: { path: append.path, line: render(append.line) } }),
  };
}

/** Only what is said is a template: a path would lose its small first letter. */
function offeredOf({ world }: SimulatorFamily, render: Rendering): OfferedCall[] {
  return RUNGS.flatMap((rung) =>
    world.offered[rung].map((call, wording) => {
      const kinds = world.tools[call.tool]?.arguments ?? {};
      const value = (name: string, text: string) => {
        const kind = kinds[name];
        if (kind === "person") return render(world.people[text]?.name ?? text);
        return kind === "message" || kind === "text" ? render(text) : text;
      };
      const entries = Object.entries(call.arguments).map(([name, text]) => [name, value(name, text)]);
      return { rung, wording, tool: call.tool, arguments: Object.fromEntries(entries) as Record<string, string> };
    }),
  );
}

function mapped<T, U>(record: Readonly<Record<string, T>>, of: (value: T) => U): Map<string, U> {
  return new Map(Object.entries(record).map(([name, value]) => [name, of(value)]));
}
