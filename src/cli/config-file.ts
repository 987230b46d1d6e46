import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { parse } from "yaml";
import { DashpotError } from "../model/error.ts";

/** Options of a YAML file under those of the command line. Errors: `config-unreadable`, `config-option-unknown`. */
export async function withConfig(path: string, command: Command): Promise<Record<string, unknown>> {
  const stored = await readConfig(path);
  const options: Record<string, unknown> = { ...command.opts() };
  for (const [name, value] of Object.entries(stored)) {
    const known = command.options.find((option) => option.long === `--${name}` || option.long === `--no-${name}`);
    if (!known || name === "config") {
      throw new DashpotError("config-option-unknown", `expected options of ${command.name()}, received ${JSON.stringify(name)}, in ${path}`, `see dashpot ${command.name()} --help`);
    }
    const key = known.attributeName();
    if (command.getOptionValueSource(key) === "cli") continue;
    options[key] = typeof value === "number" ? String(value) : value;
  }
  return options;
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  try {
    const value: unknown = parse(await readFile(path, "utf8"));
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new DashpotError("config-unreadable", `expected a YAML file of options, received none that can be read, at ${path}`, "name a readable file", { cause });
  }
  throw new DashpotError("config-unreadable", `expected a mapping of options, received another value, at ${path}`, "write one `option: value` a line");
}
