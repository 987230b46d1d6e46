/**
 * A JSON value of a text in which no object names a key twice; throws SyntaxError otherwise. Of doubled keys
 * `JSON.parse` silently keeps the last, so two readers of one signed text could see two different things.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const doubled = findDoubledKey(text);
  if (doubled !== null)
    throw new SyntaxError(`expected each key once, received ${JSON.stringify(doubled)} twice in one object`);
  return value;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Invariant: `text` is valid JSON, so a string is a key exactly when a colon follows it. */
function findDoubledKey(text: string): string | null {
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = JSON.parse(last) as string;
      const seen = open.at(-1);
      if (seen?.has(key)) return key.slice(0, 80);
      seen?.add(key);
    }
    last = token;
  }
  return null;
}
