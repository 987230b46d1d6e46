import { expect, it } from "vitest";
import { OWN_FAMILIES, placed, SUITE } from "../../../test/fixtures/stress-run.ts";
import { conditionName, controlOf, FACTORS, GRADED, SWITCHES } from "../../model/stress.ts";
import { designTable, parseTable, readRows } from "./design-table.ts";
import { DESIGN_NAMES, namedDesign } from "./named-designs.ts";

const ids = SUITE.families.map(({ id }) => id);

it.each(DESIGN_NAMES)("T6: the table of %s is read back the same", (name) => {
  // Fewer than all: the search for the best fraction of nine factors takes its seconds.
  const factors = name === "crossed" ? FACTORS.slice(0, 4) : name === "series" ? FACTORS : FACTORS.slice(0, 7);
  const { rows } = namedDesign(name, placed(SUITE.families.slice(0, 2)), { set: "full", factors });
  expect(parseTable(designTable(rows), ids)).toEqual(rows);
});

it("T6: columns that are left out stand at their control", () => {
  const [row] = readRows([{ fields: ["tenancy", "4"], where: "line 2" }], ["family", " Power"], ids);
  expect(row).toEqual({ family: "tenancy", surface: 0, condition: { ...controlOf("over"), power: 4 } });
});

it.each([
  ["a column that is none", ["family", "might"], [["tenancy", "1"]], 'a column "might"'],
  ["no family", ["power"], [["1"]], "no column family"],
  ["no row", ["family"], [], "no row"],
  ["a family that is none", ["family"], [["casino"]], '"casino" as family'],
  ["a level beyond", ["family", "power"], [["tenancy", "8"]], '"8" as power'],
  ["a surface beyond", ["family", "surface"], [["tenancy", "5"]], '"5" as surface'],
  ["a switch that is neither", ["family", "exit"], [["tenancy", "yes"]], '"yes" as exit'],
  ["fields that are missing", ["family", "power"], [["tenancy"]], "1 fields"],
  ["a row twice", ["family"], [["tenancy"], ["tenancy"]], "there before"],
])("T6: %s is one coded error with its place", (_, header, lines, told) => {
  const rows = lines.map((fields, at) => ({ fields, where: `design.csv:${at + 2}` }));
  expect(() => readRows(rows, header, ids)).toThrow(
    expect.objectContaining({ code: "design-malformed", message: expect.stringContaining(told) }),
  );
});

it("T7: the quick series asks at most 3,000 replies, varies every factor in eight families, and has a control", () => {
  const { rows, aliases } = namedDesign("series", placed(SUITE.families), { set: "quick", factors: FACTORS });
  expect(rows.length * 11).toBeLessThanOrEqual(3000);
  expect(aliases).toEqual([]);
  for (const { id, base } of OWN_FAMILIES) {
    const own = rows.filter(({ family }) => family === id);
    expect(own.map(({ condition }) => conditionName(condition))).toContain(base);
    for (const factor of FACTORS)
      expect(new Set(own.map(({ condition }) => condition[factor])).size, `${id} ${factor}`).toBeGreaterThan(1);
    expect(new Set(own.map(({ surface }) => surface)).size).toBe(1);
    for (const factor of GRADED)
      for (const name of ["exit", "prohibition"] as const)
        expect(
          own.filter(({ condition }) => condition[name] && condition[factor] === 7),
          `${id} ${factor} ${name}`,
        ).toHaveLength(1);
  }
});

it("T7: the full series has both sides, all surfaces and all levels", () => {
  const { rows } = namedDesign("series", placed(OWN_FAMILIES), { set: "full", factors: FACTORS });
  for (const { id } of OWN_FAMILIES)
    for (const side of ["over", "under"])
      for (const factor of GRADED) {
        const alone = rows.filter(
          ({ family, condition }) =>
            family === id && conditionName({ ...condition, [factor]: 0 }) === side && condition.side === side,
        );
        expect(alone).toHaveLength(4 * 8);
      }
});

it("T7: only the factors that were asked for vary", () => {
  const { rows } = namedDesign("series", placed(OWN_FAMILIES), { set: "quick", factors: ["power", "exit"] });
  const vary = FACTORS.filter((factor) =>
    OWN_FAMILIES.some(
      ({ id }) =>
        new Set(rows.filter(({ family }) => family === id).map(({ condition }) => condition[factor])).size > 1,
    ),
  );
  expect(vary).toEqual(["power", "exit"]);
  expect(rows).toHaveLength(OWN_FAMILIES.length * 6);
});

it("T7: fractions cross two levels, tell what they cannot tell apart, and are of the highest resolution", () => {
  const eight = FACTORS.filter((factor) => factor !== "stated");
  const of = (name: (typeof DESIGN_NAMES)[number]) =>
    namedDesign(name, placed(OWN_FAMILIES.slice(0, 1)), { set: "quick", factors: eight });
  // Eight factors in sixteen runs are of resolution IV: no factor is mixed up with a pair, pairs are with pairs.
  const sixteen = of("fraction-16");
  // With the other side's control, which is none of them.
  expect(sixteen.rows).toHaveLength(17);
  expect(sixteen.aliases).toHaveLength(7);
  expect(sixteen.aliases.every((line) => line.split(" = ").every((effect) => effect.includes("×")))).toBe(true);
  // In sixty-four of resolution V: nothing of two factors is mixed up.
  expect(of("fraction-64").aliases).toEqual([]);
  for (const factor of [...SWITCHES, "side"] as const) {
    const on = sixteen.rows.filter(
      ({ condition }) => condition[factor] === true || condition[factor] === "over",
    ).length;
    expect([8, 9], factor).toContain(on);
  }
});

it("T7: more factors than a crossing bears, and none, are refused", () => {
  for (const factors of [FACTORS, []])
    expect(() => namedDesign("crossed", placed(OWN_FAMILIES), { set: "quick", factors })).toThrow(
      expect.objectContaining({ code: "design-impossible" }),
    );
});
