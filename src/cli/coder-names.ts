import { CODERS, type CoderName } from "../adapters/code-transcripts.ts";
import type { ModelCoderSpec } from "../adapters/model-coder.ts";
import { DashpotError } from "../model/error.ts";
import { oneOf } from "./terminal.ts";

/** Coders as the user named them, each once. */
export interface CoderNames {
  readonly own: readonly CoderName[];
  readonly human: boolean;
  readonly models: readonly ModelCoderSpec[];
}

/** What `likelihood` alone stands for. */
const DEFAULT_MODEL = "embedded:smollm2-135m";
/** Between two coders; a comma in the name of a model's file divides nothing. */
const BETWEEN = /,\s*(?=rules|flux|human|likelihood|judge:)/;

/**
 * Coders of `--coder`, given once or several times, with commas between. A model's server may stand behind it:
 * `judge:openai:NAME@http://localhost:8000/v1`; `baseUrl` is for those without one. Errors: `option-invalid`.
 */
export function readCoderNames(given: readonly string[], baseUrl: string | undefined): CoderNames {
  const names = [...new Set(given.flatMap((list) => list.split(BETWEEN)).map((name) => name.trim()))];
  const models = names.flatMap((name) => modelCoder(name, baseUrl) ?? []);
  const others = names.filter((name) => modelCoder(name, baseUrl) === null);
  const own = others.filter((name) => name !== "human").map(oneOf("--coder", CODERS));
  if (baseUrl !== undefined && !models.some((one) => one.baseUrl === baseUrl)) throw unusedAddress();
  return { own, human: others.includes("human"), models: toldApart(models) };
}

const SERVED = /^(openai|anthropic|google):/;

function modelCoder(name: string, baseUrl: string | undefined): ModelCoderSpec | null {
  const [, coder, rest] = /^(judge|likelihood)(?::(.*))?$/s.exec(name) ?? [];
  if (coder !== "judge" && coder !== "likelihood") return null;
  const [, model = "", own] = /^(.*?)(?:@(https?:.*))?$/s.exec(rest ?? (coder === "judge" ? "" : DEFAULT_MODEL)) ?? [];
  if (!/^[a-z]+:./.test(model) || model.startsWith("policy:")) throw noModel(name);
  const address = own ?? (SERVED.test(model) ? baseUrl : undefined);
  const short = coder === "likelihood" && model === DEFAULT_MODEL ? coder : `${coder}:${model}`;
  return { coder, model, name: short, ...(address === undefined ? {} : { baseUrl: address }) };
}

/** Two of one name at several addresses are told apart by these. Error: `option-invalid` where they are one. */
function toldApart(models: readonly ModelCoderSpec[]): ModelCoderSpec[] {
  const named = models.map((one) => {
    const alike = models.filter(({ name }) => name === one.name).length > 1;
    return alike && one.baseUrl !== undefined ? { ...one, name: `${one.name}@${one.baseUrl}` } : one;
  });
  const doubled = named.find(({ name }, place) => named.findIndex((other) => other.name === name) !== place);
  if (doubled === undefined) return named;
  throw new DashpotError(
    "option-invalid",
    `expected each coder once, received ${doubled.name} twice, for --coder`,
    "leave one out, or give each an address of its own: judge:openai:NAME@URL",
  );
}

function noModel(name: string): DashpotError {
  return new DashpotError(
    "option-invalid",
    `expected a model such as judge:openai:NAME or likelihood:gguf:PATH, received ${JSON.stringify(name.slice(0, 80))}, for --coder`,
    "see what is usable here with: dashpot models",
  );
}

function unusedAddress(): DashpotError {
  return new DashpotError(
    "base-url-unused",
    "expected --base-url with a coder behind a server, received it with none",
    "leave --base-url out",
  );
}
