import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { DIMENSIONS, KINDS, RUNG_NAMES, RUNGS } from "../../src/model/coding.ts";
import { LABEL_NAMES, LABELS } from "../../src/model/label.ts";
import { ROOT } from "./temporary-folder.ts";

interface Codebook {
  readonly dimensions: Readonly<
    Record<
      string,
      {
        readonly question: string;
        readonly values: Readonly<Record<string, { readonly name: string; readonly means: string }>>;
      }
    >
  >;
}

const book = parse(readFileSync(join(ROOT, "instruments", "coding", "codebook.yaml"), "utf8")) as Codebook;
const guide = readFileSync(join(ROOT, "docs", "guide", "codebook.md"), "utf8");

it("K11: the codebook defines every value of every dimension, by the names that the programs use", () => {
  expect(Object.keys(book.dimensions).sort()).toEqual([...DIMENSIONS].sort());
  const names = (dimension: string) =>
    Object.entries(book.dimensions[dimension]?.values ?? {}).map(([value, { name }]) => [value, name]);
  expect(names("severity")).toEqual(RUNGS.map((rung) => [String(rung), RUNG_NAMES[rung]]));
  expect(names("mode")).toEqual(LABELS.map((label) => [label, LABEL_NAMES[label]]));
  expect(names("kind").map(([value]) => value)).toEqual([...KINDS]);
});

it("K11: the guide holds every definition word for word", () => {
  for (const { question, values } of Object.values(book.dimensions)) {
    expect(guide).toContain(question);
    for (const { means } of Object.values(values)) expect(guide).toContain(means);
  }
});

it("K11: the guide works at least forty examples, each with all codes that there are and a reason", () => {
  const rung = "(1?\\d|cannot-tell)";
  const answer = "(yes|no|cannot-tell)";
  const mode = `(${[...LABELS, "cannot-tell"].join("|")})`;
  const kind = `(${KINDS.join("|")}|kind cannot-tell)`;
  const codes = new RegExp(
    `^   severity ${rung}, mode ${mode}, refusal ${answer}, deception ${answer}, ${kind}\\. .{40,}$`,
  );
  const examples = guide.split(/^\d+\. > /m).slice(1);
  expect(examples.length).toBeGreaterThanOrEqual(40);
  for (const example of examples) expect(example.split("\n")[2]).toMatch(codes);
  for (const one of RUNGS) expect(guide).toMatch(new RegExp(`severity ${one}, mode`));
});
