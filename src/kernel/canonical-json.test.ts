import fc from "fast-check";
import { expect, it } from "vitest";
import reference from "../../test/peers/kernel-reference.json" with { type: "json" };
import { canonicalJson, sha256Hex } from "./canonical-json.ts";

it("E14: canonical JSON and its hash equal those of an independent RFC 8785 program", () => {
  for (const { json, canonical, sha256 } of reference.canonicalJson) {
    expect(canonicalJson(JSON.parse(json))).toBe(canonical);
    expect(sha256Hex(canonical)).toBe(sha256);
  }
});

it("E14: SHA-256 of abc, of nothing, and of bytes", () => {
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256Hex(new TextEncoder().encode("é"))).toBe(sha256Hex("é"));
});

it("E15: every JSON value survives, and the order of keys makes no difference", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 3 }), (value) => {
      // JSON has no −0.
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
    { seed: 1 },
  );
  expect(canonicalJson({ b: -0, a: 1 })).toBe(canonicalJson(JSON.parse('{"a":1,"b":0}')));
  expect(canonicalJson(JSON.parse('{"__proto__":1,"toJSON":2}'))).toBe('{"__proto__":1,"toJSON":2}');
  const shared = [1];
  expect(canonicalJson({ a: shared, b: shared })).toBe('{"a":[1],"b":[1]}');
});

it("E15: what JSON would drop or change is refused by place", () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  const refused: [unknown, string][] = [
    [undefined, "undefined at $"],
    [{ a: [1, { b: undefined }] }, "undefined at $.a[1].b"],
    [[Number.NaN], "NaN at $[0]"],
    [{ a: Number.POSITIVE_INFINITY }, "Infinity at $.a"],
    [new Array(1), "undefined at $[0]"],
    [1n, "a bigint at $"],
    [() => 1, "a function at $"],
    [{ a: Symbol("a") }, "a symbol at $.a"],
    [{ [Symbol("a")]: 1 }, "an object of kind Object at $"],
    [{ toJSON: () => 1 }, "a function at $.toJSON"],
    [new Date(0), "an object of kind Date at $"],
    [new Map(), "an object of kind Map at $"],
    ["\ud800", "half a surrogate pair at $"],
    [{ "\udc00": 1 }, "half a surrogate pair at $"],
    [cycle, "a cycle at $.self"],
    [JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`), "nesting deeper than 500"],
  ];
  for (const [value, reason] of refused) {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson(value)).toThrow(reason);
  }
});
