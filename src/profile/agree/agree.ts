import { type CodePatterns, codePatterns, unorderedPatterns } from "../../kernel/code-patterns.ts";
import { gwetCoefficient } from "../../kernel/gwet.ts";
import { krippendorffAlpha, type Metric } from "../../kernel/krippendorff.ts";
import { pairKappa } from "../../kernel/pair-kappa.ts";
import { randomStream } from "../../kernel/random.ts";
import type { AgreementReport, DimensionAgreement, PairAgreement } from "../../model/agreement-report.ts";
import { type Categories, categoriesOf } from "./categories.ts";
import type { CodingTable } from "./coding-table.ts";
import { coefficientOf, type Draws } from "./coefficient.ts";
import { type ErrorOptions, errorsAgainst } from "./judge-errors.ts";

export interface AgreeOptions extends Draws, ErrorOptions {
  /** Categories in order, for names that have one; every value must be among them. */
  readonly order: readonly string[] | null;
}

type Codes = readonly (readonly (number | null)[])[];

export interface ReportOptions extends ErrorOptions, Pick<AgreeOptions, "order"> {
  readonly seed: number;
  readonly draws: number;
  /** Version of this program. */
  readonly dashpot: string;
}

/** How far coders agree, dimension by dimension, the same for the same seed (K2 to K6). */
export function reportAgreement(tables: readonly CodingTable[], options: ReportOptions): AgreementReport {
  const { dashpot, seed, draws } = options;
  const dimensions = tables.map((table) =>
    agreeOn(table, { ...options, stream: (...names) => randomStream(seed, "agree", table.dimension, ...names) }),
  );
  return { schema: "dashpot/agreement@1", dashpot, seed, draws, dimensions };
}

/** How far the coders of one dimension agree: coefficients, categories, pairs and errors (K2 to K6). */
export function agreeOn(table: CodingTable, options: AgreeOptions): DimensionAgreement {
  const categories = categoriesOf(table, options.order);
  const codes = table.codes.map((unit) => unit.map((value) => (value === null ? null : categories.placeOf(value))));
  return {
    dimension: table.dimension,
    scale: categories.scale,
    categories: [...categories.names],
    units: table.units.length,
    coders: table.coders.map((_, coder) => coderOf(table, codes, categories, coder)),
    coefficients: coefficientsOf(codes, categories, options),
    byCategory: categories.names.map((category, place) => ({
      category,
      alpha: alpha(unorderedPatterns(against(codes, place), 2), "nominal", [], options, `α of ${category}`),
    })),
    pairs: pairsOf(table, codes, categories, options),
    errors: options.gold === null ? null : errorsAgainst(table, codes, options),
  };
}

function coderOf(
  { coders, cannotTell, notCodable, units }: CodingTable,
  codes: Codes,
  { names }: Categories,
  coder: number,
): DimensionAgreement["coders"][number] {
  const given = codes.flatMap((unit) => unit[coder] ?? []);
  const missing = units.length - given.length;
  const shares = names.map((category, place) => {
    const own = given.filter((code) => code === place).length;
    const share = given.length === 0 ? null : own / given.length;
    return { category, share, low: own / units.length, high: (own + missing) / units.length };
  });
  return {
    coder: coders[coder] as string,
    scored: given.length,
    of: units.length,
    cannotTell: cannotTell[coder] as number,
    notCodable: notCodable[coder] as number,
    shares,
  };
}

function coefficientsOf(codes: Codes, categories: Categories, options: Draws): DimensionAgreement["coefficients"] {
  const { names, numbers, scale } = categories;
  const metrics: Metric[] = ["nominal"];
  if (scale !== "nominal") metrics.push("ordinal");
  if (scale === "numbers") metrics.push("interval");
  if (scale === "numbers" && numbers.every((value) => value >= 0)) metrics.push("ratio");
  const coded = unorderedPatterns(codes, names.length);
  const gwet = (values: readonly number[] | null, name: string) =>
    coefficientOf(coded, gwetCoefficient(coded, values), options.stream(name), options.draws);
  return [
    ...metrics.map((metric) => ({
      name: `Krippendorff's α, ${metric}` as const,
      coefficient: alpha(coded, metric, numbers, options, metric),
    })),
    { name: "Gwet's AC1", coefficient: gwet(null, "AC1") },
    ...(scale === "nominal" ? [] : [{ name: "Gwet's AC2, quadratic" as const, coefficient: gwet(numbers, "AC2") }]),
  ];
}

/** One category against the rest. */
function against(codes: Codes, place: number): Codes {
  return codes.map((unit) => unit.map((code) => (code === null ? null : Number(code === place))));
}

function alpha(
  coded: CodePatterns,
  metric: Metric,
  numbers: readonly number[],
  { stream, draws }: Draws,
  name: string,
) {
  return coefficientOf(coded, krippendorffAlpha(coded, metric, numbers), stream("α", name), draws);
}

function pairsOf(table: CodingTable, codes: Codes, categories: Categories, draws: Draws): PairAgreement[] {
  return table.coders.flatMap((first, one) =>
    table.coders.slice(one + 1).map((second, rest) => {
      const both = codes.map((unit) => [unit[one] ?? null, unit[one + 1 + rest] ?? null]);
      return pairOf([first, second], both, categories, draws);
    }),
  );
}

function pairOf(coders: readonly [string, string], both: Codes, categories: Categories, draws: Draws): PairAgreement {
  const { names, numbers, scale } = categories;
  const kappa = (coded: CodePatterns, values: readonly number[] | null, name: string) =>
    coefficientOf(coded, pairKappa(coded, [0, 1], values), draws.stream("κ", ...coders, name), draws.draws);
  const whole = codePatterns(both, names.length);
  return {
    coders: [...coders],
    observed: observedOf(both),
    kappa: kappa(whole, null, "plain"),
    weightedKappa: scale === "nominal" ? null : kappa(whole, numbers, "weighted"),
    byCategory: names.map((category, place) => ({
      category,
      kappa: kappa(codePatterns(against(both, place), 2), null, `category ${category}`),
    })),
    confusion: confusionOf(both, names.length),
  };
}

function observedOf(both: Codes): PairAgreement["observed"] {
  const coded = both.filter(([one, other]) => one !== null && other !== null);
  const agreed = coded.filter(([one, other]) => one === other).length;
  const missing = both.length - coded.length;
  return {
    value: coded.length === 0 ? null : agreed / coded.length,
    low: both.length === 0 ? 0 : agreed / both.length,
    high: both.length === 0 ? 1 : (agreed + missing) / both.length,
    n: coded.length,
    missing,
  };
}

function confusionOf(both: Codes, categories: number): number[][] {
  const counts = Array.from({ length: categories }, () => Array<number>(categories).fill(0));
  for (const [one, other] of both) {
    if (one === null || one === undefined || other === null || other === undefined) continue;
    const row = counts[one] as number[];
    row[other] = (row[other] as number) + 1;
  }
  return counts;
}
