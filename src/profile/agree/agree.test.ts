import { expect, it } from "vitest";
import reference from "../../../test/peers/agreement-reference.json" with { type: "json" };
import { expectAgreement } from "../../../test/peers/expect-agreement.ts";
import { randomStream } from "../../kernel/random.ts";
import { agreementReportSchema } from "../../model/agreement-report.ts";
import { type AgreeOptions, agreeOn } from "./agree.ts";
import { agreementText } from "./agreement-text.ts";
import { type CodeRow, codingTables } from "./coding-table.ts";

const OPTIONS: AgreeOptions = {
  gold: null,
  families: new Map(),
  order: null,
  draws: 200,
  stream: (...names) => randomStream(1, ...names),
};

/** Rows of coders, one text each, of values by unit. */
function rowsOf(coders: Readonly<Record<string, string>>, dimension = ""): CodeRow[] {
  return Object.entries(coders).flatMap(([coder, text]) =>
    text.split(" ").map((value, unit) => ({ unit: String(unit + 1), coder, value, dimension, line: unit + 2 })),
  );
}

function agreed(coders: Readonly<Record<string, string>>, options: Partial<AgreeOptions> = {}) {
  const [table] = codingTables(rowsOf(coders), "codes.csv");
  if (!table) throw new Error("expected a table");
  return agreeOn(table, { ...OPTIONS, ...options });
}

const KRIPPENDORFF = {
  A: "1 2 3 3 2 1 4 1 2 . . .",
  B: "1 2 3 3 2 2 4 1 2 5 NA 3",
  C: ". 3 3 3 2 3 4 2 2 5 1 cannot-tell",
  D: "1 2 3 3 2 4 4 1 2 5 1 .",
};

it("K2: Krippendorff's example gives his values", () => {
  const { coefficients, scale, categories } = agreed(KRIPPENDORFF);
  expect([scale, categories]).toEqual(["numbers", ["1", "2", "3", "4", "5"]]);
  const values = coefficients.map(({ coefficient }) => coefficient.value as number);
  expectAgreement(values.slice(0, 3), [0.743421052631579, 0.815387503754881, 0.849107142857143], { share: 1e-12 });
  expectAgreement(values.slice(4), [0.775444068126995, 0.914000723551605], { share: 1e-12 });
  expect(coefficients[0]?.coefficient).toMatchObject({
    n: 11,
    missing: 1,
    method: "percentiles of a bootstrap over units, 200 draws",
  });
});

it("K2: values are numbers by what they are, names by the order that is given, and names alone have no ordinal α", () => {
  expect(agreed({ A: "7 7.0 07", B: "7 8 7" }).categories).toEqual(["7", "8"]);
  const names = { A: "low low high", B: "low high high" };
  expect(agreed(names)).toMatchObject({ scale: "nominal", categories: ["low", "high"] });
  expect(agreed(names).coefficients.map(({ name }) => name)).toEqual(["Krippendorff's α, nominal", "Gwet's AC1"]);
  expect(agreed(names).pairs[0]?.weightedKappa).toBeNull();
  const ordered = agreed(names, { order: ["low", "middle", "high"] });
  expect(ordered).toMatchObject({ scale: "ordered", categories: ["low", "middle", "high"] });
  expect(ordered.coefficients.map(({ name }) => name)).toContain("Krippendorff's α, ordinal");
  expect(() => agreed(names, { order: ["low", "middle"] })).toThrow(/received "high"/);
});

it("K6: every coder and pair says how much it scored, with bounds whatever the missing codes would be", () => {
  const { coders, pairs } = agreed({ A: "x x y . cannot-tell", B: "x y y y ." });
  expect(coders[0]).toMatchObject({ coder: "A", scored: 3, of: 5, cannotTell: 1 });
  expect(coders[0]?.shares[0]).toEqual({ category: "x", share: 2 / 3, low: 2 / 5, high: 4 / 5 });
  expect(pairs[0]?.observed).toEqual({ value: 2 / 3, low: 2 / 5, high: 4 / 5, n: 3, missing: 2 });
});

it("K3: what is not defined, or certain by the data alone, says so and has no interval", () => {
  const alike = agreed({ A: "x y x y", B: "x y x y" });
  expect(alike.coefficients[0]?.coefficient).toMatchObject({ value: 1, low: null, high: null });
  expect(alike.coefficients[0]?.coefficient.method).toMatch(
    /all 4 units agree, and the share that would is at least 0\.40/,
  );
  const constant = agreed({ A: "x x x", B: "x x x" });
  expect(constant.coefficients[0]?.coefficient).toMatchObject({
    value: null,
    method: expect.stringContaining("chance"),
  });
  const apart = agreed({ A: "x x . .", B: ". . y y" });
  expect(apart.pairs[0]?.kappa).toMatchObject({ value: null, n: 0, missing: 4 });
  expect(agreed({ A: "x y" })).toMatchObject({ pairs: [], coders: [{ scored: 2 }] });
  expect(JSON.stringify([alike, constant, apart])).not.toMatch(/NaN|Infinity/);
});

it("K3: intervals hold the estimate and are the same for the same seed", () => {
  const codes = Object.fromEntries(
    reference.codes.map((row, coder) => [`c${coder}`, row.map((code) => code ?? ".").join(" ")]),
  );
  const once = agreed(codes);
  expect(agreed(codes)).toEqual(once);
  for (const { coefficient } of once.coefficients) {
    expect(coefficient.low).toBeLessThan(coefficient.value as number);
    expect(coefficient.high).toBeGreaterThan(coefficient.value as number);
  }
});

it("K4: categories against the rest, and confusions by category of the first (rows) and the second coder", () => {
  const { byCategory, pairs } = agreed({ A: "x x y y z", B: "x y y y x" });
  expect(byCategory.map(({ category }) => category)).toEqual(["x", "y", "z"]);
  expect(pairs[0]?.confusion).toEqual([
    [1, 1, 0],
    [0, 2, 0],
    [1, 0, 0],
  ]);
  // x against the rest: agreed on 3 of 5, expected (2·2 + 3·3)/25.
  expect(pairs[0]?.byCategory[0]?.kappa.value).toBeCloseTo((0.6 - 0.52) / 0.48, 12);
});

it("K5: judges that err on the same units count as little more than one, those of one family never as more", () => {
  const gold = "x x x x y y y y";
  const [same, other] = ["y y x x x y y y", "x x y y y y x y"];
  const errors = (coders: Readonly<Record<string, string>>, families: [string, string][] = []) =>
    agreed({ gold, ...coders }, { gold: "gold", families: new Map(families) }).errors;
  const alike = errors({ a: same, b: same });
  expect(alike?.judges).toEqual([
    { coder: "a", family: "a", errors: 3, n: 8 },
    { coder: "b", family: "b", errors: 3, n: 8 },
  ]);
  expect(alike?.correlations[0]?.correlation).toMatchObject({ value: 1, method: expect.stringContaining("same of 8") });
  expect(alike?.effectiveJudges).toMatchObject({ value: 1, judges: 2, families: 2 });
  const apart = errors({ a: same, b: other });
  expect(apart?.correlations[0]?.correlation.value).toBeLessThan(0.2);
  expect(apart?.effectiveJudges.value).toBeGreaterThan(1.6);
  const family = errors({ a: same, b: other }, [
    ["a", "llama"],
    ["b", "llama"],
  ]);
  expect(family?.effectiveJudges).toMatchObject({
    value: 1,
    families: 1,
    remark: expect.stringContaining("one family"),
  });
  const right = errors({ a: gold, b: gold });
  expect(right?.effectiveJudges).toMatchObject({ value: null });
  expect(right?.correlations[0]?.correlation.method).toMatch(/one of the two is right, or wrong, on every unit/);
  expect(() => agreed({ a: same }, { gold: "nobody" })).toThrow(/--gold/);
});

it("K1: dimensions are apart, in the order of the file; a second code of one coder for one unit is refused with both lines", () => {
  const rows = [...rowsOf({ A: "x y", B: "x y" }, "mode"), ...rowsOf({ A: "1 2", B: "2 2" }, "severity")];
  expect(codingTables(rows, "f").map(({ dimension, units }) => [dimension, units.length])).toEqual([
    ["mode", 2],
    ["severity", 2],
  ]);
  const again = { unit: "1", coder: "A", value: ".", dimension: "mode", line: 99 };
  expect(() => codingTables([...rows, again], "f")).toThrow(/f:99 \(the first at line 2\)/);
});

it("K3: the report is a record of its schema, and its text holds no NaN", () => {
  const dimensions = [agreed(KRIPPENDORFF, { gold: "D" }), agreed({ A: "x x", B: "x x" }), agreed({ A: "x" })];
  const report = { schema: "dashpot/agreement@1" as const, dashpot: "0.1.0", seed: 1, draws: 200, dimensions };
  expect(agreementReportSchema.parse(structuredClone(report))).toEqual(report);
  const text = agreementText(report);
  expect(text).toContain("Krippendorff's α, nominal    0.743");
  expect(text).toContain("C: scored 10 of 12, of 1 they cannot tell");
  expect(text).not.toMatch(/NaN|undefined|Infinity|-0\.000/);
});
