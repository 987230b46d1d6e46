import { readFile } from "node:fs/promises";
import type { Command, Option } from "commander";
import { parse } from "yaml";
import { DashpotError } from "../model/error.ts";

/**
 * Options of a YAML file under those of the command line, as the command line would give them: `seed: 3`, `json: true`,
 * `acts: false` or `no-acts: true`, `max: [LIMIT, LIMIT]`.
 *
 * Errors: `config-unreadable`, `config-option-unknown`, `config-option-invalid`.
 */
export async function withConfig(path: string, command: Command): Promise<Record<string, unknown>> {
  const stored = await readConfig(path);
  const options: Record<string, unknown> = { ...command.opts() };
  for (const [name, value] of Object.entries(stored)) {
    const known = command.options.find((option) => option.long === `--${name}` || option.long === `--no-${name}`);
    if (!known || name === "config") throw unknownOption(name, command, path);
    const key = known.attributeName();
    if (command.getOptionValueSource(key) === "cli") continue;
    options[key] = optionValue(known, name, value, path);
  }
  return options;
}

function optionValue(option: Option, name: string, value: unknown, path: string): unknown {
  if (option.isBoolean() || option.negate) {
    if (typeof value !== "boolean") throw invalid(name, "true or false", path);
    return option.negate && option.long === `--${name}` ? !value : value;
  }
  const many = option.parseArg !== undefined && Array.isArray(value);
  const texts = (many ? value : [value]).map((one) => (typeof one === "number" ? String(one) : one));
  if (!texts.every((text) => typeof text === "string")) throw invalid(name, "a text or a number", path);
  return many ? texts : texts[0];
}

async function readConfig(path: string): Promise<Record<string, unknown>> {
  const value = await readYaml(path);
  if (value !== null && typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DashpotError(
    "config-unreadable",
    `expected a mapping of options, received another value, at ${path}`,
    "write one `option: value` a line",
  );
}

async function readYaml(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, "utf8"), { logLevel: "error" });
  } catch (cause) {
    throw new DashpotError(
      "config-unreadable",
      `expected a YAML file of options, received none that can be read, at ${path}`,
      "name a readable file",
      { cause },
    );
  }
}

function unknownOption(name: string, command: Command, path: string): DashpotError {
  return new DashpotError(
    "config-option-unknown",
    `expected options of ${command.name()}, received ${JSON.stringify(name.slice(0, 60))}, in ${path}`,
    `see dashpot ${command.name()} --help`,
  );
}

function invalid(name: string, expected: string, path: string): DashpotError {
  return new DashpotError(
    "config-option-invalid",
    `expected ${expected} for ${name}, received another value, in ${path}`,
    `correct ${name}`,
  );
}
