import fc from "fast-check";

/** Texts that parsers stumble over: controls, halves of characters, names of JavaScript's own, numbers at the edge. */
export const ODD_TEXTS = [
  "",
  " ",
  "\u0000",
  "\u001b[2J",
  "\u202e",
  "\ufeff",
  "\ud800",
  "e\u0301",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "NaN",
  "-Infinity",
  "1e999",
  "-0",
  "9007199254740993",
  "0x10",
  "1_000",
  "true",
  "{}",
  "[]",
  "../../etc/passwd",
  "<script>",
  "a".repeat(3000),
  "((".repeat(400),
  "\\".repeat(801),
] as const;

const oddValue = fc.constantFrom<unknown>(
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  1e308,
  -1e308,
  5e-324,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  ...ODD_TEXTS,
);

/** A JSON value that is likely to be wrong at its place. */
export const oddJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: oddValue },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.nat(400).map(nested) },
);

/** Brackets in brackets: a parser that calls itself once a level runs out of stack. */
function nested(depth: number): unknown {
  let value: unknown = depth;
  for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
}

interface Change {
  readonly at: number;
  readonly kind: "replace" | "drop" | "double" | "add" | "swap";
  readonly value: unknown;
  readonly key: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("replace", "replace", "replace", "drop", "double", "add", "swap"),
  value: oddJson,
  key: fc.constantFrom(...ODD_TEXTS, "a", "type", "id"),
});

/** One of the given JSON values, with a few of its parts replaced, dropped, doubled or added to. */
export function mutatedJson(bases: readonly unknown[], most = 3): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...bases), fc.array(change, { minLength: 0, maxLength: most }))
    .map(([base, changes]) => changes.reduce(changed, structuredClone(base)));
}

interface Place {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

const PLAIN = { value: Array, enumerable: false, configurable: true, writable: true } as const;

function changed(root: unknown, { at, kind, value, key }: Change): unknown {
  const places = placesIn(root);
  const place = places[at % (places.length + 1)];
  if (!place) return kind === "replace" ? structuredClone(value) : root;
  const parent = place.parent as Record<string, unknown>;
  const here = parent[place.key];
  if (kind === "replace") define(parent, place.key, value);
  if (kind === "drop")
    Array.isArray(place.parent)
      ? // Even where a change has put another `constructor` into the array.
        Array.prototype.splice.call(Object.defineProperty(place.parent, "constructor", PLAIN), Number(place.key), 1)
      : delete parent[place.key];
  if (kind === "double" && Array.isArray(place.parent)) place.parent.push(structuredClone(here));
  if (kind === "add" && typeof here === "object" && here !== null) define(here as Record<string, unknown>, key, value);
  if (kind === "swap") {
    const other = places[(at * 7 + 1) % places.length] as Place;
    define(parent, place.key, (other.parent as Record<string, unknown>)[other.key]);
  }
  return root;
}

/** A copy, for changes share their values; also where the key is `__proto__`, as JSON.parse does it. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, {
    value: structuredClone(value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** Every place below the root, without descending into what a change has nested deep. */
function placesIn(root: unknown): Place[] {
  const places: Place[] = [];
  const open: unknown[] = [root];
  while (open.length > 0 && places.length < 5000) {
    const parent = open.pop();
    if (typeof parent !== "object" || parent === null) continue;
    for (const key of Object.keys(parent)) {
      places.push({ parent: parent as Place["parent"], key });
      open.push((parent as Record<string, unknown>)[key]);
    }
  }
  return places;
}

/** Deeper than a stack: a parser that calls itself once a level does not come back. */
export const deepText = fc
  .tuple(fc.nat(200_000), fc.constantFrom(["[", "]"], ['{"a":', "}"]), fc.boolean())
  .map(
    ([depth, [open, close], whole]) =>
      (open as string).repeat(depth) + 0 + (whole ? (close as string).repeat(depth) : ""),
  );

/** JSON text of such a value, now and then damaged as text too. */
export function mutatedJsonText(bases: readonly unknown[], most = 3): fc.Arbitrary<string> {
  const whole = mutatedJson(bases, most).map((value) => JSON.stringify(value) ?? "");
  return fc.oneof(
    { weight: 400, arbitrary: whole },
    { weight: 1, arbitrary: deepText },
    { weight: 100, arbitrary: whole.chain((text) => mutatedText([text])) },
  );
}

interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly put: string;
}

/** One of the given texts with a few edits: cuts, insertions, repetitions, words of the dictionary. */
export function mutatedText(bases: readonly string[], dictionary: readonly string[] = []): fc.Arbitrary<string> {
  const edit: fc.Arbitrary<Edit> = fc.record({
    at: fc.nat(),
    drop: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60)),
    put: fc.oneof(
      fc.constant(""),
      fc.constantFrom(...ODD_TEXTS, ...dictionary),
      fc.string({ maxLength: 6, unit: "binary" }),
      fc.tuple(fc.string({ minLength: 1, maxLength: 2 }), fc.nat(200)).map(([text, times]) => text.repeat(times)),
    ),
  });
  const edited = fc
    .tuple(fc.constantFrom(...bases), fc.array(edit, { maxLength: 4 }))
    .map(([base, edits]) => edits.reduce(applied, base));
  return fc.oneof(
    { weight: 9, arbitrary: edited },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
  );
}

function applied(text: string, { at, drop, put }: Edit): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + put + text.slice(place + drop);
}

/** One of the given runs of bytes with a few bytes changed, cut out or put in. */
export function mutatedBytes(bases: readonly Uint8Array[], most = 6): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    at: fc.nat(),
    drop: fc.oneof(fc.constant(0), fc.constant(1), fc.nat(40)),
    put: fc.uint8Array({ maxLength: 8 }),
  });
  return fc.tuple(fc.constantFrom(...bases), fc.array(edit, { maxLength: most })).map(([base, edits]) =>
    edits.reduce<Uint8Array>((bytes, { at, drop, put }) => {
      const place = at % (bytes.length + 1);
      return Buffer.concat([bytes.subarray(0, place), put, bytes.subarray(place + drop)]);
    }, base),
  );
}

/** UTF-8 of a text in which JavaScript's half characters are kept as they are. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
