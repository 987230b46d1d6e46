/** A key that stands twice in one object. */
export class DuplicateKey extends SyntaxError {
  readonly key: string;

  constructor(key: string) {
    super(`expected each key once, received ${JSON.stringify(key.slice(0, 80))} twice in one object`);
    this.key = key;
  }
}

/**
 * A JSON value of a text in which no object names a key twice; throws `DuplicateKey` where one does, another SyntaxError
 * where the text is no JSON. Linear in the text's length. Of doubled keys
 * `JSON.parse` silently keeps the last, so two readers of one signed text could see two different things.
 */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  refuseDoubledKeys(text);
  return value;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:,]/g;

/** Invariant: `text` is valid JSON, so a string is a key exactly when a colon follows it. */
function refuseDoubledKeys(text: string): void {
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = JSON.parse(last) as string;
      const seen = open.at(-1);
      if (seen?.has(key)) throw new DuplicateKey(key);
      seen?.add(key);
    }
    last = token;
  }
}
