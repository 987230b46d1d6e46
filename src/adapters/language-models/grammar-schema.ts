import type { Llama } from "node-llama-cpp";

type GrammarSchema = Parameters<Llama["createGrammarForJsonSchema"]>[0];

/**
 * A JSON schema in the dialect that node-llama-cpp's grammars know: `anyOf` is called `oneOf` there, and what a grammar
 * cannot bind (`$schema`, `default`, patterns, bounds of numbers) is left out, so that the grammar admits a superset.
 * Undefined where a part has no counterpart.
 */
export function grammarSchema(schema: unknown): GrammarSchema | undefined {
  const bound = bind(schema);
  return bound === undefined ? undefined : (bound as GrammarSchema);
}

const KEPT = ["type", "enum", "const", "minLength", "maxLength", "minItems", "maxItems", "required"] as const;
const BOUND = ["items", "additionalProperties"] as const;

function bind(schema: unknown): Record<string, unknown> | undefined {
  if (!isRecord(schema) || "$ref" in schema || "allOf" in schema || "not" in schema) return undefined;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return bindAll(alternatives);
  const bound: Record<string, unknown> = {};
  for (const key of KEPT) if (key in schema) bound[key] = schema[key];
  for (const key of BOUND) {
    const part = typeof schema[key] === "boolean" ? schema[key] : key in schema ? bind(schema[key]) : null;
    if (part === undefined) return undefined;
    if (part !== null) bound[key] = part;
  }
  const properties = bindProperties(schema.properties);
  if (properties === undefined) return undefined;
  const known = "type" in bound || "enum" in bound || "const" in bound;
  return known ? { ...bound, ...properties } : undefined;
}

function bindAll(alternatives: readonly unknown[]): Record<string, unknown> | undefined {
  const oneOf = alternatives.map(bind);
  return oneOf.includes(undefined) ? undefined : { oneOf };
}

function bindProperties(properties: unknown): Record<string, unknown> | undefined {
  if (!isRecord(properties)) return {};
  const bound = Object.entries(properties).map(([name, part]) => [name, bind(part)] as const);
  return bound.some(([, part]) => part === undefined) ? undefined : { properties: Object.fromEntries(bound) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
