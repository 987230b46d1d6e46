/** A key that stands twice in one object, of which JSON.parse would silently keep the last. */
export class DuplicateKey extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`key ${JSON.stringify(key.slice(0, 60))} twice`);
    this.key = key;
  }
}

/** As JSON.parse, but throws DuplicateKey where an object has a key twice. Linear in the text's length. */
export function parseStrictJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  refuseDuplicateKeys(text);
  return value;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** Walks text that is known to be valid JSON; a string is a key when a colon follows it. */
function refuseDuplicateKeys(text: string): void {
  const open: Set<string>[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = JSON.parse(last) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) throw new DuplicateKey(key);
      keys?.add(key);
    }
    last = token;
  }
}
