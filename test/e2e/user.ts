import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { main } from "../../src/cli/main.ts";
import { type CommandEnd, type RunningCommand, runCommand } from "../house/run-command.ts";
import { ROOT } from "../house/temporary-folder.ts";

// Each command is a process that loads all of the program; on a busy machine several of them take their time.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const ENTRY = join(ROOT, "bin", "dashpot.js");

export interface RunOptions {
  /** Beside PATH, HOME, TMPDIR and DASHPOT_HOME, which are the user's own; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly during?: (running: RunningCommand) => void;
  /** Options of Node itself. */
  readonly node?: readonly string[];
}

/** Somebody who types `dashpot …`, with a home, a working folder and nothing else. */
export interface User {
  readonly folder: string;
  /** A path in the user's working folder. */
  path(...parts: string[]): string;
  dashpot(parameters: readonly string[], options?: RunOptions): Promise<CommandEnd>;
  /** The same in this process, which is quicker; `@` before a parameter stands for the working folder. */
  inProcess(parameters: readonly string[], env?: RunOptions["env"]): Promise<CommandEnd>;
  leave(): void;
}

/** A user with folders `home`, `dashpot` (DASHPOT_HOME), `tmp` and `work`, where commands run. */
export function openUser(): User {
  const folder = mkdtempSync(join(tmpdir(), "dashpot-user-"));
  for (const name of ["home", "tmp", "work"]) mkdirSync(join(folder, name));
  const own = {
    // Node finds what it needs for itself; of the machine's variables only PATH is the user's.
    PATH: process.env.PATH,
    HOME: join(folder, "home"),
    TMPDIR: join(folder, "tmp"),
    DASHPOT_HOME: join(folder, "dashpot"),
    // Of the tests, so that not every user's first command is compiled anew.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
  };
  return {
    folder,
    path: (...parts) => join(folder, "work", ...parts),
    dashpot: (parameters, { env = {}, during, node = [] } = {}) =>
      runCommand(process.execPath, [...node, ENTRY, ...parameters], {
        cwd: join(folder, "work"),
        env: { ...own, ...env },
        ...(during ? { during } : {}),
      }),
    inProcess: (parameters, env = {}) => {
      const at = (one: string) => (one.startsWith("@") ? join(folder, "work", one.slice(1)) : one);
      return inProcess(parameters.map(at), { ...own, ...env });
    },
    leave: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const KEYS = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"];

async function inProcess(parameters: readonly string[], env: NonNullable<RunOptions["env"]>): Promise<CommandEnd> {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  for (const name of KEYS) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    return { code: await main(parameters), signal: null, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}

/** The one JSON document that standard output is; throws where it is none or more than one. */
export function documentOf({ stdout }: CommandEnd): unknown {
  return JSON.parse(stdout) as unknown;
}

/** Paths of all files under a folder, relative to it, in order; none where it does not exist. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** Files under a folder that hold a text, in whatever encoding a database or a page keeps ASCII. */
export function filesHolding(folder: string, text: string): string[] {
  return filesUnder(folder).filter((name) => readFileSync(join(folder, name)).includes(text));
}
