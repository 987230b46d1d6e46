import type { AgreementReport, DimensionAgreement, PairAgreement } from "../../model/agreement-report.ts";
import type { Estimate } from "../../model/profile.ts";
import { numberText } from "../report/number-text.ts";

/** The report for a terminal: coders, coefficients, pairs, errors, dimension by dimension. */
export function agreementText({ dimensions }: AgreementReport): string {
  return dimensions.map(dimensionText).join("\n\n");
}

function dimensionText(one: DimensionAgreement): string {
  const title = one.dimension === "" ? "Agreement" : `Agreement on ${one.dimension}`;
  const head = `${title}: ${one.units} units, ${one.coders.length} coders, ${one.categories.length} categories (${one.scale})`;
  const blocks = [
    [head, ...one.coders.map(coderLine)],
    one.coefficients.map(({ name, coefficient }) => line(name, coefficient)),
    [
      "Each category against the rest, nominal α",
      ...one.byCategory.map(({ category, alpha }) => line(`  ${category}`, alpha)),
    ],
    ...one.pairs.map((pair) => pairLines(pair, one.categories)),
    ...(one.errors ? [errorLines(one.errors)] : []),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function coderLine({ coder, scored, of, cannotTell, notCodable }: DimensionAgreement["coders"][number]): string {
  const untold = cannotTell === 0 ? "" : `, of ${cannotTell} they cannot tell`;
  const unread = notCodable === 0 ? "" : `, ${notCodable} they could not read`;
  return `  ${coder.slice(0, 40)}: scored ${scored} of ${of}${untold}${unread}`;
}

/** The method is told where it says why there is no interval. */
function line(name: string, estimate: Estimate): string {
  const { value, low, high, n, missing, method } = estimate;
  const bare = low === null || high === null;
  const interval = bare ? "" : ` [${numberText(low, "coefficient")}, ${numberText(high, "coefficient")}]`;
  const lost = missing === 0 ? "" : `, missing ${missing}`;
  return `${name.slice(0, 44).padEnd(28)} ${numberText(value, "coefficient")}${interval}  n ${n}${lost}${bare ? `; ${method}` : ""}`;
}

function pairLines(pair: PairAgreement, categories: readonly string[]): string[] {
  const { observed, coders } = pair;
  const percent = (value: number) => numberText(value, "share");
  const alike = observed.value === null ? "no unit in common" : `agree on ${percent(observed.value)}`;
  const bounds =
    observed.missing === 0
      ? ""
      : `; between ${percent(observed.low)} and ${percent(observed.high)} whatever the missing codes would be`;
  return [
    `${coders.map((coder) => coder.slice(0, 40)).join(" and ")}: both scored ${observed.n} of ${observed.n + observed.missing}, ${alike}${bounds}`,
    line("  κ", pair.kappa),
    ...(pair.weightedKappa ? [line("  κ, squared weights", pair.weightedKappa)] : []),
    ...pair.byCategory.map(({ category, kappa }) => line(`  κ of ${category}`, kappa)),
    ...confusionLines(pair, categories),
  ];
}

const WIDEST = 12;

function confusionLines({ confusion, coders }: PairAgreement, categories: readonly string[]): string[] {
  if (categories.length > WIDEST) return [`  confusions of ${categories.length} categories: --json`];
  const width = Math.max(5, ...categories.map((name) => Math.min(10, name.length) + 1));
  const cell = (text: string) => text.slice(0, 10).padStart(width);
  return [
    `  rows ${coders[0].slice(0, 30)}, columns ${coders[1].slice(0, 30)}`,
    `  ${cell("")}${categories.map(cell).join("")}`,
    ...confusion.map(
      (row, place) => `  ${cell(categories[place] as string)}${row.map((count) => cell(String(count))).join("")}`,
    ),
  ];
}

function errorLines({
  gold,
  judges,
  correlations,
  effectiveJudges,
}: NonNullable<DimensionAgreement["errors"]>): string[] {
  const { value, judges: count, remark } = effectiveJudges;
  const told = value === null ? "not known" : value.toFixed(2);
  return [
    `Errors against ${gold.slice(0, 40)}`,
    ...judges.map(
      ({ coder, family, errors, n }) =>
        `  ${coder.slice(0, 40)} (family ${family.slice(0, 40)}): wrong on ${errors} of ${n}`,
    ),
    ...correlations.map(({ coders, sameFamily, correlation }) =>
      line(`  ${coders.join(" with ").slice(0, 36)}${sameFamily ? " (one family)" : ""}`, correlation),
    ),
    `Effective number of independent judges: ${told} of ${count} (${remark})`,
  ];
}
