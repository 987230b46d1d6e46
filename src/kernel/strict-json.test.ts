import fc from "fast-check";
import { expect, it } from "vitest";
import { parseStrictJson } from "./strict-json.ts";

it("F6: a key that is doubled in one object is refused, however it is written", () => {
  expect(() => parseStrictJson('{"a":1,"a":2}')).toThrow(/"a" twice/);
  expect(() => parseStrictJson('{"a":1,"\\u0061":2}')).toThrow(/"a" twice/);
  expect(() => parseStrictJson('[{"x":{"b":[{"c":1}],"b":0}}]')).toThrow(/"b" twice/);
  expect(parseStrictJson('{"a":{"a":[{"a":1},{"a":"a\\":"}]}}')).toEqual({ a: { a: [{ a: 1 }, { a: 'a":' }] } });
});

it("F7: any text gives the value of JSON.parse or a SyntaxError", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
    }),
    { seed: 1, numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (text) => {
      try {
        parseStrictJson(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
    { seed: 2, numRuns: 500 },
  );
});
