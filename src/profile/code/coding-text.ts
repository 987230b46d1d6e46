import { RUNG_NAMES, RUNGS } from "../../model/coding.ts";
import type { Calibrated, CoderAnswered, CodingSummary } from "../../model/coding-summary.ts";
import { countText, numberText } from "../report/number-text.ts";

/** What was coded, for a terminal: how many texts, each coder's codes, what was left out. */
export function codingText({ texts, dyads, acts, malformed, apart, coders }: CodingSummary): string {
  const things = [
    texts > 0 ? counted(texts, "text") : "",
    dyads > 0 ? `${counted(dyads, "dyad")} of ${counted(acts, "act")}` : "",
  ];
  const blocks = [
    [`Coded: ${things.filter(Boolean).join(" and ") || "nothing"}`, ...leftOut(malformed, apart)],
    ...coders.flatMap(({ coder, by, codes, answered, calibrated }) => {
      const told = Object.entries(codes).flatMap(([dimension, values]) => dimensionLines(dimension, values));
      const asked = answered ? answeredLines(answered) : [];
      const trusted = calibrated === undefined ? [] : trustLines(calibrated);
      return told.length === 0 ? [] : [[`${coder} (${by})`, ...asked, ...told, ...trusted]];
    }),
    ...familyLines(coders),
  ];
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}

function counted(count: number, thing: string): string {
  return `${countText(count)} ${thing}${count === 1 ? "" : "s"}`;
}

function leftOut(malformed: CodingSummary["malformed"], apart: CodingSummary["apart"]): string[] {
  return [
    ...Object.entries(apart).map(([what, n]) => `  left out: ${countText(n)} ${what}`),
    ...(malformed.n === 0
      ? []
      : [`  skipped: ${counted(malformed.n, "malformed record")}, the first ${malformed.first[0]}`]),
  ];
}

/** Who is behind a coder, how many texts it scored of how many, and why not the others. */
function answeredLines({
  model,
  family,
  texts,
  scored,
  notCodable,
  silences,
  down,
  ...spent
}: CoderAnswered): string[] {
  const why = Object.entries({ "not codable": notCodable, ...silences }).filter(([, n]) => n > 0);
  const missing = why.length === 0 ? "" : `; ${why.map(([name, n]) => `${name} ${countText(n)}`).join(", ")}`;
  const { calls, promptTokens, completionTokens, cost } = spent;
  const money = cost === null ? "" : `, cost ${cost.toFixed(2)}`;
  return [
    `  ${model}, family ${family}: scored ${countText(scored)} of ${countText(texts)}${missing}`,
    `  answers kept: ${countText(calls)}, of ${countText(promptTokens)} prompt and ${countText(completionTokens)} answer tokens${money}`,
    ...(down === null ? [] : [`  not asked any more: ${down}`]),
  ];
}

/** Judges of one family may agree for the same wrong reason (K5). */
function familyLines(coders: CodingSummary["coders"]): string[][] {
  const judges = coders.flatMap(({ coder, answered }) => (answered ? [{ coder, family: answered.family }] : []));
  const doubled = [...Map.groupBy(judges, ({ family }) => family)].filter(([, of]) => of.length > 1);
  return doubled.map(([family, of]) => [
    `Of one family (${family}), which counts as one judge: ${of.map(({ coder }) => coder).join(", ")}`,
  ]);
}

/** In which dimensions a coder has been shown to agree with people or their like at all (K26). */
function trustLines(calibrated: Calibrated | null): string[] {
  if (calibrated === null) return ["  never measured for this model: no dimension may be used in a finding"];
  return Object.entries(calibrated).map(([dimension, { kappa, low, high, n, finding }]) => {
    const told = kappa === null ? "κ not defined" : `κ ${signed(kappa)} [${signed(low)}, ${signed(high)}], n ${n}`;
    return `  ${dimension.padEnd(12)} ${told}: ${finding ? "may be used in a finding" : "must not be used in a finding"}`;
  });
}

function signed(value: number | null): string {
  return numberText(value, "coefficient");
}

function dimensionLines(dimension: string, values: Readonly<Record<string, number>>): string[] {
  const total = Object.values(values).reduce((sum, n) => sum + n, 0);
  if (dimension !== "severity") {
    const parts = Object.entries(values).map(([value, n]) => `${value} ${countText(n)}`);
    return [`  ${dimension.padEnd(12)} ${parts.join(", ")}`];
  }
  const rungs = RUNGS.flatMap((rung) => {
    const n = values[rung] ?? 0;
    return n === 0 ? [] : [`    ${String(rung).padStart(2)}  ${RUNG_NAMES[rung].padEnd(38)} ${shareLine(n, total)}`];
  });
  const others = Object.entries(values).filter(([value]) => !/^\d+$/.test(value));
  return ["  severity", ...rungs, ...others.map(([value, n]) => `        ${value.padEnd(38)} ${shareLine(n, total)}`)];
}

function shareLine(n: number, total: number): string {
  return `${countText(n).padStart(9)}  ${((100 * n) / total).toFixed(1).padStart(5)} %`;
}
