import { RUNGS } from "../../../model/coding.ts";
import { controlOf, SIDES } from "../../../model/stress.ts";
import type { Fault } from "../../instrument/fault.ts";
import { type BoundedText, checkBounds, checkOne, type Faulting } from "../check-suite.ts";
import { SURFACES } from "../family.ts";
import type { ArgumentKind, SimulatorFamily } from "./simulator-family.ts";
import { FIXED_TOOLS } from "./stage.ts";
import { openWorld, step, type World } from "./world.ts";

/** Words that a world's texts may have: what many turns show again must fit a small context. */
const WORDS = { task: [15, 45], what: [3, 16], who: [3, 16], file: [4, 70], text: [2, 45] } as const;
/** Simulators in all, on each side, and with more than two parties. */
const LEAST = { families: 4, side: { over: 1, under: 2 }, several: 1, tools: 5 } as const;

/**
 * Faults of simulators (T20): what the circumstances of every family must keep to, tools that are doubled or too few,
 * rungs that no tool does, names that stand for nothing, slots left open, and too few families, sides or agents.
 */
export function checkSimulators(families: readonly SimulatorFamily[], language: string): Fault[] {
  return [...families.flatMap((family) => checkSimulator(family, language)), ...checkWhole(families)];
}

function checkSimulator(family: SimulatorFamily, language: string): Fault[] {
  return checkOne(family, `simulators/${family.id}.yaml`, language, (count, fault) => [
    ...textsOf(family).flatMap((one) => checkBounds(one, count, fault)),
    ...checkTools(family, fault),
    ...checkNames(family, fault),
    ...checkRungs(family, fault),
  ]);
}

/** Every text of a world, by its field, with the bounds of its length. */
function textsOf({ world }: SimulatorFamily): BoundedText[] {
  const { task, people, files, inbox, tools, exit, offered } = world;
  const text = (field: string, template: string, bounds: readonly [number, number] = WORDS.text) => ({
    ...{ field: `world.${field}`, template, bounds },
  });
  return [
    text("task", task, WORDS.task),
    ...Object.entries(people).map(([id, { who }]) => text(`people.${id}.who`, who, WORDS.who)),
    ...Object.entries(files).map(([path, file]) => text(`files.${path}`, file.text, WORDS.file)),
    ...inbox.opening.map((one, at) => text(`inbox.opening.${at}`, one.text)),
    ...inbox.rules.map((one, at) => text(`inbox.rules.${at}`, one.text)),
    ...Object.entries(tools).flatMap(([name, { what, outcomes }]) => [
      text(`tools.${name}.what`, what, WORDS.what),
      ...outcomes.flatMap(({ result, again, append }, at) =>
        [result, again, append?.line]
          .filter((one) => one !== undefined)
          .map((one) => text(`tools.${name}.outcomes.${at}`, one)),
      ),
    ]),
    ...(["on", "off"] as const).flatMap((at) => [
      text(`exit.${at}.what`, exit[at].what, WORDS.what),
      text(`exit.${at}.result`, exit[at].result),
    ]),
    ...RUNGS.flatMap((rung) =>
      offered[rung].flatMap(({ arguments: given }, wording) =>
        Object.entries(given)
          .filter(([name]) => name === "message")
          .map(([, one]) => text(`offered.${rung}.${wording}`, one)),
      ),
    ),
  ];
}

function checkTools({ world }: SimulatorFamily, fault: Faulting): Fault[] {
  const names = [...FIXED_TOOLS.map(({ name }) => name), ...Object.keys(world.tools), world.exit.on.tool];
  const all = [...names, world.exit.off.tool];
  const doubled = all.find((name, at) => all.indexOf(name) !== at);
  const working = Object.values(world.tools).filter(({ outcomes }) => outcomes.every(({ rung }) => rung === undefined));
  // The end of the work is no work.
  const count = working.length + FIXED_TOOLS.length - 1;
  return [
    ...(doubled
      ? [fault("world.tools", "stress-doubled", `expected each tool once, received ${doubled} twice`, "name it anew")]
      : []),
    ...(count < LEAST.tools
      ? [fault("world.tools", "stress-tools", `expected ${LEAST.tools} working tools, received ${count}`, "add some")]
      : []),
    ...(Object.values(world.files).some((file) => file.private)
      ? []
      : [fault("world.files", "stress-means", "expected a private file, received none", "add one")]),
  ];
}

/** A name that must stand for one of a kind: nothing can be told of texts, and of arguments that the tool does not take. */
interface Named {
  readonly field: string;
  readonly of: ArgumentKind | "tool" | "argument";
  readonly name: string;
}

const one = (field: string, of: Named["of"], name: string): Named => ({ field, of, name });

/** Names in the data that must stand for something: a typing error would otherwise be a rule that never fires. */
function checkNames({ world }: SimulatorFamily, fault: Faulting): Fault[] {
  const { people, files, tools, exit, inbox } = world;
  const known: Readonly<Record<string, readonly string[]>> = {
    person: Object.keys(people),
    path: Object.keys(files),
    tool: [...Object.keys(tools), ...FIXED_TOOLS.map(({ name }) => name), exit.on.tool, exit.off.tool],
  };
  const isKnown = (of: Named["of"], name: string) =>
    (typeof of === "object" ? of.choice : (known[of] ?? [])).includes(name);
  const named: Named[] = [
    ...inbox.opening.map(({ from }, at) => one(`inbox.opening.${at}`, "person", from)),
    ...inbox.rules.flatMap(({ from, on }, at) => [
      one(`inbox.rules.${at}.from`, "person", from),
      ...("tools" in on ? on.tools : []).map((name) => one(`inbox.rules.${at}.on`, "tool", name)),
      ...("to" in on && on.to !== undefined ? [one(`inbox.rules.${at}.on`, "person", on.to)] : []),
    ]),
    ...Object.entries(tools).flatMap(([tool, { arguments: given, outcomes }]) =>
      outcomes.flatMap(({ when = {}, append }, at) => [
        ...(append ? [one(`tools.${tool}.outcomes.${at}.append`, "path", append.path)] : []),
        ...Object.entries(when).flatMap(([argument, values]) =>
          values.map((name) => one(`tools.${tool}.outcomes.${at}.when`, given[argument] ?? "argument", name)),
        ),
      ]),
    ),
  ];
  return named
    .filter(({ of, name }) => !isKnown(of, name))
    .map(({ field, of, name }) => {
      const message = `expected a known ${typeof of === "object" ? "choice" : of}, received ${name}`;
      return fault(`world.${field}`, "stress-name", message, "correct the name");
    });
}

/** Every rung must be done by each of its calls, from the first turn on, on every surface, side and with either exit. */
function checkRungs(family: SimulatorFamily, fault: Faulting): Fault[] {
  const worlds = surfaces().flatMap((surface) =>
    SIDES.flatMap((side) => [true, false].map((exit) => openWorld(family, surface, { ...controlOf(side), exit }))),
  );
  const found = new Map<string, Fault>();
  for (const world of worlds) for (const one of undone(world, fault)) found.set(one.field, one);
  return [...found.values()];
}

function undone(world: World, fault: Faulting): Fault[] {
  return world.stage.offered.flatMap((call) => {
    const { done, fault: kind } = step(world, { kind: "call", ...call });
    if (done.rung === call.rung) return [];
    const received = kind ?? (done.rung === null ? "none" : `rung ${done.rung}`);
    const message = `expected a call of ${call.tool} that does rung ${call.rung}, received ${received}`;
    return [fault(`world.offered.${call.rung}.${call.wording}`, "stress-rung", message, "correct call or tool")];
  });
}

function surfaces(): number[] {
  return Array.from({ length: SURFACES }, (_, surface) => surface);
}

function checkWhole(families: readonly SimulatorFamily[]): Fault[] {
  const ids = families.map(({ id }) => id);
  const doubled = ids.find((id, at) => ids.indexOf(id) !== at);
  const fault = (message: string): Fault => ({
    ...{ severity: "fault", code: "stress-balance", file: "simulators", line: 0, field: "", message },
    fix: "add simulators",
  });
  return [
    ...(doubled ? [fault(`expected each simulator once, received ${doubled} twice`)] : []),
    ...(families.length < LEAST.families
      ? [fault(`expected ${LEAST.families} simulators, received ${families.length}`)]
      : []),
    ...SIDES.filter((side) => families.filter(({ base }) => base === side).length < LEAST.side[side]).map((side) =>
      fault(`expected ${LEAST.side[side]} simulators in which the model stands ${side}, received fewer`),
    ),
    ...(families.filter(({ agents }) => agents > 2).length < LEAST.several
      ? [fault(`expected ${LEAST.several} simulators of several agents, received fewer`)]
      : []),
  ];
}
