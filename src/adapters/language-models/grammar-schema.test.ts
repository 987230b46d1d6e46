import { expect, it } from "vitest";
import { z } from "zod";
import { actSchema } from "../../model/act.ts";
import { grammarSchema } from "./grammar-schema.ts";

it("L1: the schema of an act becomes one that a grammar can bind", () => {
  const text = { oneOf: [{ type: "string", maxLength: 200 }, { type: "null" }] };
  expect(grammarSchema(z.toJSONSchema(actSchema))).toEqual({
    type: "object",
    properties: {
      act: { type: "string", enum: ["give", "take", "do", "ask", "command", "refuse", "nothing"] },
      object: text,
      for: text,
    },
    required: ["act", "object", "for"],
    additionalProperties: false,
  });
});

it("L1: arrays, constants and nested objects are bound", () => {
  const schema = z.strictObject({ list: z.array(z.union([z.literal("a"), z.int()])).max(2), on: z.boolean() });
  expect(grammarSchema(z.toJSONSchema(schema))).toMatchObject({
    properties: {
      list: { type: "array", maxItems: 2, items: { oneOf: [{ type: "string", const: "a" }, { type: "integer" }] } },
      on: { type: "boolean" },
    },
  });
});

it("L1: a schema that no grammar can bind gives none", () => {
  for (const schema of [
    {},
    null,
    { $ref: "#/$defs/a" },
    { allOf: [{ type: "string" }] },
    { type: "object", properties: { a: { not: {} } } },
    { type: "array", items: {} },
    { anyOf: [{ type: "string" }, {}] },
  ]) {
    expect(grammarSchema(schema)).toBeUndefined();
  }
});
