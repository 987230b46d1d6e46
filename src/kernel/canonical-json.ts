import { hash } from "node:crypto";
import canonicalize from "canonicalize";

/** Both walks recurse, and a text of brackets from outside must not exhaust the stack. */
const DEEPEST = 500;

/**
 * The one JSON text of a value by RFC 8785: keys sorted, shortest numbers, no spaces.
 *
 * Throws TypeError, naming the place, for what JSON would drop or change without a word: undefined (also as a property
 * or in an array), NaN, ±∞, BigInt, functions, symbols, a text with half a surrogate pair, a cycle, nesting deeper than
 * 500, and every object that is neither a plain one nor an array (a Date or a Map, say). −0 becomes 0, as the RFC has it.
 *
 * @example canonicalJson({ b: 1, a: [1e21, "é"] }) // {"a":[1e+21,"é"],"b":1}
 */
export function canonicalJson(value: unknown): string {
  requireJson(value, "$", []);
  return canonicalize(value) as string;
}

/** SHA-256, 64 lower-case hexadecimal digits; of the UTF-8 bytes of a text. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash("sha256", data);
}

function requireJson(value: unknown, path: string, above: readonly object[]): void {
  if (value === null || typeof value === "boolean" || isText(value) || Number.isFinite(value)) return;
  if (typeof value !== "object" || !isPlain(value)) throw refusal(describe(value), path);
  if (above.includes(value)) throw refusal("a cycle", path);
  if (above.length === DEEPEST) throw refusal(`nesting deeper than ${DEEPEST}`, path.slice(0, 40));
  const inside = [...above, value];
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) requireJson(item, `${path}[${index}]`, inside);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (!key.isWellFormed()) throw refusal("a key with half a surrogate pair", path);
    requireJson(item, `${path}.${key}`, inside);
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed();
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = Array.isArray(value) || prototype === null || prototype === Object.prototype;
  return plain && Object.getOwnPropertySymbols(value).length === 0;
}

function describe(value: unknown): string {
  if (typeof value === "string") return "a text with half a surrogate pair";
  if (typeof value === "number" || value === undefined) return String(value);
  if (typeof value === "object" && value !== null) return `an object of kind ${value.constructor?.name ?? "unknown"}`;
  return `a ${typeof value}`;
}

function refusal(received: string, path: string): TypeError {
  return new TypeError(`expected a JSON value, received ${received} at ${path}`);
}
