import { RUNG_NAMES, RUNGS } from "../../model/coding.ts";
import type { CodingSummary } from "../../model/coding-summary.ts";
import { countText } from "../report/number-text.ts";

/** What was coded, for a terminal: how many texts, each coder's codes, what was left out. */
export function codingText({ texts, dyads, acts, malformed, apart, coders }: CodingSummary): string {
  const things = [
    texts > 0 ? counted(texts, "text") : "",
    dyads > 0 ? `${counted(dyads, "dyad")} of ${counted(acts, "act")}` : "",
  ];
  const blocks = [
    [`Coded: ${things.filter(Boolean).join(" and ") || "nothing"}`, ...leftOut(malformed, apart)],
    ...coders.flatMap(({ coder, by, codes }) => {
      const told = Object.entries(codes).flatMap(([dimension, values]) => dimensionLines(dimension, values));
      return told.length === 0 ? [] : [[`${coder} (${by})`, ...told]];
    }),
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
